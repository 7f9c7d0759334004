"""What a kustomization refers to, without building anything: its files, its folders, and the entries that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from weakref import WeakKeyDictionary

from gitops_lint.files import Files
from gitops_lint.merge.kustomize.kustomization import Kustomization, load
from gitops_lint.merge.kustomize.site import is_remote, joined
from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.node import Map, Seq, Value, item_location, key_location

_LISTS = ("resources", "bases", "components", "configurations", "crds", "generators", "transformers", "validators", "patchesStrategicMerge")
_PATHS = ("patches", "patchesJson6902", "replacements")
_GENERATORS = ("configMapGenerator", "secretGenerator")
_CHARTS = ("helmCharts", "helmChartInflationGenerator")


class Entry(NamedTuple):
    """A path that is written in a kustomization: the field, the text, what it means in the tree, and where it is written."""

    field: str
    text: str
    target: str
    path: str
    line: int


class Text(NamedTuple):
    """A path as it is written: the field, the text, the line."""

    field: str
    text: str
    line: int


class References(NamedTuple):
    """What the kustomization of one folder refers to. `missing` is in the tree by its spelling, and not there."""

    files: tuple[Entry, ...] = ()
    folders: tuple[Entry, ...] = ()
    missing: tuple[Entry, ...] = ()
    remote: tuple[Entry, ...] = ()
    path: str = ""  # the kustomization itself, where there is one that can be read


_known: WeakKeyDictionary[Files, dict[str, References]] = WeakKeyDictionary()  # a base is asked about by every overlay of it


def references(files: Files, folder: str) -> References:
    """The references of a folder's kustomization, in the order of the fields; none if there is no kustomization that can be read."""
    known = _known.setdefault(files, {})
    if folder not in known:
        known[folder] = _references(files, folder)
    return known[folder]


def _references(files: Files, folder: str) -> References:
    try:
        made = load(files, folder)
    except BuildError:
        return References()
    sorted_out: dict[str, list[Entry]] = {"files": [], "folders": [], "missing": [], "remote": []}
    for field, text, line in _written(made):
        kind, target = _kind(files, folder, text)
        sorted_out[kind].append(Entry(field, text, target, made.path, line))
        if field == "generators" and kind == "files":
            for inner in _in_generator(files, target):
                deeper, aim = _kind(files, folder, inner.text)
                sorted_out[deeper].append(Entry(field, inner.text, aim, target, inner.line))
    return References(**{kind: tuple(entries) for kind, entries in sorted_out.items()}, path=made.path)


def reach(files: Files, folder: str) -> tuple[str, ...]:
    """Every file that building a folder reads, its own kustomization and those of all folders below it, in the order they are met."""
    out: dict[str, None] = {}
    seen: set[str] = set()
    queue = [folder]
    for here in queue:  # grows on the way
        if here in seen:
            continue
        seen.add(here)
        found = references(files, here)
        if not found.path:
            continue
        out.setdefault(found.path)
        out.update(dict.fromkeys(entry.target for entry in found.files))
        queue.extend(entry.target for entry in found.folders)
    return tuple(out)


def _in_generator(files: Files, path: str) -> Iterator[Text]:
    """The files that a generator from outside is given: values of a chart, secrets to decrypt."""
    for root in files.document(path).roots:
        if isinstance(root.value, Map):
            yield from _single("generators", root.value, "valuesFile")
            for key in ("additionalValuesFiles", "files"):
                yield from _listed("generators", root.value.get(key))


def _kind(files: Files, folder: str, text: str) -> tuple[str, str]:
    try:
        target = joined(folder, text)
    except BuildError:
        return "remote" if is_remote(text) else "missing", text
    if target in files:
        return "files", target
    if files.under(target):
        return "folders", target
    return ("remote", text) if is_remote(text) else ("missing", target)


def _written(made: Kustomization) -> Iterator[Text]:
    """Every path that a kustomization holds."""
    for field in _LISTS:
        for text in _listed(field, made.get(field)):
            if "\n" not in text.text and not text.text.lstrip().startswith("{"):
                yield text
    for field in _PATHS:
        for item in _maps(made.get(field)):
            yield from _single(field, item, "path")
    for field in _GENERATORS:
        for item in _maps(made.get(field)):
            yield from _single(field, item, "env")
            yield from _listed(field, item.get("envs"))
            yield from (text._replace(text=text.text.rpartition("=")[2]) for text in _listed(field, item.get("files")))
    for field in _CHARTS:
        for item in _maps(made.get(field)):
            yield from _single(field, item, "valuesFile")
            yield from _listed(field, item.get("additionalValuesFiles"))


def _maps(value: Value) -> list[Map]:
    return [item for item in value if isinstance(item, Map)] if isinstance(value, Seq) else []


def _single(field: str, item: Map, key: str) -> Iterator[Text]:
    text = item.get(key)
    if isinstance(text, str) and text:
        yield Text(field, text, key_location(item, key).line)


def _listed(field: str, value: Value) -> Iterator[Text]:
    if isinstance(value, Seq):
        for index, text in enumerate(value):
            if isinstance(text, str) and text:
                yield Text(field, text, item_location(value, index).line)
