"""Which lines a change brings: what formats for merge requests show, since forges show nothing elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from gitops_lint.node import Location
from gitops_lint.trees.protocol import Tree, UnreadableError


def changed(head: Tree, base: Tree) -> Callable[[Location], bool]:
    """A test for places on lines that the base does not have; each file is compared when it is first asked about."""
    known: dict[str, frozenset[int]] = {}

    def test(place: Location) -> bool:
        if place.path not in known:
            known[place.path] = _lines(_text(head, place.path), _text(base, place.path))
        return place.line in known[place.path]

    return test


def _lines(new: list[bytes], old: list[bytes]) -> frozenset[int]:
    """The numbers, from 1, of the lines of `new` that are not in `old` at that point."""
    if new == old:
        return frozenset()
    from difflib import SequenceMatcher  # noqa: PLC0415  few changes of few lines are asked about

    blocks = SequenceMatcher(None, old, new).get_opcodes()
    return frozenset(line + 1 for tag, _, _, start, stop in blocks if tag != "equal" for line in range(start, stop))


def _text(tree: Tree, path: str) -> list[bytes]:
    try:
        return tree.read(path).split(b"\n") if path in tree.names() else []
    except UnreadableError:
        return []
