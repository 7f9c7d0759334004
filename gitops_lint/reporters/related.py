"""Which of a finding's other places say the same thing, so that one is shown and the rest are counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gitops_lint.finding import Related
from gitops_lint.node import Location

_NAMES = 4  # of environments, shown of one place


class Group(NamedTuple):
    """Places that say the same but for the environment's name."""

    first: Related
    others: tuple[Related, ...]


def grouped(related: Sequence[Related]) -> list[Group]:
    """The places in the order they come, those that say the same gathered under the first of them; a place says it once for everybody."""
    gathered: dict[str, dict[Location, list[Related]]] = {}
    for item in related:
        said = _renamed(item, "\0") if item.environment else item.message
        gathered.setdefault(said, {}).setdefault(item.at, []).append(item)
    return [Group(first, tuple(others)) for first, *others in (map(_joined, places.values()) for places in gathered.values())]


def _joined(items: Sequence[Related]) -> Related:
    """One for all that is said of a place: `set in dev, qa and 7 more`."""
    first, names = items[0], list(dict.fromkeys(item.environment for item in items))
    if len(names) == 1 or not first.environment:
        return first
    shown = names if len(names) <= _NAMES else [*names[: _NAMES - 1], f"{len(names) - _NAMES + 1} more"]
    return first._replace(message=_renamed(first, f"{', '.join(shown[:-1])} and {shown[-1]}"))


def _renamed(item: Related, name: str) -> str:
    """What is said of a place with something else where the environment's name stands: it comes last, and may be a part of other words."""
    before, found, after = item.message.rpartition(item.environment)
    return before + name + after if found else item.message
