"""Rules applied to what they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from gitops_lint.finding import Finding
from gitops_lint.rule import Rule
from gitops_lint.severity import Severity

Chosen = Sequence[tuple[Rule[Any, Any], object]]  # rules, each with its options


def judged(subjects: Iterable[object], rules: Chosen) -> Iterator[Finding]:
    """What rules find. All of them look at one subject after the other, because they walk the same tree."""
    checks = [(rule, rule.check, options) for rule, options in rules]
    for subject in subjects if checks else ():
        for rule, check, options in checks:
            for found in check(subject, options):
                severity = rule.severity if found.severity is Severity.OFF else found.severity
                yield replace(found, rule=rule.name, category=rule.category, severity=severity)
