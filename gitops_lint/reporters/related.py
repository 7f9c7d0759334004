"""Which of a finding's other places say the same thing, so that one is shown and the rest are counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gitops_lint.finding import Related


class Group(NamedTuple):
    """Places that say the same but for the environment's name."""

    first: Related
    others: tuple[Related, ...]


def grouped(related: Sequence[Related]) -> list[Group]:
    """The places in the order they come, those that say the same gathered under the first of them."""
    gathered: dict[str, list[Related]] = {}
    for item in related:
        said = item.message.replace(item.environment, "\0") if item.environment else item.message
        gathered.setdefault(said, []).append(item)
    return [Group(items[0], tuple(items[1:])) for items in gathered.values()]
