"""The findings of the page, each folded, with what is needed to filter them on it as numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gitops_lint.finding import Finding, Related
from gitops_lint.node import Location
from gitops_lint.report import Report, fingerprints, subject
from gitops_lint.reporters.escape import LONGEST, html, named, place, show
from gitops_lint.reporters.frame import Sources, parted
from gitops_lint.reporters.related import grouped

_SPAN = re.compile(r"`([^`]*)`")
_WIDTH = 160


class Facets(NamedTuple):
    """The names that can be filtered by, in the order of their numbers."""

    rules: tuple[str, ...]
    applications: tuple[str, ...]
    environments: tuple[str, ...]


def findings(report: Report) -> Iterator[str]:
    """The section with all findings, the worst first."""
    marked = sorted(zip(report.findings, fingerprints(report.findings), strict=True), key=lambda pair: -pair[0].severity)
    facets = _facets(report)
    yield '<section id="findings"><h2>Findings <small id="count" role="status"></small></h2>'
    if marked:
        yield from _toolbar(facets, gated=report.base is not None)
    yield '<div class="list">'  # no list items: a browser counts them anew for each that is hidden, 40 s for 5,000 of them
    sources = Sources(report.source)
    numbers = [{name: number for number, name in enumerate(names)} for names in facets]
    for finding, fingerprint in marked:
        yield from _finding(finding, fingerprint, numbers, sources)
    yield '</div><p id="nothing" hidden>No finding fits these filters.</p></section>'


def message(text: str) -> str:
    """A message with what it backquotes as code."""
    parts = _SPAN.split(text)
    return "".join(f"<code>{html(show(named(part), LONGEST))}</code>" if number % 2 else html(part) for number, part in enumerate(parts))


def _facets(report: Report) -> Facets:
    found = report.findings
    named = {name for finding in found for name in finding.environments}
    environments = [name for _application, name in report.environments] + [name for finding in found for name in finding.environments]
    return Facets(
        tuple(sorted({finding.rule for finding in found})),
        tuple(sorted({finding.application for finding in found if finding.application})),
        tuple(name for name in dict.fromkeys(environments) if name in named),
    )


def _toolbar(facets: Facets, *, gated: bool) -> Iterator[str]:
    yield '<form class="bar" role="search">'
    yield '<input id="search" type="search" placeholder="Search  ( / )" aria-label="Search" autocomplete="off">'
    for name in ("error", "warning", "info"):
        yield f'<label class="{name}"><input type="checkbox" name="severity" value="{name}" checked>{name}</label>'
    if gated:
        yield '<label><input type="checkbox" name="new">new only</label>'
    for name, choices in zip(("rule", "application", "environment"), facets, strict=True):
        if choices:
            options = "".join(f'<option value="{number}">{html(show(choice, LONGEST))}</option>' for number, choice in enumerate(choices))
            yield f'<select name="{name}" aria-label="{name}"><option value="">any {name}</option>{options}</select>'
    yield '<button type="reset">clear</button>'
    yield '<span class="keys"><kbd>j</kbd> <kbd>k</kbd> move · <kbd>Enter</kbd> open · <kbd>Esc</kbd> clear</span></form>'


def _finding(finding: Finding, fingerprint: str, numbers: list[dict[str, int]], sources: Sources) -> Iterator[str]:
    rules, applications, environments = numbers
    where = " ".join(str(environments[name]) for name in dict.fromkeys(finding.environments))
    application = applications.get(finding.application, "")
    new = ' data-n="1"' if finding.new else ""
    facets = f'data-r="{rules[finding.rule]}" data-a="{application}" data-e="{where}"{new}'
    yield (
        f'<article class="f {finding.severity}" id="f{fingerprint}" {facets}><details>'
        f'<summary><span class="badge">{finding.severity}</span><span class="what">{message(finding.message)}</span>'
        f'<span class="where"><i>{html(finding.rule)}</i> {html(place(finding.at))}</span></summary><div class="body">'
    )
    yield from _frame(finding.at, html(finding.label), sources)
    for group in grouped(finding.related):
        yield from _frame(group.first.at, _also(group.first, group.others), sources)
    yield from _facts(finding, fingerprint)
    yield "</div></details></article>"


def _also(first: Related, others: Iterable[Related]) -> str:
    rest = ", ".join(f"<code>{html(place(item.at))}</code>" for item in others)
    return message(first.message) + (f' <span class="also">also {rest}</span>' if rest else "")


def _frame(at: Location, label: str, sources: Sources) -> Iterator[str]:
    """The source line with its span marked, and the label under it."""
    yield f'<figure><figcaption><code>{html(place(at))}</code> <span class="label">{label}</span></figcaption>'
    frame = sources.frame(at, _WIDTH)
    if frame is not None:
        before, within, after = map(html, parted(frame))
        yield f'<pre><span class="n">{frame.number}</span>{before}<mark>{within}</mark>{after}</pre>'
    yield "</figure>"


def _facts(finding: Finding, fingerprint: str) -> Iterator[str]:
    facts = [
        ("help", message(finding.help)),
        *[("", message(note)) for note in finding.notes],
        ("fix", html(finding.fix.title) + (" (safe)" if finding.fix.safe else "") if finding.fix else ""),
        ("pending", html(finding.pending or "")),
        ("application", html(finding.application)),
        ("environments", html(", ".join(finding.environments))),
        ("subject", f"<code>{html(subject(finding))}</code>" if subject(finding) else ""),
        ("category", html(finding.category)),
        ("grade", _grade(finding)),
        ("fingerprint", f'<a href="#f{fingerprint}"><code>{fingerprint}</code></a>'),
    ]
    yield "<dl>" + "".join(f"<dt>{name}</dt><dd>{text}</dd>" for name, text in facts if text) + "</dl>"


def _grade(finding: Finding) -> str:
    if finding.grade is None:
        return ""
    sure = f", {finding.confidence:.0%} of such were mistakes" if finding.confidence is not None else ""
    return f"{finding.grade}{sure}"
