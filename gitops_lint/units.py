"""What one application, or one file, gives to a run: plain data, which another process or an earlier run may have computed."""

from __future__ import annotations

from typing import NamedTuple

from gitops_lint import plain
from gitops_lint.finding import Finding
from gitops_lint.node import Location
from gitops_lint.plain import Plain


class Told(NamedTuple):
    """A finding, and the places above its key at which a comment may excuse it."""

    finding: Finding
    above: tuple[Location, ...] = ()


class FileUnit(NamedTuple):
    """What a file gives."""

    error: Plain | None  # the problem that it could not be read for
    unreadable: bool
    empty: bool  # there is nothing in it
    comments: tuple[tuple[int, str], ...]
    findings: tuple[Plain, ...]
    pointers: tuple[Plain, ...]
    trace: Plain  # what it says about pointers elsewhere
    private: bool  # it holds what must not be written down


class Unit(NamedTuple):
    """What an application gives; `files` are those that it is made of."""

    environments: tuple[Plain, ...]
    told: tuple[Plain, ...]
    pointers: tuple[Plain, ...]
    clauses: frozenset[int]  # the lines of those of the contract that speak of one of its keys
    files: tuple[str, ...]
    private: bool  # it holds what must not be written down
    unread: tuple[Plain, ...] = ()  # where its charts' templates read nobody knows what


def told(plainly: Plain, *, new: bool = True) -> Told:
    """What `Unit.told` holds, and whether it is new."""
    return Told(plain.finding(plainly[0], new=new), tuple(Location(*at) for at in plainly[1]))
