"""Rules applied to what they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from gitops_lint.finding import Finding
from gitops_lint.rule import Rule
from gitops_lint.severity import Severity

Chosen = Sequence[tuple[Rule[Any, Any], object]]  # rules, each with its options
LARGEST = 320_000  # keys and values in an environment or a file that are looked at; of real ones the largest has 300,947
CRASHED = "in the rule"  # what is noted on an error that a rule has raised begins so
MOST = 10_000  # findings of one rule about all of a repository, or one thing in it


def judged(subjects: Iterable[object], rules: Chosen, most: int = MOST) -> Iterator[Finding]:
    """What rules find. All of them look at one subject after the other, because they walk the same tree.

    What a rule finds in a subject beyond the `most` is not told one by one: a last finding says that there is more.
    """
    checks = [(rule, rule.check, options) for rule, options in rules]
    for subject in subjects if checks else ():
        for rule, check, options in checks:
            try:
                yield from _told(rule, check(subject, options), most)
            except SystemExit as error:  # a rule of somebody else's may not say how the run ends
                crash = RuntimeError()
                crash.add_note(f"{CRASHED} `{rule.name}`")
                raise crash from error
            except Exception as error:
                error.add_note(f"{CRASHED} `{rule.name}`")
                raise


def _told(rule: Rule[Any, Any], findings: Iterable[Finding], most: int) -> Iterator[Finding]:
    for number, found in enumerate(findings):
        if number == most:
            message = f"more than {most:,} findings of this rule: the rest is not told"
            found = Finding(message, found.at, application=found.application, subject="untold")  # noqa: PLW2901  the last one
        severity = rule.severity if found.severity is Severity.OFF else found.severity
        yield replace(found, rule=rule.name, category=rule.category, severity=severity)
        if number == most:
            return
