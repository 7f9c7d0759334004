"""Findings counted by rule, for those who want to know what there is before they look at any of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gitops_lint.finding import Finding
from gitops_lint.reporters.escape import show
from gitops_lint.severity import Severity

SUPPORTED = frozenset({"text", "concise", "json", "markdown"})  # the formats that have a place for them

_HEADINGS = ("count", "rule", "severity", "fixable")
_WORDS = ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "info"))


@dataclass(frozen=True, slots=True)
class Row:
    """What was found by one rule: findings of each severity, and of all of them those that `fix` mends, and that `fix --unsafe` does."""

    rule: str
    category: str
    severities: tuple[Severity, ...]
    safe: int
    unsafe: int

    def count(self, severity: Severity) -> int:
        """How many findings there are of a severity."""
        return self.severities.count(severity)


def rows(findings: Iterable[Finding]) -> list[Row]:
    """A row for each rule that found something, most findings first."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.rule, []).append(finding)
    made = [_row(rule, members) for rule, members in found.items()]
    return sorted(made, key=lambda row: (-len(row.severities), -max(row.severities), row.rule))


def _row(rule: str, findings: list[Finding]) -> Row:
    fixes = [finding.fix.safe for finding in findings if finding.fix is not None]
    return Row(rule, findings[0].category, tuple(finding.severity for finding in findings), fixes.count(True), fixes.count(False))


def severities(row: Row) -> str:
    """`error` for a rule with findings of one severity, `2 error, 1 info` for others."""
    counts = [(row.count(severity), word) for severity, word in _WORDS if row.count(severity)]
    return counts[0][1] if len(counts) == 1 else ", ".join(f"{count:,} {word}" for count, word in counts)


def fixable(row: Row) -> str:
    """`3`, `3, 2 unsafe` or nothing."""
    parts = ([f"{row.safe:,}"] if row.safe else []) + ([f"{row.unsafe:,} unsafe"] if row.unsafe else [])
    return ", ".join(parts)


def lines(findings: Iterable[Finding]) -> Iterator[str]:
    """The rows as a table for the terminal, with headings; nothing for no findings."""
    table = [(f"{len(row.severities):,}", show(row.rule), severities(row), fixable(row)) for row in rows(findings)]
    if not table:
        return
    widths = [max(map(len, column)) for column in zip(_HEADINGS, *table, strict=True)]
    for count, *others in (_HEADINGS, *table):
        padded = (f"{text:{width}}" for text, width in zip(others, widths[1:], strict=True))
        yield f"{count:>{widths[0]}}  {'  '.join(padded)}".rstrip()


def described(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """The rows as plain data."""
    return [
        {
            "rule": row.rule,
            "category": row.category,
            "count": len(row.severities),
            **{word: row.count(severity) for severity, word in _WORDS},
            "fixable": row.safe,
            "fixable_unsafe": row.unsafe,
        }
        for row in rows(findings)
    ]
