"""What is like many others, and need not be read as often: a key that many applications lack is a convention, or one mistake copied.

Either way it is one thing. It is said once for all, at the first of them, and no change fails for it; what people choose by name
(variables, secrets) is said of each, because those are what is forgotten everywhere at once. What a change itself brings is no convention.
So it is with the dozens of keys that one environment lacks together, and with one moving version in places that are no environment's: they
are told of the first few, and noted of the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gitops_lint.category import USER_NAMED
from gitops_lint.finding import Finding
from gitops_lint.keypath import KeyPath
from gitops_lint.severity import Severity

MANY = 5  # applications that differ alike; of the labelled omissions one, of a secret's entries, was so common
_TAIL = 2  # segments that say which key it is, wherever an application has it
_OF_A_CHANGE = frozenset(("added-by-change", "removed-here", "new-environment", "promoted"))
ENOUGH = 3  # places that show what the others are like
_VERSIONS = frozenset(("mutable-image-tag", "moving-git-revision", "floating-chart-version", "unpinned-remote-base"))
_ONCE = "said once for all applications that differ in this way"
_LIKE = "like others that are told"
_Place = tuple[KeyPath, tuple[str, ...]]


def marked(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, those about a difference that another application has, too, marked for `grade`.

    All of them are marked `elsewhere`, those that many have `convention`, and of these all but the first `repeated`.
    """
    every = _thinned(list(findings))
    alike: dict[_Place, list[Finding]] = {}
    for finding in every:
        if finding.facts is not None:
            alike.setdefault(_place(finding), []).append(finding)
    return [_marked(finding, alike[_place(finding)]) if finding.facts is not None else finding for finding in every]


def told_otherwise(finding: Finding) -> bool:
    """Whether a finding weighs little only because others are told for it: who accepts those means this one, too."""
    return any(note.startswith((_ONCE, _LIKE)) for note in finding.notes)


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
    return _with(finding, "elsewhere", "convention", "repeated", note=f"{_ONCE}, at {first.at.path}:{first.at.line}")


def _stands(finding: Finding) -> bool:
    return finding.facts is not None and _OF_A_CHANGE.isdisjoint(finding.facts.marks)


def _with(finding: Finding, *marks: str, note: str = "") -> Finding:
    if finding.facts is None:
        return finding
    notes = (*finding.notes, note) if note else finding.notes
    return replace(finding, facts=finding.facts._replace(marks=(*finding.facts.marks, *marks)), notes=notes)


def _thinned(every: list[Finding]) -> list[Finding]:
    """The findings, those noted that are like some which are told already."""
    crowds: dict[tuple[object, ...], list[int]] = {}
    for number, finding in enumerate(every):
        crowd = _crowd(finding)
        if crowd is not None:
            crowds.setdefault(crowd, []).append(number)
    out = list(every)
    for numbers in crowds.values():
        ordered = sorted(numbers, key=lambda number: (every[number].at, every[number].key))
        for number in ordered[ENOUGH:]:
            out[number] = _noted(every[number], every[ordered[0]])
    return out


def _crowd(finding: Finding) -> tuple[object, ...] | None:
    """What a finding has in common with others of which a few are enough; None for what is told in any case."""
    if finding.facts is not None:
        return (finding.application, finding.environments) if "many" in finding.facts.marks and _stands(finding) else None
    told = finding.rule in _VERSIONS and not finding.environments and finding.severity is Severity.WARNING
    return (finding.rule, finding.message) if told else None


def _noted(finding: Finding, first: Finding) -> Finding:
    note = f"{_LIKE}, at {first.at.path}:{first.at.line} for one"
    return (
        _with(finding, "repeated", note=note)
        if finding.facts is not None
        else replace(finding, severity=Severity.INFO, notes=(*finding.notes, note))
    )
