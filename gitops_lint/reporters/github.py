"""GitHub Actions annotations: workflow commands on standard output, the worst first."""

from __future__ import annotations

from collections import Counter
from typing import TextIO

from gitops_lint.finding import Finding
from gitops_lint.report import Report, anchored
from gitops_lint.reporters.escape import github_data, github_property, message
from gitops_lint.reporters.options import Options, visible
from gitops_lint.reporters.tally import tally
from gitops_lint.severity import Severity

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice", Severity.OFF: "notice"}
_MOST = 10  # of each kind that a step may annotate (github.com/actions/toolkit, pull request 734); what comes after is dropped unseen


def render(report: Report, out: TextIO, options: Options) -> None:
    """Write a command for each visible finding as far as GitHub shows them, then one line of counts for the log."""
    written: Counter[str] = Counter()
    shown = sorted(visible(report, options), key=lambda finding: -finding.severity)
    for finding in shown:
        command = _COMMANDS[finding.severity]
        written[command] += 1
        if written[command] <= _MOST:
            out.write(f"::{command} {_properties(finding, report)}::{_data(finding)}\n")
    left = sum(max(0, count - _MOST) for count in written.values())
    more = f" · {left} not annotated: GitHub shows {_MOST} of a kind, the other formats all" if left else ""
    out.write(f"gitops-lint: {tally(report, options)}{more}\n")


def _properties(finding: Finding, report: Report) -> str:
    at, _related = anchored(finding, report)
    properties = {"file": at.path, "line": at.line, "endLine": max(at.line, at.end_line), "title": f"gitops-lint {finding.rule}"}
    if at.end_line == at.line:  # columns are refused where the lines differ
        properties |= {"col": at.column, "endColumn": max(at.end_column, at.column)}
    return ",".join(f"{name}={github_property(str(value))}" for name, value in properties.items())


def _data(finding: Finding) -> str:
    """The message and the help, each on a line of its own."""
    lines = [finding.message, *([f"help: {finding.help}"] if finding.help else [])]
    return "%0A".join(github_data(message(line)) for line in lines)
