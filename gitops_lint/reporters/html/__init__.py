"""One page that needs nothing but a browser: overview, versions, parity, findings; no network, no script but its own."""

from __future__ import annotations

import pkgutil
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import TextIO

from gitops_lint.report import Report
from gitops_lint.reporters.escape import html
from gitops_lint.reporters.html.findings import findings
from gitops_lint.reporters.html.tables import matrix, parity
from gitops_lint.reporters.options import Options
from gitops_lint.reporters.tally import plural
from gitops_lint.severity import Severity

_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_MOST_RULES = 12


def render(report: Report, out: TextIO, options: Options) -> None:  # noqa: ARG001  every reporter is called alike
    """Write the page. All findings are in it, the worst first; filtering is the reader's."""
    style, script = _asset("page.css"), _asset("page.js")
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
    out.write(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>gitops-lint: {_title(report)}</title>\n<style>{style}</style></head>\n<body>\n"
    )
    for section in (_header, _overview, matrix, parity, findings, _unchecked):
        out.writelines(f"{line}\n" for line in section(report))
    out.write(f"<script>{script}</script>\n</body></html>\n")


def _asset(name: str) -> str:
    return (pkgutil.get_data("gitops_lint.reporters.html", name) or b"").decode()


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


def _title(report: Report) -> str:
    return plural(len(report.findings), "finding") if report.findings else "no findings"


def _header(report: Report) -> Iterator[str]:
    sections = [
        ("overview", "Overview"),
        *([("versions", "Versions")] if report.matrix else []),
        ("parity", "Parity"),
        ("findings", "Findings"),
    ]
    links = "".join(f'<a href="#{anchor}">{name}</a>' for anchor, name in sections)
    base = f" · against {html(report.base.rev)} ({html(report.base.source)})" if report.base else ""
    yield f'<header><h1>gitops-lint</h1><p class="by">{html(report.version)}{base}</p><nav>{links}</nav>'
    yield '<button id="theme" type="button" title="Light or dark" aria-label="Light or dark">◐</button></header>\n<main>'


def _overview(report: Report) -> Iterator[str]:
    counts = report.summary
    yield '<section id="overview"><h2 class="aside">Overview</h2><ul class="tiles">'
    for severity in _SEVERITIES:
        number = report.count(severity)
        noun = "info" if severity is Severity.INFO else f"{severity}{'' if number == 1 else 's'}"
        yield f'<li class="{severity if number else "none"}"><b>{number:,}</b> {noun}</li>'
    if report.base is not None:
        yield f"<li><b>{sum(finding.new for finding in report.findings):,}</b> new</li>"
    for number, noun in ((counts.applications, "application"), (counts.environments, "environment"), (counts.found, "file")):
        yield f"<li><b>{number:,}</b> {noun}{'' if number == 1 else 's'}</li>"
    for number, noun in ((counts.suppressed, "suppressed"), (len(report.unverified), "not checked")):
        if number:
            yield f"<li><b>{number:,}</b> {noun}</li>"
    yield "</ul>"
    yield from _rules(report)
    yield "</section>"


def _rules(report: Report) -> Iterator[str]:
    """The rules that found the most, each a filter, with a bar as long as its share."""
    found = Counter(finding.rule for finding in report.findings)
    worst = {
        rule: max(finding.severity for finding in report.findings if finding.rule == rule) for rule, _n in found.most_common(_MOST_RULES)
    }
    summaries = {entry.name: entry.summary for entry in report.catalogue}
    if not found:
        yield '<p class="good">Nothing found: every environment that was read is complete and consistent.</p>'
        return
    most = found.most_common(1)[0][1]
    yield '<ul class="rules">'
    for rule, number in found.most_common(_MOST_RULES):
        share = 100 * number / most
        bar = f'<svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect width="{share:.1f}" height="4"/></svg>'
        title = html(summaries.get(rule, ""))
        yield (
            f'<li class="{worst[rule]}"><button type="button" data-rule="{html(rule)}" title="{title}">'
            f"<span>{html(rule)}</span><b>{number:,}</b>{bar}</button></li>"
        )
    yield "</ul>"


def _unchecked(report: Report) -> Iterator[str]:
    if report.unverified:
        yield f'<section id="unchecked"><h2>Not checked <small>{len(report.unverified)}</small></h2><ul class="plain">'
        for item in report.unverified:
            yield f"<li><code>{html(item.path)}:{item.line}</code> {html(item.reason)}</li>"
        yield "</ul></section>"
    if report.not_run:
        yield f'<section id="not-run"><h2>Rules not run <small>{len(report.not_run)}</small></h2><ul class="plain">'
        for rule, reason in report.not_run:
            yield f"<li><code>{html(rule)}</code> {html(reason)}</li>"
        yield "</ul></section>"
    yield "</main>"
