"""SARIF 2.1.0 in the part of it that GitHub reads (docs.github.com, "SARIF support for code scanning"), which others read as well."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from gitops_lint.finding import Finding, Related, Replace
from gitops_lint.node import Location
from gitops_lint.report import Entry, Report, anchored, fingerprints
from gitops_lint.reporters.escape import json_text, message, show, uri
from gitops_lint.reporters.options import Options
from gitops_lint.reporters.suggestions import replacements
from gitops_lint.severity import Severity

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note", Severity.OFF: "none"}
_MOST_RESULTS = 25_000  # a run with more is refused
_MOST_LINKS = 5
_MOST_PLACES = 100  # of those related to a result, GitHub keeps as many
_LONGEST_DESCRIPTION = 1024
_SECURITY_SEVERITY = "8.0"  # makes an alert a security alert: for what gives secrets away


def render(report: Report, out: TextIO, options: Options) -> None:  # noqa: ARG001  every reporter is called alike
    """Write one run; results are sorted by severity, so that what is cut matters least."""
    rules = {entry.name: entry for entry in report.catalogue}
    for finding in report.findings:
        rules.setdefault(finding.rule, Entry(finding.rule, finding.category, finding.rule, severity=finding.severity))
    index = {name: number for number, name in enumerate(rules)}
    marked = sorted(zip(report.findings, fingerprints(report.findings), strict=True), key=lambda pair: -pair[0].severity)
    run = {
        "tool": {"driver": {"name": "gitops-lint", "semanticVersion": report.version, "rules": [_rule(entry) for entry in rules.values()]}},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": list(_notifications(report))}],
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, mark, index, report) for finding, mark in marked[:_MOST_RESULTS]],
    }
    out.write(json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n")


def _rule(entry: Entry) -> dict[str, object]:
    summary = show(entry.summary, _LONGEST_DESCRIPTION) or entry.name
    tags = [entry.category, "security"] if entry.category == "secrets" else [entry.category]
    properties: dict[str, object] = {"tags": tags, "precision": "high", "problem.severity": _problem(entry.severity)}
    if entry.category == "secrets":
        properties["security-severity"] = _SECURITY_SEVERITY
    page = entry.page.strip() or summary
    return {
        "id": entry.name,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": summary},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": _LEVELS[entry.severity], "enabled": entry.severity is not Severity.OFF},
        "properties": properties,
    }


def _problem(severity: Severity) -> str:
    return "recommendation" if severity <= Severity.INFO else str(severity)


def _result(finding: Finding, fingerprint: str, index: dict[str, int], report: Report) -> dict[str, object]:
    at, related = anchored(finding, report)
    result: dict[str, object] = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": _linked(finding, related)},
        "locations": [{"physicalLocation": _physical(at)}],
        "partialFingerprints": {"primaryLocationLineHash": f"{fingerprint}:1", "gitopsLint/v1": fingerprint},
        "properties": {"application": show(finding.application), "environments": list(map(show, finding.environments)), "new": finding.new},
    }
    if related:
        result["relatedLocations"] = [
            {"id": number, "physicalLocation": _physical(item.at), "message": {"text": _plain(item.message) or "here"}}
            for number, item in enumerate(related[:_MOST_PLACES], 1)
        ]
    if edits := replacements(finding.fix):
        result["fixes"] = [{"description": {"text": _plain(finding.fix.title if finding.fix else "")}, "artifactChanges": _changes(edits)}]
    return result


def _plain(text: str) -> str:
    """A message in which nothing reads as a link to a related location: `[text](1)`."""
    return message(text).replace("](", "] (")


def _linked(finding: Finding, related: Iterable[Related]) -> str:
    names = [_plain(item.message or "here").replace("[", "(").replace("]", ")") for item in related]
    links = ", ".join(f"[{name}]({number})" for number, name in enumerate(names[:_MOST_LINKS], 1))
    more = f", {len(names) - _MOST_LINKS} more" if len(names) > _MOST_LINKS else ""
    return _plain(finding.message) + (f" ({links}{more})" if links else "")


def _physical(at: Location) -> dict[str, object]:
    return {"artifactLocation": {"uri": uri(at.path), "uriBaseId": "%SRCROOT%"}, "region": _region(at)}


def _region(at: Location) -> dict[str, int]:
    """The span; an empty one is given a column, since nothing would be seen of it."""
    end = at.end_column if at.end_line > at.line else max(at.end_column, at.column + 1)
    return {"startLine": at.line, "startColumn": at.column, "endLine": max(at.end_line, at.line), "endColumn": end}


def _changes(edits: Iterable[Replace]) -> list[dict[str, object]]:
    by_path: dict[str, list[Replace]] = {}
    for edit in edits:
        by_path.setdefault(edit.path, []).append(edit)
    return [
        {
            "artifactLocation": {"uri": uri(path), "uriBaseId": "%SRCROOT%"},
            "replacements": [{"deletedRegion": _exact(edit.at), "insertedContent": {"text": edit.new}} for edit in group],
        }
        for path, group in by_path.items()
    ]


def _exact(at: Location) -> dict[str, int]:
    return {"startLine": at.line, "startColumn": at.column, "endLine": at.end_line, "endColumn": at.end_column}


def _notifications(report: Report) -> Iterable[dict[str, object]]:
    for item in report.unverified:
        yield {
            "level": "error" if item.severity == "error" else "warning",
            "message": {"text": _plain(item.reason)},
            "locations": [{"physicalLocation": _physical(Location(item.path, item.line, 1, item.line, 1))}],
        }
    for name, reason in report.not_run:
        yield {"level": "note", "message": {"text": _plain(f"{name} was not run: {reason}")}}
