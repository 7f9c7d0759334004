"""Findings and pointers as tuples of plain data and back: what goes through a pipe or into a cache holds no classes and runs no code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from gitops_lint.finding import Facts, Finding, Fix, Lack, Related, Remove, Replace, Set
from gitops_lint.node import Location
from gitops_lint.pointer import Motion, Pointer, PointerKind
from gitops_lint.severity import Severity

Plain = tuple[Any, ...]

_new = tuple.__new__  # a named tuple of a tuple, for speed
_EDITS = {"Set": Set, "Remove": Remove, "Replace": Replace}


def flat(finding: Finding) -> Plain:
    """The finding as marshal takes it: its fields in order."""
    return tuple(_FLAT.get(name, plain)(getattr(finding, name)) for name in _FIELDS)


def finding(flattened: Plain, *, new: bool = True) -> Finding:
    """The finding that `flat` was given, and whether it is new."""
    values = list(flattened)
    values[_NEW] = new
    for number, back in _BACK:
        if values[number] is not None:
            values[number] = back(values[number])
    return Finding(*values)


def flat_pointer(pointer: Pointer) -> Plain:
    """The pointer as marshal takes it."""
    return tuple(plain(getattr(pointer, name)) for name in _POINTER)


def pointer(flattened: Plain) -> Pointer:
    """The pointer that `flat_pointer` was given."""
    values = list(flattened)
    for number, back in _BACK_POINTER:
        values[number] = back(values[number])
    return Pointer(*values)


def plain(value: Any) -> Any:  # noqa: ANN401  a text, a number, or a tuple of those
    """The value as marshal takes it: what is of a type made from text, a number or a tuple becomes one of those."""
    kind = type(value)
    if kind in _EXACT:
        return value
    if isinstance(value, str):
        return str(value)
    return int(value) if isinstance(value, int) else tuple(map(plain, value))


def _facts(flattened: Plain) -> Facts:
    category, user_named, have, lack, *rest = flattened
    return Facts(category, user_named, have, tuple(_new(Lack, one) for one in lack), *rest)


def _flat_fix(fix: Fix | None) -> Plain | None:
    return None if fix is None else (fix.title, tuple((type(edit).__name__, *plain(edit)) for edit in fix.edits), fix.safe)


def _fix(flattened: Plain) -> Fix:
    return Fix(flattened[0], tuple(map(_edit, flattened[1])), flattened[2])


def _edit(flattened: Plain) -> Set | Remove | Replace:
    name, *values = flattened
    if name == "Replace":
        return Replace(values[0], Location(*values[1]), values[2], values[3])
    edit: Set | Remove = _EDITS[name](*values)
    return edit


def _related(flattened: Plain) -> tuple[Related, ...]:
    return tuple(Related(_new(Location, at), *rest) for at, *rest in flattened)


def _location(flattened: Plain) -> Location:
    return _new(Location, flattened)


_EXACT = frozenset((type(None), bool, int, float, str))
_FIELDS = tuple(field.name for field in fields(Finding))
_NEW = _FIELDS.index("new")
_FLAT: dict[str, Callable[[Any], Any]] = {"fix": _flat_fix}
_ROUND: dict[str, Callable[[Any], Any]] = {
    "at": _location,
    "related": _related,
    "facts": _facts,
    "fix": _fix,
    "severity": tuple(Severity).__getitem__,
}
_BACK = tuple((number, _ROUND[name]) for number, name in enumerate(_FIELDS) if name in _ROUND)
_POINTER = tuple(field.name for field in fields(Pointer))
_ROUND_POINTER: dict[str, Callable[[Any], Any]] = {
    "at": _location,
    "kind": {str(kind): kind for kind in PointerKind}.__getitem__,
    "motion": {str(motion): motion for motion in Motion}.__getitem__,
    "related": lambda related: tuple(map(_location, related)),
}
_BACK_POINTER = tuple((number, _ROUND_POINTER[name]) for number, name in enumerate(_POINTER) if name in _ROUND_POINTER)
