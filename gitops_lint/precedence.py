"""A declared order of two stages beside the order in which the linter takes them."""

from __future__ import annotations

from typing import NamedTuple

from gitops_lint.model import Evidence


class Precedence(NamedTuple):
    """Two stages that follow one another in a promotion tool's own declaration, and the ranks of the environments of these names."""

    earlier: str
    later: str
    ranks: tuple[int, int]
    evidence: Evidence
