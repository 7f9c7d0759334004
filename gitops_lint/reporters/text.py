"""For the terminal: each finding with its source lines, as compilers show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, TextIO

from gitops_lint.finding import Finding, Related
from gitops_lint.node import Location
from gitops_lint.report import Report
from gitops_lint.reporters.escape import message, place, show, uri
from gitops_lint.reporters.frame import Sources, display_width
from gitops_lint.reporters.options import Options, visible
from gitops_lint.reporters.related import grouped
from gitops_lint.reporters.tally import tally
from gitops_lint.severity import Severity

_COLORS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}
_GUTTER = "1;34"
_NARROWEST = 20


class Ink(NamedTuple):
    """How to paint: with colours or not, with hyperlinks below `root` or not."""

    color: bool
    root: str

    def paint(self, code: str, text: str) -> str:
        """The text in a colour, given as the parameters of SGR."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and text else text

    def place(self, at: Location) -> str:
        """`path:line:column`, as a hyperlink (OSC 8) where these are wanted."""
        text = place(at)
        if not self.root:
            return text
        target = "file://" + uri(f"{self.root}/{at.path}")
        return f"\x1b]8;;{target}\x1b\\{text}\x1b]8;;\x1b\\"


def render(report: Report, out: TextIO, options: Options) -> None:
    """Write the visible findings, each after an empty line but the first, then what was not checked, then one line of counts."""
    ink = Ink(options.color, options.root if options.hyperlinks else "")
    if options.statistics:
        _counts(report, out, options)
    else:
        sources, way = Sources(report.source), (*ink, options.width)
        looks = ((finding, partial(_looks, finding, sources, ink, options.width)) for finding in visible(report, options))
        out.writelines(report.earlier.look(finding, way, look) for finding, look in looks)
    if options.verbose:
        out.writelines(f"{line}\n" for line in _unchecked(report, ink))
    out.write(tally(report, options) + "\n")


def _looks(finding: Finding, sources: Sources, ink: Ink, width: int) -> str:
    return "".join(f"{line}\n" for line in (*_finding(finding, sources, ink, width), ""))


def _counts(report: Report, out: TextIO, options: Options) -> None:
    from gitops_lint.reporters import statistics  # noqa: PLC0415  few runs want them

    counted = list(statistics.lines(visible(report, options)))
    out.writelines(f"{line}\n" for line in [*counted, *([""] if counted else [])])


def findings(shown: Iterable[Finding], report: Report, width: int = 100) -> Iterator[list[str]]:
    """The lines of each finding, plain."""
    sources = Sources(report.source)
    for finding in shown:
        yield list(_finding(finding, sources, Ink(color=False, root=""), width))


def _finding(finding: Finding, sources: Sources, ink: Ink, width: int) -> Iterator[str]:
    code = _COLORS.get(finding.severity, "1")
    groups = grouped(finding.related)
    gutter = max(len(str(at.line)) for at in (finding.at, *(group.first.at for group in groups)))
    rail = " " * gutter + " " + ink.paint(_GUTTER, "|")
    yield ink.paint(code, f"{finding.severity}[{show(finding.rule)}]") + ink.paint("1", f": {message(finding.message)}")
    yield f"{' ' * gutter}{ink.paint(_GUTTER, '-->')} {ink.place(finding.at)}"
    page = _Page(sources, ink, rail, gutter, width)
    framed = list(_frame(finding.at, "^", show(finding.label), code, page))
    for group in groups:
        framed.append(f"{' ' * gutter}{ink.paint(_GUTTER, ':::')} {ink.place(group.first.at)}")
        framed += _frame(group.first.at, "-", _label(group.first, group.others), _GUTTER, page)
    footer = [*map(message, finding.notes), *([f"help: {message(finding.help)}"] if finding.help else [])]
    if framed[-1:] == [rail]:
        framed.pop()
    yield from framed
    if footer:
        yield rail
    for line in footer:
        yield f"{' ' * gutter} {ink.paint(_GUTTER, '=')} {line}"


class _Page(NamedTuple):
    sources: Sources
    ink: Ink
    rail: str
    gutter: int
    width: int


def _frame(at: Location, mark: str, label: str, code: str, page: _Page) -> Iterator[str]:
    """The rail, the line, the marks under it with their label, the rail; nothing where the file cannot be had."""
    room = max(_NARROWEST, page.width - page.gutter - 3)
    frame = page.sources.frame(at, room)
    if frame is None:
        if label:
            yield f"{page.rail} {page.ink.paint(code, label)}"
        return
    yield page.rail
    yield f"{page.ink.paint(_GUTTER, f'{frame.number:>{page.gutter}} |')} {frame.text}"
    marks = f"{page.rail} {' ' * frame.start}{page.ink.paint(code, mark * min(frame.end - frame.start, room))}"
    if frame.end + 1 + display_width(label) <= room:
        yield f"{marks} {page.ink.paint(code, label)}".rstrip()
    else:
        yield from (marks, f"{page.rail} {page.ink.paint(code, label)}")
    yield page.rail


def _label(first: Related, others: Sequence[Related]) -> str:
    label = message(first.message)
    if not others:
        return label
    also = ", ".join(place(item.at) for item in others[:2])
    more = f" and {len(others) - 2} more" if len(others) > 2 else ""  # noqa: PLR2004  as many as were just shown
    return f"{label} (also {also}{more})"


def _unchecked(report: Report, ink: Ink) -> Iterator[str]:
    for item in report.unverified:
        yield f"{ink.paint(_GUTTER, 'not checked')}: {ink.place(Location(item.path, item.line))}: {message(item.reason)}"
    for name, reason in report.not_run:
        yield f"{ink.paint(_GUTTER, 'not run')}: {show(name)}: {message(reason)}"
    if report.unverified or report.not_run:
        yield ""
