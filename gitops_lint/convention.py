"""What other applications of a repository do: a key that several of them lack in the same stage is a convention, or one mistake copied.

Either way it is one thing. Where many have it, it is said once for all, at the first of them, and no change fails for it; what people
choose by name (variables, secrets) is said of each, because those are what is forgotten everywhere at once. What a change itself brings is
no convention.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gitops_lint.category import USER_NAMED
from gitops_lint.finding import Finding
from gitops_lint.keypath import KeyPath

MANY = 5  # applications that differ alike; of the labelled omissions one, of a secret's entries, was so common
_TAIL = 2  # segments that say which key it is, wherever an application has it
_OF_A_CHANGE = frozenset(("added-by-change", "removed-here", "new-environment", "promoted"))
_Place = tuple[KeyPath, tuple[str, ...]]


def marked(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, those about a difference that another application has, too, marked for `grade`.

    All of them are marked `elsewhere`, those that many have `convention`, and of these all but the first `repeated`.
    """
    every = list(findings)
    alike: dict[_Place, list[Finding]] = {}
    for finding in every:
        if finding.facts is not None:
            alike.setdefault(_place(finding), []).append(finding)
    return [_marked(finding, alike[_place(finding)]) if finding.facts is not None else finding for finding in every]


def _place(finding: Finding) -> _Place:
    return finding.key[-_TAIL:], finding.environments


def _marked(finding: Finding, alike: list[Finding]) -> Finding:
    if len(alike) == 1 or len({other.application for other in alike}) == 1:
        return finding
    standing = {other.application for other in alike if _stands(other)}
    if len(standing) < MANY or finding.facts is None or finding.facts.kind != "missing":
        return _with(finding, "elsewhere")
    first = min((other for other in alike if _stands(other)), key=lambda other: (other.at.path, other.at.line, other.at.column))
    if finding.facts.user_named or finding.facts.category in USER_NAMED:
        return _with(finding, "elsewhere", "convention")
    if finding is first:
        return _with(finding, "elsewhere", "convention", note=f"said once for {len(standing)} applications, which all differ in this way")
    note = f"said once for all applications that differ in this way, at {first.at.path}:{first.at.line}"
    return _with(finding, "elsewhere", "convention", "repeated", note=note)


def _stands(finding: Finding) -> bool:
    return finding.facts is not None and _OF_A_CHANGE.isdisjoint(finding.facts.marks)


def _with(finding: Finding, *marks: str, note: str = "") -> Finding:
    if finding.facts is None:
        return finding
    notes = (*finding.notes, note) if note else finding.notes
    return replace(finding, facts=finding.facts._replace(marks=(*finding.facts.marks, *marks)), notes=notes)
