"""What a team demands of its pointers: one table of patterns, of which the most specific that fits decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from gitops_lint.pointer import Motion, Pointer
from gitops_lint.severity import Severity

Requirement = Literal["any", "version", "digest", "commit"]

_MEETING: Mapping[str, frozenset[Motion]] = {
    "version": frozenset({Motion.VERSION, Motion.COMMIT, Motion.DIGEST}),
    "commit": frozenset({Motion.COMMIT, Motion.DIGEST}),
    "digest": frozenset({Motion.DIGEST}),
}
_UNSAID = frozenset({"", "latest", "HEAD", "*"})  # versions that say nothing at all


@dataclass(frozen=True, slots=True)
class Demand:
    """What pointers whose name or text fits the glob `match` must be, in some environments or, where none is listed, in all."""

    match: str = "*"
    require: Requirement = "version"
    environments: tuple[str, ...] = ()


def demanded(pointer: Pointer, table: Iterable[Demand]) -> tuple[Requirement, bool]:
    """What is required of a pointer, and whether the table says so.

    Without a word in the table, protected environments and what belongs to no environment need a version, the others anything but nothing.
    """
    fitting = [demand for demand in table if _fits(demand, pointer)]
    if fitting:
        return max(fitting, key=_specificity).require, True
    return ("version" if pointer.protected or not pointer.environment else "any"), False


def met(pointer: Pointer, require: Requirement) -> bool:
    """Whether a pointer is as fixed as required; what nobody knows yet is given the benefit of the doubt."""
    if pointer.motion is Motion.UNKNOWN:
        return True
    if require == "any":
        return pointer.motion is not Motion.MOVING or pointer.version not in _UNSAID
    return pointer.motion in _MEETING[require]


def verdict(pointer: Pointer, table: Iterable[Demand]) -> Severity | None:
    """How bad a pointer is: None is well, INFO moves where only the default lets it, OFF leaves the severity to the rule."""
    require, said = demanded(pointer, table)
    if not met(pointer, require):
        return Severity.OFF
    return Severity.INFO if pointer.motion is Motion.MOVING and not said else None


def _fits(demand: Demand, pointer: Pointer) -> bool:
    if demand.environments and not {pointer.environment, pointer.stage, *pointer.environments}.intersection(demand.environments):
        return False
    return fnmatchcase(pointer.name, demand.match) or fnmatchcase(pointer.text, demand.match)


def _specificity(demand: Demand) -> tuple[int, bool]:
    return sum(mark not in "*?[]" for mark in demand.match), bool(demand.environments)
