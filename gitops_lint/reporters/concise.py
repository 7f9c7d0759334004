"""One line per finding, as compilers and editors exchange them."""

from __future__ import annotations

from typing import TextIO

from gitops_lint.report import Report
from gitops_lint.reporters import statistics
from gitops_lint.reporters.escape import message, show, start
from gitops_lint.reporters.options import Options, visible
from gitops_lint.reporters.tally import tally


def render(report: Report, out: TextIO, options: Options) -> None:
    """Write `path:line:column: severity[rule] message` for each visible finding, or a line for each rule, then one line of counts."""
    if options.statistics:
        out.writelines(f"{line}\n" for line in statistics.lines(visible(report, options)))
    for finding in () if options.statistics else visible(report, options):
        at = finding.at
        out.write(f"{start(at.path)}:{at.line}:{at.column}: {finding.severity}[{show(finding.rule)}] {message(finding.message)}\n")
    out.write(tally(report, options) + "\n")
