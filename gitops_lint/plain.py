"""Findings and pointers as tuples of plain data and back: what goes through a pipe or into a cache holds no classes and runs no code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from gitops_lint.finding import Facts, Finding, Fix, Lack, Related, Remove, Replace, Set
from gitops_lint.node import Location, Opaque
from gitops_lint.pointer import Motion, Pointer, PointerKind
from gitops_lint.severity import Severity

Plain = tuple[Any, ...]

_EDITS = {"Set": Set, "Remove": Remove, "Replace": Replace}


def flat(finding: Finding) -> Plain:
    """The finding as marshal takes it: its fields in order."""
    return tuple(_FLAT.get(name, _same)(getattr(finding, name)) for name in _FIELDS)


def finding(plain: Plain) -> Finding:
    """The finding that `flat` was given."""
    return Finding(**{name: _ROUND.get(name, _same)(value) for name, value in zip(_FIELDS, plain, strict=True)})


def flat_pointer(pointer: Pointer) -> Plain:
    """The pointer as marshal takes it: it takes no text that is more than text."""
    plainly = (_FLAT_POINTER.get(name, _same)(getattr(pointer, name)) for name in _POINTER)
    return tuple(str(value) if isinstance(value, Opaque) else value for value in plainly)


def pointer(plain: Plain) -> Pointer:
    """The pointer that `flat_pointer` was given."""
    return Pointer(**{name: _ROUND_POINTER.get(name, _same)(value) for name, value in zip(_POINTER, plain, strict=True)})


def _same(value: Any) -> Any:  # noqa: ANN401  a field's, whatever it is
    return value


def _flat_facts(facts: Facts | None) -> Plain | None:
    return None if facts is None else tuple(facts._replace(lack=tuple(map(tuple, facts.lack))))  # type: ignore[arg-type]  # on its way out


def _facts(plain: Plain | None) -> Facts | None:
    facts = None if plain is None else Facts(*plain)
    return facts and facts._replace(lack=tuple(Lack(*lack) for lack in facts.lack))


def _flat_fix(fix: Fix | None) -> Plain | None:
    return None if fix is None else (fix.title, tuple(map(_flat_edit, fix.edits)), fix.safe)


def _fix(plain: Plain | None) -> Fix | None:
    return None if plain is None else Fix(plain[0], tuple(map(_edit, plain[1])), plain[2])


def _flat_related(related: tuple[Related, ...]) -> Plain:
    return tuple((tuple(one.at), *one[1:]) for one in related)


def _related(plain: Plain) -> tuple[Related, ...]:
    return tuple(Related(Location(*at), *rest) for at, *rest in plain)


def _flat_edit(edit: Set | Remove | Replace) -> Plain:
    name = type(edit).__name__
    return (name, *((edit.path, tuple(edit.at), edit.old, edit.new) if isinstance(edit, Replace) else edit))


def _edit(plain: Plain) -> Set | Remove | Replace:
    name, *fields = plain
    if name == "Replace":
        return Replace(fields[0], Location(*fields[1]), fields[2], fields[3])
    edit: Set | Remove = _EDITS[name](*fields)
    return edit


def _location(plain: Plain) -> Location:
    return Location(*plain)


_FIELDS = tuple(field.name for field in fields(Finding))
_FLAT: dict[str, Callable[[Any], Any]] = {
    "at": tuple,
    "related": _flat_related,
    "facts": _flat_facts,
    "fix": _flat_fix,
    "severity": int,
}
_ROUND: dict[str, Callable[[Any], Any]] = {
    "at": _location,
    "related": _related,
    "facts": _facts,
    "fix": _fix,
    "severity": Severity,
}
_POINTER = tuple(field.name for field in fields(Pointer))
_FLAT_POINTER: dict[str, Callable[[Any], Any]] = {
    "at": tuple,
    "kind": str,
    "motion": str,
    "related": lambda related: tuple(map(tuple, related)),
}
_ROUND_POINTER: dict[str, Callable[[Any], Any]] = {
    "at": _location,
    "kind": PointerKind,
    "motion": Motion,
    "related": lambda related: tuple(Location(*at) for at in related),
}
