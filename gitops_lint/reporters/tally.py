"""The last line of what people read: how many findings, of how much, and what was not checked."""

from __future__ import annotations

from gitops_lint.report import Report, Summary
from gitops_lint.reporters.options import Options, visible
from gitops_lint.severity import Severity


def tally(report: Report, options: Options) -> str:
    """`2 findings (1 error, 1 warning) · 12 applications × 4 environments · 3 not checked (gitops-lint check --verbose)`."""
    shown = visible(report, options)
    parts = [_findings([finding.severity for finding in shown], "" if report.base is None or options.all else "new ")]
    if hidden := len(report.findings) - len(shown):
        parts.append(f"{hidden} more (--all)")
    parts.append(_looked_at(report.summary))
    if report.summary.suppressed:
        parts.append(f"{report.summary.suppressed} suppressed")
    if report.unverified:
        parts.append(f"{len(report.unverified)} not checked" + ("" if options.verbose else " (gitops-lint check --verbose)"))
    return " · ".join(parts)


def plural(count: int, noun: str) -> str:
    """The count with its noun."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def _findings(severities: list[Severity], news: str) -> str:
    if not severities:
        return f"no {news}findings"
    kinds = ((Severity.ERROR, "error"), (Severity.WARNING, "warning"))
    counts = [plural(severities.count(severity), noun) for severity, noun in kinds if severity in severities]
    if Severity.INFO in severities:
        counts.append(f"{severities.count(Severity.INFO):,} info")
    return f"{plural(len(severities), f'{news}finding')} ({', '.join(counts)})"


def _looked_at(summary: Summary) -> str:
    """Applications by environments where every application has as many, both counts otherwise."""
    applications, environments = summary.applications, summary.environments
    if applications > 1 and environments and environments % applications == 0:
        return f"{plural(applications, 'application')} × {plural(environments // applications, 'environment')}"
    return f"{plural(applications, 'application')}, {plural(environments, 'environment')}"
