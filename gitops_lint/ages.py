"""Since when a key has been where it is, read from the history of the file that sets it.

A key's presence is searched for by halving, so a file with a thousand versions costs ten readings; a key that came, went and came back is
dated by one of its comings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from gitops_lint.compare import identity
from gitops_lint.finding import Finding
from gitops_lint.keypath import KeyPath
from gitops_lint.model import Document
from gitops_lint.node import Map, Seq, Value
from gitops_lint.trees.history import Commit, FileChange

_LOOKS = 12  # versions of a file that are read to find when it lost a key


class Since(NamedTuple):
    """The commit that brought a key, and when; `known` is False if the history does not go back that far."""

    commit: str
    time: int
    known: bool = True


class Version(NamedTuple):
    """A file as a commit left it."""

    commit: Commit
    blob: str
    created: bool = False


class Lasting(NamedTuple):
    """A difference between environments, and how many days before the last commit it was opened, by which."""

    difference: Finding
    since: Since
    days: int
    accepted: bool = False  # by the contract, a comment or the baseline


def versions(changes: Iterable[tuple[Commit, list[FileChange]]], paths: Iterable[str]) -> dict[str, list[Version]]:
    """The versions of each file, the newest first; a deletion has an empty blob."""
    wanted = set(paths)
    found: dict[str, list[Version]] = {path: [] for path in wanted}
    for commit, files in changes:
        for change in files:
            if change.path in wanted:
                found[change.path].append(Version(commit, change.new, change.status == "A"))
    return found


def since(key: KeyPath, history: list[Version], document: Callable[[str], Document]) -> Since | None:
    """When a key came to a file; `document` gives the document of a blob. None for a file without history."""
    if not history:
        return None
    young, old = 0, len(history)  # the key is there at `young`; at `old`, if that is a version, it is not
    while old - young > 1:
        middle = (young + old) // 2
        if history[middle].blob and holds(document(history[middle].blob), key):
            young = middle
        else:
            old = middle
    version = history[young]
    return Since(version.commit.commit, version.commit.time, known=old < len(history) or version.created or not version.commit.parent)


def lacking_since(key: KeyPath, history: list[Version], document: Callable[[str], Document], start: int) -> Since | None:
    """When a file last lost a key, or came without it, after the time `start`; None if it lacked it all the while.

    Of a file that changes often only some versions are looked at, so the date may be somewhat late.
    """
    step = len(history) // _LOOKS + 1
    sampled = history[::step]
    for newer, older in zip(sampled, [*sampled[1:], None], strict=False):
        if newer.commit.time <= start:
            return None
        if older is None or not older.blob or holds(document(older.blob), key):
            created = older is not None or history[-1].created
            return Since(newer.commit.commit, newer.commit.time) if created else None
    return None


def holds(document: Document, key: KeyPath) -> bool:
    """Whether some root of a document has a value at a key, its subject left aside."""
    inside = key[1:] if key and key[0].endswith(":") else key
    return any(_reaches(root.value, inside) for root in document.roots)


def _reaches(value: Value, key: KeyPath) -> bool:
    for segment in key:
        if isinstance(value, Map) and segment in value:
            value = value[segment]
        elif isinstance(value, Seq) and segment.startswith("["):
            names = identity(value) or tuple(str(item) for item in value)
            index = next((i for i, name in enumerate(names) if f"[{name}]" == segment), None)
            if index is None:
                return False
            value = value[index]
        else:
            return False
    return value is not None
