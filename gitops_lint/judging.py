"""Rules applied to what they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gitops_lint.finding import Finding
from gitops_lint.rule import Rule
from gitops_lint.severity import Severity

Chosen = Sequence[tuple[Rule[Any, Any], object]]
ByScope = Mapping[type, Chosen]


def by_scope(chosen: Iterable[tuple[Rule[Any, Any], object]]) -> ByScope:
    """The rules, each with its options, by what they are about."""
    out: dict[type, list[tuple[Rule[Any, Any], object]]] = {}
    for rule, options in chosen:
        out.setdefault(rule.scope, []).append((rule, options))
    return out


def judged(subjects: Iterable[object], rules: Chosen) -> Iterator[Finding]:
    """What rules find. All of them look at one subject after the other, because they walk the same tree."""
    for subject in subjects if rules else ():
        for rule, options in rules:
            for found in rule.check(subject, options):
                severity = rule.severity if found.severity is Severity.OFF else found.severity
                yield replace(found, rule=rule.name, category=rule.category, severity=severity)
