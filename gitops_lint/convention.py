"""What other applications of a repository do: a key that several of them lack in the same stage is a convention, or one mistake copied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gitops_lint.finding import Finding
from gitops_lint.keypath import KeyPath

_TAIL = 2  # segments that say which key it is, wherever an application has it
_Place = tuple[KeyPath, tuple[str, ...]]


def marked(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, those about a difference that another application has, too, marked `elsewhere` for `grade`."""
    every = list(findings)
    applications: dict[_Place, set[str]] = {}
    for finding in every:
        if finding.facts is not None:
            applications.setdefault(_place(finding), set()).add(finding.application)
    return [_marked(finding) if finding.facts is not None and len(applications[_place(finding)]) > 1 else finding for finding in every]


def _place(finding: Finding) -> _Place:
    return finding.key[-_TAIL:], finding.environments


def _marked(finding: Finding) -> Finding:
    assert finding.facts is not None  # noqa: S101  the caller looked
    return replace(finding, facts=finding.facts._replace(marks=(*finding.facts.marks, "elsewhere")))
