"""One module per format, each with `render(report, out, options)`; none is imported before it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, TextIO, cast

from gitops_lint.report import Report
from gitops_lint.reporters.options import Options

FORMATS = {
    "text": "source lines with the findings under them, for the terminal",
    "concise": "one line per finding",
    "json": "everything, by a published schema",
    "sarif": "GitHub code scanning, Azure DevOps, SonarQube, editors",
    "gitlab": "GitLab Code Quality",
    "github": "GitHub Actions annotations",
    "junit": "test reports: a case per rule and environment",
    "rdjson": "reviewdog, with suggestions",
    "markdown": "a job summary or a comment",
    "html": "one page to open, search and keep",
}


class Reporter(Protocol):
    """A module that writes a report in one format."""

    def render(self, report: Report, out: TextIO, options: Options) -> None:
        """Write the report. `out` encodes as UTF-8 and does not translate line ends; errors of writing are the caller's."""


def named(name: str) -> Reporter:
    """The reporter of that name, imported now. Raises KeyError for an unknown one."""
    if name not in FORMATS:
        raise KeyError(name)
    return cast("Reporter", import_module(f"gitops_lint.reporters.{name}"))
