"""A comment that excuses findings, as rules are told of it."""

from __future__ import annotations

from typing import NamedTuple

from gitops_lint.node import Location


class Suppression(NamedTuple):
    """A comment that says something about findings: `ignore[rule, …]` or `only[environment, …]`, and why."""

    verb: str
    names: tuple[str, ...]
    reason: str
    at: Location
    void: bool = False  # it gives no reason where one is required
    written: str = ""  # what goes with it: the blanks before it, and the line's end if it stands alone
    span: Location | None = None  # where that stands
