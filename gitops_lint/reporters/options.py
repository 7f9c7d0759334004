"""How a report is to be shown, and which of its findings people see unless they ask for all."""

from __future__ import annotations

from dataclasses import dataclass

from gitops_lint.finding import Finding
from gitops_lint.report import Report
from gitops_lint.severity import Severity


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller has decided: `root` is the directory that hyperlinks lead to, `size` the most bytes a Markdown report may have."""

    color: bool = False
    hyperlinks: bool = False
    width: int = 100
    root: str = ""
    all: bool = False
    verbose: bool = False
    fail_on: Severity = Severity.ERROR
    size: int = 1_000_000
    statistics: bool = False


def visible(report: Report, options: Options) -> tuple[Finding, ...]:
    """The findings for the eyes: those of the change, and of them the warnings and errors, unless all are wanted."""
    if options.all:
        return report.findings
    threshold = min(Severity.WARNING, options.fail_on or Severity.WARNING)
    return tuple(finding for finding in report.findings if finding.new and finding.severity >= threshold)
