"""GitLab's Code Quality report, by its documentation and by what its parser wants (app/validators/json_schemas/codeclimate.json)."""

from __future__ import annotations

from typing import TextIO

from gitops_lint.finding import Finding
from gitops_lint.report import Report, anchored, fingerprints
from gitops_lint.reporters.escape import json_text, message
from gitops_lint.reporters.options import Options
from gitops_lint.severity import Severity

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info", Severity.OFF: "info"}


def render(report: Report, out: TextIO, options: Options) -> None:  # noqa: ARG001  every reporter is called alike
    """Write an array of all findings, new or not: GitLab compares the reports of two branches by fingerprint."""
    pairs = zip(report.findings, fingerprints(report.findings), strict=True)
    out.write(json_text([_degradation(finding, fingerprint, report) for finding, fingerprint in pairs], indent=1) + "\n")


def _degradation(finding: Finding, fingerprint: str, report: Report) -> dict[str, object]:
    at, _related = anchored(finding, report)
    return {
        "type": "issue",
        "check_name": finding.rule,
        "description": message(f"{finding.rule}: {finding.message}"),
        "fingerprint": fingerprint,
        "severity": "critical" if finding.category == "secrets" and finding.severity is Severity.ERROR else _SEVERITIES[finding.severity],
        "location": {
            "path": at.path,
            "lines": {"begin": at.line, "end": max(at.line, at.end_line)},
            "positions": {
                "begin": {"line": at.line, "column": at.column},
                "end": {"line": max(at.line, at.end_line), "column": at.end_column},
            },
        },
    }
