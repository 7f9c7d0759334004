"""What an Argo CD Application is called as an environment: its stage, the axes beside it, and the application that it is one of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from gitops_lint.discovery.applicationset import Declared, name
from gitops_lint.discovery.argocd_sources import Part
from gitops_lint.discovery.names import Mark, Names, is_region
from gitops_lint.discovery.templating import HOLE
from gitops_lint.discovery.templating_values import Known
from gitops_lint.node import Map

_STAGE = frozenset(("env", "environment", "stage", "envname", "environmentname", "envtype"))
_AXES = {"region": "region", "zone": "region", "cluster": "cluster", "clustername": "cluster", "tenant": "tenant", "customer": "tenant"}
_AXES |= {"ring": "ring", "namenormalized": "cluster", "name": "cluster"}
_LAST = re.compile(r"([A-Za-z_][\w-]*)[\"'`)\s]*\}\}$")
_EDGES = "-_./"
_LONGEST = 200  # characters of a hole that are looked at, from its end


class Identity(NamedTuple):
    """What an Application is among its siblings. `word` is the stage's name as the repository writes it, empty where there is none."""

    application: str
    name: str
    word: str
    axes: tuple[tuple[str, str], ...]


def identify(declared: Declared, part: Part, names: Names, *, alone: bool) -> Identity:
    """The identity of one source of an Application, the `alone` one with values or one of several."""
    about = dict(_facts(declared))
    stated = next((value for key, value in about.items() if _short(key) in _STAGE), "")
    mark = _last(stated, names) or _mark(declared, part, names)
    word = mark.word if mark else ""
    main = stated or word
    axes = dict(_axes(about, main))
    if stated and mark and not axes:
        rest = (stated[: mark.start] + stated[mark.end :]).strip(_EDGES)
        axes |= {"region" if is_region(rest) else "variant": rest} if rest else {}
    axes |= {} if main or axes else dict(_cluster(declared.application))
    label = "/".join([main, *(value for value in axes.values() if value.lower() not in main.lower())] if main else axes.values())
    last = part.folder.rpartition("/")[2]
    short = last if last in axes.get("cluster", "").split("-") else ""  # `infra`, of the cluster `moc-infra`
    called = _application(name(declared.application), [main, word, *axes.values(), short], mark, names)
    called = called or part.chart or part.folder.rpartition("/")[2] or declared.name
    if not alone and part.chart and part.chart not in called:
        called = f"{called}/{part.chart}"
    return Identity(called, label, word, tuple(sorted(axes.items())))


def contradicts(declared: Declared, names: Names) -> bool:
    """Whether what filled a hole names another stage than the one that the parameters state: a file of staging for clusters of prod."""
    stated = next((value for key, value in _params(declared) if _short(key) in _STAGE), "")
    stages = {mark.stage.name for mark in names.marks(stated)}
    filled = {mark.stage.name for value in declared.bound.values() for mark in names.marks(value)}
    return bool(stages) and bool(filled) and not stages & filled


def _facts(declared: Declared) -> Iterator[tuple[str, str]]:
    """The parameters, and the holes as if they had been some, the ones that name the stage first to be found."""
    yield from _params(declared)
    for hole, value in declared.bound.items():
        found = _LAST.search(hole[-_LONGEST:])
        if found:
            yield found[1], value


def _params(declared: Declared) -> Iterator[tuple[str, str]]:
    waiting: list[tuple[str, Known]] = [("", declared.params)]
    while waiting:
        prefix, value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend((f"{prefix}.{key}" if prefix else key, below) for key, below in reversed(value.items()))
        elif isinstance(value, str) and value and "{{" not in value:
            yield prefix, value


@lru_cache(maxsize=4096)  # the same few keys again and again
def _short(key: str) -> str:
    return re.sub(r"[-_]", "", re.split(r"[./]", key)[-1]).lower()


def _axes(about: dict[str, str], main: str) -> Iterator[tuple[str, str]]:
    """The axes among the parameters; a `name` is a cluster's only beside its address."""
    addressed = any(_short(key) in ("server", "url", "address") for key in about) or "metadata" in "".join(about)
    for key, value in about.items():
        short = _short(key)
        axis = _AXES.get(short, "")
        if short == "name" and not (addressed or key not in about):
            axis = ""
        if axis and value != main and "/" not in value and "." not in key.removeprefix("metadata.labels.").removeprefix("values."):
            yield axis, value


def _cluster(application: Map) -> Iterator[tuple[str, str]]:
    """The cluster that an Application names as its destination, unless it is the one that Argo CD runs in."""
    spec = application.get("spec")
    destination = spec.get("destination") if isinstance(spec, Map) else None
    called = destination.get("name") if isinstance(destination, Map) else None
    if isinstance(called, str) and called not in ("", "in-cluster") and "{{" not in called:
        yield "cluster", str(called)


def _mark(declared: Declared, part: Part, names: Names) -> Mark | None:
    """The stage in a value file, the last first; in folder, destination, name, labels; in the path of what declares the application.

    A values file comes first because it is the more telling of the two where a chart's folder happens to be called like a stage.
    """
    for source in reversed(part.values):
        found = _in_path(source.path, names, file=True) if source.value is None else None
        if found is not None:
            return found
    inside = _in_path(part.folder, names, file=False) if part.folder else None
    told = (found for text in _places(declared.application) if (found := _last(text, names)) is not None)
    return inside or next(told, None) or _in_path(declared.overlay or declared.home[0], names, file=not declared.overlay)


def _in_path(path: str, names: Names, *, file: bool) -> Mark | None:
    """The stage that a path names: in the file's name, or as a whole folder, or inside a folder's name."""
    *folders, last = path.split("/") if file else (*path.split("/"), "")
    marks = [(mark, folder) for folder in reversed(folders) for mark in names.marks(folder)]
    whole = next((mark for mark, folder in marks if len(mark.word) == len(folder)), None)
    return _last(last, names) or whole or next((mark for mark, _ in marks), None)


def _places(application: Map) -> Iterator[str]:
    metadata, spec = application.get("metadata"), application.get("spec")
    destination = spec.get("destination") if isinstance(spec, Map) else None
    if isinstance(destination, Map):
        yield from (str(destination[key]) for key in ("name", "namespace", "server") if key in destination)
    yield name(application)
    labels = metadata.get("labels") if isinstance(metadata, Map) else None
    yield from (str(value) for key, value in labels.items() if _short(key) in _STAGE) if isinstance(labels, Map) else ()


def _last(text: str, names: Names) -> Mark | None:
    marks = names.marks(HOLE.sub("", text)) if text else ()
    return marks[-1] if marks else None


def _application(text: str, words: Iterable[str], mark: Mark | None, names: Names) -> str:
    """A name without what says which environment it is."""
    text = HOLE.sub("", text)
    for word in sorted({word for word in words if word and word in text}, key=len, reverse=True):
        text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])", "", text)
    for found in reversed(names.marks(text) if mark else ()):
        if mark is not None and found.stage.name == mark.stage.name:
            text = text[: found.start] + text[found.end :]
    return re.sub(r"([-_.])[-_.]+", r"\1", text).strip(_EDGES)
