"""reviewdog's Diagnostic Format, with suggestions: lines and columns count from 1, columns in bytes of UTF-8, the end is exclusive."""

from __future__ import annotations

from typing import TextIO

from gitops_lint.finding import Finding, Replace
from gitops_lint.node import Location
from gitops_lint.report import Report, anchored
from gitops_lint.reporters.escape import json_text, message
from gitops_lint.reporters.frame import Sources
from gitops_lint.reporters.options import Options
from gitops_lint.reporters.suggestions import replacements


def render(report: Report, out: TextIO, options: Options) -> None:  # noqa: ARG001  every reporter is called alike
    """Write the new findings as one DiagnosticResult."""
    sources = Sources(report.source)
    diagnostics = [_diagnostic(finding, report, sources) for finding in report.findings if finding.new]
    out.write(json_text({"source": {"name": "gitops-lint"}, "diagnostics": diagnostics}, indent=1) + "\n")


def _diagnostic(finding: Finding, report: Report, sources: Sources) -> dict[str, object]:
    at, related = anchored(finding, report)
    diagnostic: dict[str, object] = {
        "message": message(finding.message),
        "location": _location(at, sources),
        "severity": str(finding.severity).upper(),
        "code": {"value": finding.rule},
    }
    if related:
        diagnostic["related_locations"] = [{"message": message(item.message), "location": _location(item.at, sources)} for item in related]
    if edits := [edit for edit in replacements(finding.fix) if edit.path == at.path]:
        diagnostic["suggestions"] = [_suggestion(edit, sources) for edit in edits]
    return diagnostic


def _location(at: Location, sources: Sources) -> dict[str, object]:
    return {"path": at.path, "range": _range(at, sources)}


def _suggestion(edit: Replace, sources: Sources) -> dict[str, object]:
    return {"range": _range(edit.at, sources), "text": edit.new}


def _range(at: Location, sources: Sources) -> dict[str, object]:
    end = Location(at.path, max(at.line, at.end_line), at.end_column)
    return {"start": _position(at, sources), "end": _position(end, sources)}


def _position(at: Location, sources: Sources) -> dict[str, int]:
    """A line, and the column in bytes; none where the line cannot be had, since a wrong one would mark something else."""
    line = sources.line(at)
    if line is None:
        return {"line": at.line}
    return {"line": at.line, "column": len(line[: at.column - 1].encode("utf-8", "replace")) + 1}
