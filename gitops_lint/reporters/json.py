"""Everything a run found, by the published schema `schemas/report.schema.json`."""

from __future__ import annotations

from typing import TextIO

from gitops_lint.finding import Finding
from gitops_lint.keypath import dotted
from gitops_lint.report import Report, fingerprints, identities
from gitops_lint.reporters import statistics
from gitops_lint.reporters.escape import json_text
from gitops_lint.reporters.options import Options
from gitops_lint.severity import Severity

VERSION = 1


def render(report: Report, out: TextIO, options: Options) -> None:
    """Write all findings, also those that are not new; one finding per line, so that reports can be compared by line."""
    head = {"version": VERSION, "tool": {"name": "gitops-lint", "version": report.version}}
    tail: dict[str, object] = {
        "unverified": [{"path": item.path, "line": item.line, "reason": item.reason} for item in report.unverified],
        "not_run": [{"rule": rule, "reason": reason} for rule, reason in report.not_run],
        "base": None if report.base is None else {"rev": report.base.rev, "source": report.base.source},
        "summary": _summary(report),
    }
    if options.statistics:
        tail["statistics"] = statistics.described(report.findings)
    out.write(json_text(head)[:-1] + ',\n "findings": [')
    separator = "\n  "
    for finding, fingerprint in zip(report.findings, fingerprints(report.findings), strict=True):
        out.writelines((separator, json_text(_finding(finding, fingerprint))))
        separator = ",\n  "
    out.write("],\n " + json_text(tail)[1:] + "\n")


def _finding(finding: Finding, fingerprint: str) -> dict[str, object]:
    at = finding.at
    return {
        "rule": finding.rule,
        "category": finding.category,
        "severity": str(finding.severity),
        "message": finding.message,
        "application": finding.application,
        "environments": finding.environments,
        "key": dotted(finding.key) if finding.key else None,
        "subject": finding.subject or None,
        "path": at.path,
        "line": at.line,
        "column": at.column,
        "end_line": at.end_line,
        "end_column": at.end_column,
        "label": finding.label,
        "help": finding.help,
        "notes": finding.notes,
        "aliases": finding.aliases,
        "grade": finding.grade,
        "confidence": finding.confidence,
        "pending": finding.pending,
        "identities": identities(finding),
        "related": [
            {"environment": item.environment, "path": item.at.path, "line": item.at.line, "column": item.at.column, "message": item.message}
            for item in finding.related
        ],
        "fingerprint": fingerprint,
        "new": finding.new,
        "fix": None if finding.fix is None else {"title": finding.fix.title, "safe": finding.fix.safe},
    }


def _summary(report: Report) -> dict[str, int]:
    counts = report.summary
    return {
        "applications": counts.applications,
        "environments": counts.environments,
        "files": counts.found,
        "files_read": counts.read,
        "files_failed": counts.failed,
        "files_skipped": counts.skipped,
        "error": report.count(Severity.ERROR),
        "warning": report.count(Severity.WARNING),
        "info": report.count(Severity.INFO),
        "new": sum(finding.new for finding in report.findings),
        "suppressed": counts.suppressed,
        "unverified": len(report.unverified),
    }
