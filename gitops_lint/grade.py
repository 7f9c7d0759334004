"""How bad a difference is: the decision table, first match, per lacking environment.

The rows are those of the design; the reasons are measured shares of real histories (a difference in scaling is almost never a mistake, a
gap between two environments that both have an environment variable mostly is). Pure: facts in, severity and row out.
"""

from __future__ import annotations

from dataclasses import replace
from math import exp
from typing import NamedTuple

from gitops_lint.category import TUNING
from gitops_lint.finding import Facts, Finding, Lack
from gitops_lint.severity import Severity

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
_EXPLAINED = frozenset({"misplaced", "near-miss", "type"})


class Grade(NamedTuple):
    """The verdict on one lacking environment: the table's row, and what it means."""

    row: int
    severity: Severity
    pending: str | None = None


def grade(finding: Finding, parity: str) -> Finding:
    """The finding with severity, row and confidence; `parity` is the team's policy: `strict`, `together` or `staged`."""
    if finding.facts is None:
        return finding
    grades = [decide(finding.facts, lack, parity) for lack in finding.facts.lack]
    worst = max(grades, key=lambda g: (g.severity, -g.row))
    return replace(finding, severity=worst.severity, grade=worst.row, pending=worst.pending, confidence=confidence(finding.facts, worst))


def decide(facts: Facts, lack: Lack, parity: str) -> Grade:
    """The first row of the table that fits an environment's lack of something."""
    found = _row(facts, lack, staged=parity == "staged")
    strict = parity == "strict" and found.row >= 4  # noqa: PLR2004  the rows that policy may harden
    return Grade(found.row, ERROR) if strict else found


def _row(facts: Facts, lack: Lack, *, staged: bool) -> Grade:
    if facts.kind in _EXPLAINED:
        return Grade(1, ERROR)
    if "removed-here" in facts.marks:
        return Grade(2, ERROR if lack.protected or not staged else WARNING)
    if "new-environment" in facts.marks:
        return Grade(3, ERROR)
    if facts.category in TUNING:
        return Grade(4, INFO)
    if not facts.ranked or lack.rank is None:
        return _peers(facts, staged=staged)
    return _ranked(facts, lack, staged=staged)


def _peers(facts: Facts, *, staged: bool) -> Grade:
    """Row 5: clusters, data centres or regions of one stage, and environments that nobody can rank."""
    alone = len(facts.lack) == 1 and len(facts.have) > 1
    return Grade(5, (WARNING if staged else ERROR) if alone else INFO)


def _ranked(facts: Facts, lack: Lack, *, staged: bool) -> Grade:
    ranks = [rank for _, rank in facts.have if rank is not None]
    here = lack.rank if lack.rank is not None else 0
    lower, higher = any(r < here for r in ranks), any(r > here for r in ranks)
    if lower and higher:
        return Grade(6, ERROR if facts.user_named or not staged else WARNING)
    if not higher and not lower:
        return _peers(facts, staged=staged)
    if higher and "only-top" in facts.marks:
        return Grade(7, WARNING if facts.user_named else INFO)
    if lower:
        return _promotion_lag(facts, staged=staged)
    return Grade(9, WARNING)


def _promotion_lag(facts: Facts, *, staged: bool) -> Grade:
    """Row 8: only lower environments have it."""
    if "promoted" in facts.marks:  # by this change; that the key was added below alone was an error then, unless the policy waits for now
        return Grade(8, ERROR if staged else WARNING)
    if not staged:
        return Grade(8, ERROR)
    added = "added-by-change" in facts.marks
    return Grade(8, WARNING if added else INFO, pending="added by this change" if added else "waiting for promotion")


# What each piece of evidence adds to the log-odds that a key was forgotten; fitted by `benchmarks/fit_confidence.py --write`.
# -- fitted --
WEIGHTS: dict[str, float] = {
    "": -2.0,
}
# -- end of what was fitted --


def evidence(facts: Facts, row: int) -> tuple[str, ...]:
    """The names of everything that speaks for or against a mistake, whether it has a weight or not."""
    counts = ("one-lacks" if len(facts.lack) == 1 else "", "several-have" if len(facts.have) > 1 else "")
    known = (
        f"row-{row}",
        facts.category,
        "user-named" if facts.user_named else "",
        "protected" if any(lack.protected for lack in facts.lack) else "",
        "subtree" if any(len(lack.leaves) > 1 for lack in facts.lack) else "",
        *counts,
        *facts.marks,
    )
    return tuple(filter(None, known))


def confidence(facts: Facts, found: Grade) -> float:
    """The share of differences with this evidence that had been forgotten, in the histories that the weights were fitted on."""
    odds = WEIGHTS[""] + sum(WEIGHTS.get(name, 0.0) for name in evidence(facts, found.row))
    return round(1 / (1 + exp(-odds)), 2)
