"""The page's two pictures: which version runs where, and which key is set where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gitops_lint.finding import Finding
from gitops_lint.report import Cell, Report, fingerprints, subject
from gitops_lint.reporters.escape import LONGEST, html, named, show

_MARKS = {"ahead": "▲", "behind": "▼", "mutable": "~", "missing": "✕", "unknown": "?", "same": ""}
_MOST_ROWS = 500
_UNFOLDED = 20  # rows after which an application's are folded
_SET = '<td class="set" title="set">●</td>'
_KINDS = {  # of a difference: what stands where the key should
    "missing": ("✕", "missing"),
    "misplaced": ("↷", "stands elsewhere"),
    "near-miss": ("≈", "has another name"),
    "type": ("≠", "of another type"),
    "empty": ("∅", "empty"),
}
_APART = '<td class="apart" title="not compared">·</td>'


def matrix(report: Report) -> Iterator[str]:
    """Applications by environments with their versions; nothing where the run made none."""
    table = report.matrix
    if table is None:
        return
    heads = "".join(f'<th scope="col">{html(name)}</th>' for name in table.columns)
    yield f'<section id="versions"><h2>Versions <small>{len(table.rows)}</small></h2><div class="wide"><table class="matrix">'
    yield f'<thead><tr><th scope="col">application</th>{heads}</tr></thead><tbody>'
    for application, cells in table.rows:
        yield f"<tr>{_head(html(show(application, LONGEST)))}{''.join(map(_cell, cells))}</tr>"
    yield "</tbody></table></div>" + _legend((state, mark, state) for state, mark in _MARKS.items() if mark) + "</section>"


def _head(text: str, anchor: str = "") -> str:
    """The head of a row, which is cut where the column ends: the whole of it shows on hovering."""
    return f'<th scope="row" title="{text}">' + (f'<a href="#{anchor}">{text}</a></th>' if anchor else f"{text}</th>")


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return "<td></td>"
    state = cell.state if cell.state in _MARKS else "unknown"
    title = f' title="{html(cell.title or state)}"'
    return f'<td class="{state}"{title}>{html(show(cell.text, LONGEST))} <span aria-label="{state}">{_MARKS[state]}</span></td>'


def _legend(states: Iterable[tuple[str, str, str]]) -> str:
    shown = (f'<li><span class="{state}">{mark}</span> {meaning}</li>' for state, mark, meaning in states)
    return f'<ul class="legend">{"".join(shown)}</ul>'


class Row(NamedTuple):
    """A key of an application: who has it, who lacks it, and the finding that says so."""

    key: str
    have: frozenset[str]
    lack: frozenset[str]
    severity: str
    kind: str
    anchor: str


def parity(report: Report) -> Iterator[str]:
    """Keys by environments, an application at a time, of the findings that are differences."""
    rows = _rows(report)
    total = sum(map(len, rows.values()))
    yield f'<section id="parity"><h2>Parity <small>{total:,}</small></h2>'
    if not total:
        yield '<p class="good">No environment lacks what another has.</p></section>'
        return
    left = _MOST_ROWS
    for application, keys in rows.items():
        if left > 0:
            yield from _heat(application, keys[:left], len(keys), report, unfolded=left > _MOST_ROWS - _UNFOLDED)
        left -= len(keys)
    if left < 0:
        yield f'<p class="more">{-left:,} more keys are in the findings below.</p>'
    kinds = {row.kind for keys in rows.values() for row in keys}
    yield (
        _legend((("set", "●", "set"), *(("error", *_KINDS[kind]) for kind in _KINDS if kind in kinds), ("apart", "·", "not compared")))
        + "</section>"
    )


def _rows(report: Report) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {}
    for finding, fingerprint in zip(report.findings, fingerprints(report.findings), strict=True):
        if finding.facts is not None and finding.facts.lack:
            rows.setdefault(finding.application, []).append(_row(finding, fingerprint))
    return dict(sorted(rows.items(), key=lambda item: (-len(item[1]), item[0])))


def _row(finding: Finding, fingerprint: str) -> Row:
    facts = finding.facts
    have, lack = (facts.have, facts.lack) if facts is not None else ((), ())
    missing = frozenset(item.environment for item in lack)
    kind = facts.kind if facts is not None and facts.kind in _KINDS else "missing"
    return Row(subject(finding), frozenset(name for name, _rank in have) - missing, missing, str(finding.severity), kind, f"f{fingerprint}")


def _heat(application: str, rows: list[Row], total: int, report: Report, *, unfolded: bool) -> Iterator[str]:
    members = {name for row in rows for name in row.have | row.lack}
    known = [name for owner, name in report.environments if owner == application and name in members]
    columns = [*known, *sorted(members.difference(known))]
    heads = "".join(f'<th scope="col">{html(show(name, LONGEST))}</th>' for name in columns)
    name = html(show(application, LONGEST)) or "no application"
    yield f'<details class="heat"{" open" if unfolded else ""}><summary>{name} <small>{total:,}</small></summary>'
    yield f'<div class="wide"><table class="heat"><thead><tr><th scope="col">key</th>{heads}</tr></thead><tbody>'
    for row in rows:
        cells = "".join(_state(row, name) for name in columns)
        yield f"<tr>{_head(html(show(named(row.key), LONGEST)), row.anchor)}{cells}</tr>"
    yield "</tbody></table></div></details>"


def _state(row: Row, name: str) -> str:
    if name in row.lack:
        mark, meaning = _KINDS[row.kind]
        return f'<td class="{row.severity}" title="{meaning}">{mark}</td>'
    return _SET if name in row.have else _APART
