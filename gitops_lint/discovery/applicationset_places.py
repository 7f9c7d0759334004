"""Parameters that come from somewhere else: folders and files of the tree, and clusters, of which only the selectors may be known."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple
from weakref import WeakKeyDictionary

from gitops_lint.discovery.templating_functions import FUNCTIONS
from gitops_lint.discovery.templating_holes import Bindings, Pattern, pattern
from gitops_lint.discovery.templating_values import Known, Open
from gitops_lint.files import Files
from gitops_lint.model import Document
from gitops_lint.node import Map, Seq, Value
from gitops_lint.trees.protocol import UnreadableError

_NEW_GLOBS = b"applicationsetcontroller.enable.new.git.file.globbing"
_CLUSTER = b"argocd.argoproj.io/secret-type"
_CLASS = re.compile(r"\[(?P<none>[\^!])?(?P<inner>[\w.]+(?:-\w+)?[\w.]*)\]")
_SECRETS: WeakKeyDictionary[Files, list[tuple[dict[str, Known], str]]] = WeakKeyDictionary()
_FOLDERS: WeakKeyDictionary[Files, list[str]] = WeakKeyDictionary()


class Found(NamedTuple):
    """A folder or a file that a generator found, what its params are, and what the holes in the pattern turned out to be."""

    path: str
    params: dict[str, Known]
    bound: Bindings


def folders(entries: Iterable[Map], files: Files, *, go: bool, prefix: str) -> list[Found]:
    """What `git.directories` finds: every folder that a path matches, segment by segment, and none excludes; hidden ones are not seen."""
    listed = list(entries)
    excluded = [_segments(str(entry.get("path"))) for entry in listed if entry.get("exclude") is True]
    wanted = [_segments(str(entry.get("path"))) for entry in listed if entry.get("exclude") is not True]
    out: dict[str, Found] = {}
    for folder in _folders(files):
        found = _first(wanted, folder)
        if found is not None and _first(excluded, folder) is None:
            out[folder] = Found(folder, _path_params(folder, "", go=go, prefix=prefix), found)
    return list(out.values())


def listed_files(entries: Iterable[Map], files: Files, *, go: bool, prefix: str) -> list[Found]:
    """What `git.files` finds: a set of parameters for each file, or for each item of a file that is a list.

    In the older dialect, which is the default, `*` matches a `/` too (Generators-Git-File-Globbing.md).
    """
    listed = list(entries)
    new = any("*" in str(entry.get("path")) for entry in listed) and _new_globs(files)
    read = doublestar if new else _greedy
    excluded = [read(str(entry.get("path"))) for entry in listed if entry.get("exclude") is True]
    wanted = [read(str(entry.get("path"))) for entry in listed if entry.get("exclude") is not True]
    out = []
    for path in files.names:
        found = _first(wanted, path)
        if found is None or _first(excluded, path) is not None:
            continue
        folder, _, name = path.rpartition("/")
        for item in _items(files.document(path)):
            content = as_params(item)
            out.append(Found(path, {**content, **_path_params(folder or ".", name, go=go, prefix=prefix)}, found))
    return out


def _items(document: Document) -> list[Map]:
    """The items of a file that is a list, or the file itself: its first document. One that holds nothing is an empty item."""
    root = document.roots[0].value if document.roots else None
    if root is None and document.error is None:
        return [Map(document.path)]
    return [item for item in (root if isinstance(root, Seq) else [root]) if isinstance(item, Map)]


def _first(patterns: list[Pattern], path: str) -> Bindings | None:
    return next((match for each in patterns if (match := each.match(path)) is not None), None)


def clusters(selector: Value, files: Files) -> list[tuple[dict[str, Known], str]]:
    """The clusters that a selector chooses: those whose Secrets are in the tree, or one for each combination of labels that it asks for.

    Each with the file that declares it, empty for one that is only known by its labels.
    """
    wanted = requirements(selector)
    registered = _secrets(files)
    known = [(params, path) for params, path in registered if chosen(wanted, _labels(params))]
    if known and len(registered) > 1:  # one alone is the cluster that Argo CD runs in, and says nothing of the others
        return known
    stated = {key: values for key, operator, values in wanted if operator == "In" and values}
    out: list[tuple[dict[str, Known], str]] = []
    for values in product(*stated.values()):
        labels: Open = Open(zip(stated, values, strict=True))
        out.append((Open({"metadata": {"labels": labels, "annotations": Open()}}), ""))
    return out


def requirements(selector: Value) -> list[tuple[str, str, list[str]]]:
    """A label selector as (key, operator, values); `matchLabels` are `In` with one value."""
    out: list[tuple[str, str, list[str]]] = []
    if isinstance(selector, Map):
        labels, expressions = selector.get("matchLabels"), selector.get("matchExpressions")
        out += [(key, "In", [str(value)]) for key, value in labels.items()] if isinstance(labels, Map) else []
        for item in expressions if isinstance(expressions, Seq) else ():
            if isinstance(item, Map):
                values = item.get("values")
                out.append((str(item.get("key")), str(item.get("operator")), [str(v) for v in values] if isinstance(values, Seq) else []))
    return out


def chosen(wanted: list[tuple[str, str, list[str]]], labels: dict[str, Known]) -> bool:
    """Whether labels meet all requirements of a selector; those that nobody knows do."""
    for key, operator, values in wanted:
        if key not in labels and isinstance(labels, Open):
            continue
        has, value = key in labels, str(labels.get(key))
        met = {"In": has and value in values, "NotIn": not (has and value in values), "Exists": has, "DoesNotExist": not has}
        if not met.get(operator, True):
            return False
    return True


def as_params(node: Map) -> dict[str, Known]:
    """A block as parameters, without the places that it was read from."""
    return {key: _known(value) for key, value in node.items()}


def _known(value: Value) -> Known:
    if isinstance(value, Map):
        return as_params(value)
    return [_known(item) for item in value] if isinstance(value, Seq) else value


def _labels(params: dict[str, Known]) -> dict[str, Known]:
    metadata = params.get("metadata")
    labels = metadata.get("labels") if isinstance(metadata, dict) else None
    return labels if isinstance(labels, dict) else {}


def _secrets(files: Files) -> list[tuple[dict[str, Known], str]]:
    known = _SECRETS.get(files)
    if known is None:
        known = _SECRETS[files] = list(_read_secrets(files))
    return known


def _read_secrets(files: Files) -> Iterator[tuple[dict[str, Known], str]]:
    for path in files.with_kind({"Secret"}):
        try:
            if _CLUSTER not in files.data(path):
                continue
        except UnreadableError:
            continue
        for root in files.document(path).roots:
            params = _secret(root.value)
            if params is not None:
                yield params, path


def _secret(value: Value) -> dict[str, Known] | None:
    metadata = value.get("metadata") if isinstance(value, Map) and value.get("kind") == "Secret" else None
    labels = metadata.get("labels") if isinstance(metadata, Map) else None
    if not isinstance(value, Map) or not isinstance(metadata, Map) or not isinstance(labels, Map):
        return None
    if labels.get(_CLUSTER.decode()) != "cluster":
        return None
    name, server = _datum(value, "name"), _datum(value, "server")
    annotations = metadata.get("annotations")
    about: dict[str, Known] = {"labels": as_params(labels), "annotations": as_params(annotations) if isinstance(annotations, Map) else {}}
    params = Open({"metadata": about})
    if name:
        params |= {"name": name, "nameNormalized": FUNCTIONS["normalize"](name)}
    return params | {"server": server} if server else params


def _datum(secret: Map, key: str) -> str:
    """A field of a Secret in plain text; empty where it is encrypted or absent."""
    plain, coded = secret.get("stringData"), secret.get("data")
    if isinstance(plain, Map) and isinstance(plain.get(key), str):
        return str(plain[key])
    text = coded.get(key) if isinstance(coded, Map) else None
    try:
        return base64.b64decode(text, validate=True).decode() if isinstance(text, str) else ""
    except ValueError:
        return ""


def _path_params(folder: str, name: str, *, go: bool, prefix: str) -> dict[str, Known]:
    """`path` and what belongs to it (applicationset/generators/git.go)."""
    parts, base = list(folder.split("/")), folder.rpartition("/")[2]
    normal = FUNCTIONS["normalize"]
    if go:
        about: dict[str, Known] = {"path": folder, "segments": [*parts], "basename": base, "basenameNormalized": normal(base)}
        about |= {"filename": name, "filenameNormalized": normal(name)} if name else {}
        return {prefix: {"path": about}} if prefix else {"path": about}
    start = f"{prefix}.path" if prefix else "path"
    flat: dict[str, Known] = {start: folder, f"{start}.basename": base, f"{start}.basenameNormalized": normal(base)}
    flat |= {f"{start}.filename": name, f"{start}.filenameNormalized": normal(name)} if name else {}
    return flat | {f"{start}[{number}]": part for number, part in enumerate(parts)}


def _folders(files: Files) -> list[str]:
    known = _FOLDERS.get(files)
    if known is None:
        found: set[str] = set()
        for deepest in files.folders:
            folder = deepest
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        known = _FOLDERS[files] = sorted(f for f in found if not f.startswith(".") and "/." not in f)
    return known


def _new_globs(files: Files) -> bool:
    return any(_NEW_GLOBS in files.tree.read(path) for path in files.with_kind({"ConfigMap"}))


def _segments(path: str) -> Pattern:
    """Go's path.Match: `*` and `?` stay within a segment."""
    return pattern(_plain(path), _within)


def doublestar(path: str) -> Pattern:
    """Globs in which `*` and `?` stay within a segment and `**/` spans any number of them."""
    return pattern(_plain(path), _spanning)


def _greedy(path: str) -> Pattern:
    return pattern(_plain(path), lambda text: _starred(text, "."))


def _within(text: str) -> str:
    return "/".join(_starred(segment, "[^/]") for segment in text.split("/"))


def _starred(text: str, one: str) -> str:
    """An expression for a glob whose `*` and `?` stand for `one`; it takes linear time but for its last `*`.

    What stands between two `*` is looked for once: where it is first found leaves most to what follows.
    """
    first, *rest = (_literal(part, one) for part in re.split(r"\*+", text))
    return first + "".join(f"(?>{one}*?{part})" for part in rest[:-1]) + "".join(f"{one}*{part}" for part in rest[-1:])


def _literal(text: str, one: str) -> str:
    """Text without a `*`, which may hold classes like `[a-c]` and `[^ab]`."""
    out, at = "", 0
    for found in _CLASS.finditer(text):
        out += re.escape(text[at : found.start()]).replace(r"\?", one) + f"[{'^' if found['none'] else ''}{found['inner']}]"
        at = found.end()
    return out + re.escape(text[at:]).replace(r"\?", one)


def _spanning(text: str) -> str:
    first, *rest = (_within(part) for part in re.split(r"(?:\*\*/)+", text))
    return first + "".join(f"(?>(?:.*?/)??{part})" for part in rest[:-1]) + "".join(f"(?:.*/)?{part}" for part in rest[-1:])


def _plain(path: str) -> str:
    return path.removeprefix("./").strip("/")
