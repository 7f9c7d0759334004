"""Helmfile's state files: the environments they declare, with their values, and the releases, each part of a file over the ones before.

Source: github.com/helmfile/helmfile pkg/state, v1.8.0. What stands in `bases` comes first; a file without environments of its own has
those of the file that includes it under `helmfiles`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import NamedTuple

from gitops_lint.discovery.content import top_keys
from gitops_lint.files import Files
from gitops_lint.merge.tables import merge
from gitops_lint.node import Location, Map, Opaque, Seq, Value, item_location, key_location
from gitops_lint.trees.protocol import UnreadableError

_MARKS = frozenset((b"releases", b"helmfiles", b"environments"))
_ENVIRONMENT_KEYS = frozenset(
    ("values", "secrets", "defaults", "kubeContext", "missingFileHandler", "mergeStrategy", "missingFileHandlerConfig")
)
_LENIENT = frozenset(("Warn", "Info", "Debug"))
_DEEPEST = 10  # files that include each other


class Entry(NamedTuple):
    """An item of a list of values, and where it is written."""

    value: Value
    at: Location


@dataclass(slots=True)
class Declared:
    """One environment of a state file: where it is declared, its values in the order they are merged, and whether absent files are fine."""

    at: Location
    values: list[Entry] = field(default_factory=list)
    lenient: bool = False
    secrets: list[Entry] = field(default_factory=list)  # above the values
    fallback: bool = False  # the first of the values wins, not the last

    @property
    def entries(self) -> list[Entry]:
        """All values, lowest first."""
        return [*(reversed(self.values) if self.fallback else self.values), *self.secrets]


@dataclass(slots=True)
class State:
    """One state file. Paths in it are relative to `folder`."""

    path: str
    folder: str
    environments: dict[str, Declared] = field(default_factory=dict)
    releases: list[Map] = field(default_factory=list)
    templates: Map = field(default_factory=Map)
    inherited: tuple[str, ...] = ()  # the templates that every release inherits
    values: list[Entry] = field(default_factory=list)  # below those of every environment
    includes: list[str] = field(default_factory=list)
    lenient: bool = False


def states(files: Files) -> list[State]:
    """Every state file of a tree, with the environments of what includes it where it has none of its own."""
    found = {path: _state(files, path) for path in files.names if _is_state(files, path)}
    for _ in range(_DEEPEST):
        for state in found.values():
            for include in state.includes:
                for path in _matching(found, state.folder, include):
                    found[path].environments = found[path].environments or {
                        n: d for n, d in state.environments.items() if path != state.path
                    }
    return list(found.values())


def _is_state(files: Files, path: str) -> bool:
    """A file that is called so, or lies in `helmfile.d`, or has what only a state file has."""
    folder, _, name = path.rpartition("/")
    if not name.endswith((".yaml", ".yml", ".yaml.gotmpl", ".yml.gotmpl")):
        return False
    called = name.startswith("helmfile") or folder.rpartition("/")[2] == "helmfile.d"
    if not called and name.endswith(".gotmpl"):
        return False
    if not called and not _mentions(files, path):
        return False
    keys = top_keys(files, path)
    return bool(keys & _MARKS) if called else b"releases" in keys and b"repositories" in keys


def _mentions(files: Files, path: str) -> bool:
    """A look at what is parsed already, or at the bytes, which is a hundred times faster than the keys."""
    known = files.document(path) if path in files.shared.documents else None
    whole = known is not None and known.error is None and not known.templated
    if known is not None and whole and not any(isinstance(root.value, Map) and "releases" in root.value for root in known.roots):
        return False
    try:
        data = files.data(path)
    except UnreadableError:
        return False
    return b"\nreleases:" in data and b"repositories:" in data


def _matching(found: Iterable[str], folder: str, include: str) -> list[str]:
    wanted = posixpath.normpath(posixpath.join(folder, include))
    return [path for path in found if fnmatchcase(path, wanted) or path.rpartition("/")[0] == wanted]


def _state(files: Files, path: str) -> State:
    state = State(path, path.rpartition("/")[0])
    _read(files, path, state, 0)
    return state


def _read(files: Files, path: str, state: State, depth: int) -> None:
    """Add what the parts of a file say, after what its bases say."""
    for root in files.document(path).roots if depth < _DEEPEST else ():
        part = root.value
        if not isinstance(part, Map):
            continue
        for base in listed(part, "bases"):
            target = posixpath.normpath(posixpath.join(state.folder, base)) if isinstance(base, str) else ""
            if target in files:
                _read(files, target, state, depth + 1)
        _declare(part, state)
        templates = part.get("templates")
        if isinstance(templates, Map):
            state.templates = merge((state.templates, templates))
        inherited = part.get("defaultInherit")
        if isinstance(inherited, str | Seq):
            state.inherited = (inherited,) if isinstance(inherited, str) else tuple(each for each in inherited if isinstance(each, str))
        state.values += placed(part, "values")
        state.lenient = state.lenient or lenient(part) is True
        state.releases += [release for release in listed(part, "releases") if isinstance(release, Map)]
        state.includes += list(_included(part))


def _declare(part: Map, state: State) -> None:
    environments = part.get("environments")
    if not isinstance(environments, Map):
        return
    for name, node in environments.items():
        if (
            not isinstance(node, Map | None)
            or isinstance(name, Opaque)
            or "{{" in name
            or (node and node.keys().isdisjoint(_ENVIRONMENT_KEYS))
        ):
            continue
        declared = state.environments.setdefault(name, Declared(key_location(environments, name)))
        if isinstance(node, Map):
            declared.values += [*placed(node, "defaults"), *placed(node, "values")]
            declared.secrets += placed(node, "secrets")
            declared.fallback = node.get("mergeStrategy", "fallback" if declared.fallback else "") == "fallback"
            declared.lenient = lenient(node) is True


def _included(part: Map) -> Iterator[str]:
    for entry in listed(part, "helmfiles"):
        path = entry.get("path") if isinstance(entry, Map) else entry
        if isinstance(path, str) and "::" not in path:
            yield path


def listed(node: Map, key: str) -> list[Value]:
    """The items of the list at a key; none for anything else."""
    value = node.get(key)
    return list(value) if isinstance(value, Seq) else []


def placed(node: Map, key: str) -> list[Entry]:
    """The items of the list at a key, each with its place."""
    value = node.get(key)
    return [Entry(item, item_location(value, index)) for index, item in enumerate(value)] if isinstance(value, Seq) else []


def lenient(node: Map) -> bool | None:
    """Whether a block says that absent files are fine; None if it does not say."""
    word = node.get("missingFileHandler")
    return None if word is None else isinstance(word, str) and word in _LENIENT
