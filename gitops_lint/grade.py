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
_LOWER = {ERROR: WARNING, WARNING: INFO, INFO: INFO}
_NOTED = frozenset({"repeated", "named", "idle"})  # said elsewhere, named after another stage, without effect
_EXPLAINED = frozenset({"misplaced", "near-miss", "type"})
_MANY = 3  # environments, whose way of writing a key is the usual one


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
    if "unsaid" in facts.marks and parity != "strict":
        slip = facts.kind in _EXPLAINED and len(facts.have) >= _MANY
        return found._replace(severity=WARNING if slip else INFO)  # nobody says that these are to be alike
    if found.row < 4:  # noqa: PLR2004  the rows that policy may harden begin here
        return found
    if parity == "strict":
        return Grade(found.row, ERROR)
    return found._replace(severity=min(found.severity, _most(facts.marks, found.severity)))


def _most(marks: tuple[str, ...], severity: Severity) -> Severity:
    """The most that a difference can be for what else is like it, here or in many applications, and for its being older than the change."""
    if not _NOTED.isdisjoint(marks):
        return INFO
    if "convention" in marks or "narrowed" in marks:
        severity = min(severity, WARNING)
    return _LOWER[severity] if "many" in marks else severity


def _row(facts: Facts, lack: Lack, *, staged: bool) -> Grade:
    if facts.kind in _EXPLAINED:
        return Grade(1, ERROR)
    if "removed-here" in facts.marks:
        return Grade(2, ERROR if lack.protected or not staged else WARNING)
    if "new-environment" in facts.marks:
        return Grade(3, ERROR)
    if facts.category in TUNING:
        return Grade(4, WARNING if "astray" in facts.marks else INFO)  # others have put it in the wrong place: nobody looked
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
        return _beside(facts, staged=staged)
    if higher and "only-top" in facts.marks:
        return Grade(7, WARNING if facts.user_named else INFO)
    if lower:
        return _promotion_lag(facts, staged=staged)
    return Grade(9, WARNING)


def _beside(facts: Facts, *, staged: bool) -> Grade:
    """Row 5 among stages: environments of the same rank have it, and those above lack it as well unless that is the last rank."""
    found = _peers(facts, staged=staged)
    on_its_way = not staged and "only-top" not in facts.marks and "trial" not in facts.marks
    return found._replace(severity=max(found.severity, WARNING)) if on_its_way else found


def _promotion_lag(facts: Facts, *, staged: bool) -> Grade:
    """Row 8: only lower environments have it. What is for trying things out belongs there."""
    if "trial" in facts.marks:
        return Grade(8, INFO)
    if "promoted" in facts.marks:  # by this change; that the key was added below alone was an error then, unless the policy waits for now
        return Grade(8, ERROR if staged else WARNING)
    if not staged:
        return Grade(8, ERROR)
    added = "added-by-change" in facts.marks and "narrowed" not in facts.marks
    return Grade(8, WARNING if added else INFO, pending="added by this change" if added else "waiting for promotion")


# What each piece of evidence adds to the log-odds that a key was forgotten; fitted by `benchmarks/fit_confidence.py --write` on labelled
# late additions of keys. Suspicious ones had been labelled more often: among all differences that are ever completed, odds are a quarter.
# -- fitted --
WEIGHTS: dict[str, float] = {
    "": 0.06,  # of any difference
    "list-item": 1.50,
    "names-environment": 1.21,
    "elsewhere": 1.01,
    "row-1": 0.75,
    "user-named": 0.69,
    "row-9": 0.58,
    "touched": 0.48,
    "new-environment": 0.44,
    "row-3": 0.44,
    "row-5": 0.32,
    "image": 0.23,
    "resource-list": 0.13,
    "env-var": -0.10,
    "secret": -0.15,
    "replaced": -0.33,
    "ingress": -0.37,
    "other": -0.38,
    "only-top": -0.42,
    "row-8": -0.43,
    "repeated": -0.46,
    "added-by-change": -0.48,
    "row-7": -0.48,
    "many": -0.58,
    "row-4": -0.70,
    "row-6": -0.73,
    "switch": -0.84,
    "protected": -0.96,
}
# -- end of what was fitted --


def evidence(facts: Facts, row: int) -> tuple[str, ...]:
    """The names of everything that speaks for or against a mistake, whether it has a weight or not."""
    known = (
        f"row-{row}",
        facts.category if facts.category not in TUNING else "",  # which the row tells
        "user-named" if facts.user_named else "",
        "protected" if any(lack.protected for lack in facts.lack) else "",
        *facts.marks,
    )
    return tuple(filter(None, known))


_WORDS = {
    "list-item": "an item of a list",
    "names-environment": "a value that names its environment",
    "elsewhere": "the same in another application",
    "row-1": "explained by a key that is there instead",
    "row-6": "a lower and a higher environment have it",
    "row-7": "only the last stage has it",
    "row-8": "only lower environments have it",
    "row-9": "higher environments have it",
    "row-5": "environments of one rank",
    "row-4": "scaling, resources, schedules, alerts or metadata",
    "user-named": "in a map whose keys people choose",
    "touched": "the change edits the lacking file",
    "image": "an image",
    "env-var": "an environment variable",
    "ingress": "an ingress",
    "secret": "a secret",
    "added-by-change": "added by this change",
    "replaced": "other keys stand in its place",
    "identity": "an identity",
    "many": "one of very many",
    "row-3": "the environment is new",
    "repeated": "like others that are told",
    "resource-list": "an entry of a kustomization",
    "protected": "missing in a protected environment",
    "switch": "a switch",
}


def told(finding: Finding) -> str:
    """The confidence of a finding and the evidence for it in words, the weightiest first; what speaks against a mistake follows `but`."""
    if finding.facts is None or finding.confidence is None or finding.grade is None:
        return ""
    known = [name for name in evidence(finding.facts, finding.grade) if name in _WORDS and name in WEIGHTS]
    ordered = sorted(known, key=lambda name: -abs(WEIGHTS[name]))
    sides = [", ".join(_WORDS[name] for name in ordered if (WEIGHTS[name] > 0) is good) for good in (True, False)]
    return f"confidence {finding.confidence:.2f}: {'; but '.join(filter(None, sides)) or 'nothing speaks for it or against it'}"


def confidence(facts: Facts, found: Grade) -> float:
    """The share of differences with this evidence that had been forgotten, in the histories that the weights were fitted on."""
    odds = WEIGHTS[""] + sum(WEIGHTS.get(name, 0.0) for name in evidence(facts, found.row))
    return round(1 / (1 + exp(-odds)), 2)
