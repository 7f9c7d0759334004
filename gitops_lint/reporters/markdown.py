"""Markdown for a job summary or a comment: what was found, the matrix, the source lines; cut to what a forge takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from gitops_lint.finding import Finding
from gitops_lint.report import Cell, Matrix, Report
from gitops_lint.reporters import statistics, text
from gitops_lint.reporters.escape import fence, markdown, markdown_code, markdown_message, place
from gitops_lint.reporters.options import Options, visible
from gitops_lint.reporters.tally import plural, tally
from gitops_lint.severity import Severity

_MARKS = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.INFO: "ℹ️", Severity.OFF: ""}
_STATES = {"ahead": "⏩", "behind": "⏪", "mutable": "〰️", "missing": "✖️", "unknown": "❔"}
_ROOM = 200  # bytes kept for the line that says how much was left out
_LONGEST_PATH = 90
_FRAMES = 50  # findings whose source lines are worth the space


def render(report: Report, out: TextIO, options: Options) -> None:
    """Write the report in at most `options.size` bytes of UTF-8; what no longer fits is counted."""
    room = options.size - _ROOM
    shown = sorted(visible(report, options), key=lambda finding: -finding.severity)
    head = f"## gitops-lint\n\n{tally(report, options)}\n"
    room -= _size(head)
    out.write(head)
    sections = (_table(shown), _unchecked(report), _matrix(report.matrix), _frames(shown, report))
    for section in (_counts(shown),) if options.statistics else sections:
        room = _section(section, out, room)


def _size(part: str) -> int:
    return len(part.encode("utf-8", "replace"))


def _section(parts: Iterator[str], out: TextIO, room: int) -> int:
    """Write parts while there is room for them, and for the end of the section, which comes first."""
    end = next(parts, "")
    room -= _size(end)
    left = 0
    for part in parts:
        if left or _size(part) > room:
            left += 1
            continue
        room -= _size(part)
        out.write(part)
    out.write(end if room >= 0 else "")
    if left:
        out.write(f"\n{plural(left, 'more line')} left out for want of space\n")
        return -1
    return room


def _table(findings: list[Finding]) -> Iterator[str]:
    if not findings:
        return
    yield ""
    yield "\n| | rule | where | what |\n|---|---|---|---|\n"
    for finding in findings:
        where = markdown_code(place(finding.at, _LONGEST_PATH))
        yield f"| {_MARKS[finding.severity]} | {markdown_code(finding.rule)} | {where} | {markdown_message(finding.message)} |\n"


def _counts(findings: list[Finding]) -> Iterator[str]:
    if not findings:
        return
    yield ""
    yield "\n| findings | rule | severity | fixable |\n|---:|---|---|---|\n"
    for row in statistics.rows(findings):
        yield f"| {len(row.severities):,} | {markdown_code(row.rule)} | {statistics.severities(row)} | {statistics.fixable(row)} |\n"


def _unchecked(report: Report) -> Iterator[str]:
    if not report.unverified:
        return
    yield "\n</details>\n"
    yield f"\n<details><summary>{len(report.unverified)} not checked</summary>\n\n"
    for item in report.unverified:
        yield f"* {markdown_code(f'{item.path}:{item.line}')} {markdown_message(item.reason)}\n"


def _matrix(matrix: Matrix | None) -> Iterator[str]:
    if matrix is None:
        return
    yield "\n</details>\n"
    columns = " | ".join(map(markdown, matrix.columns))
    yield f"\n<details><summary>Versions</summary>\n\n| | {columns} |\n|{'---|' * (len(matrix.columns) + 1)}\n"
    for application, cells in matrix.rows:
        yield f"| {markdown(application)} | {' | '.join(map(_cell, cells))} |\n"


def _cell(cell: Cell | None) -> str:
    return "" if cell is None else f"{_STATES.get(cell.state, '')} {markdown(cell.text)}".strip()


def _frames(findings: list[Finding], report: Report) -> Iterator[str]:
    if not findings:
        return
    yield "\n</details>\n"
    yield "\n<details><summary>Source lines</summary>\n"
    for lines in text.findings(findings[:_FRAMES], report):
        body = "\n".join(lines)
        mark = fence(body)
        yield f"\n{mark}text\n{body}\n{mark}\n"
