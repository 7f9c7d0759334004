"""What a run has to say, as one value that every reporter is given; and what makes two findings the same one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from gitops_lint.earlier import Earlier, nothing_known
from gitops_lint.finding import Finding, Related
from gitops_lint.keypath import dotted
from gitops_lint.model import Unverified
from gitops_lint.node import Location
from gitops_lint.redact import redact
from gitops_lint.severity import Severity


class Entry(NamedTuple):
    """A rule as the catalogue knows it; `page` is Markdown."""

    name: str
    category: str
    summary: str
    page: str = ""
    severity: Severity = Severity.ERROR


class Base(NamedTuple):
    """What a change was compared with: the revision, and how it was found (`--base`, `CI_MERGE_REQUEST_DIFF_BASE_SHA`, …)."""

    rev: str
    source: str


class Summary(NamedTuple):
    """Counts of what was looked at: files found = read + failed + skipped."""

    applications: int = 0
    environments: int = 0
    found: int = 0
    read: int = 0
    failed: int = 0
    skipped: int = 0
    suppressed: int = 0


_NOTHING = Summary()


class Cell(NamedTuple):
    """One application in one environment: what is shown, a word for its state, and why.

    The states are `same`, `ahead`, `behind`, `mutable`, `missing` and `unknown`.
    """

    text: str
    state: str = "same"
    title: str = ""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Applications by environments: `rows` are (application, one cell per column), a cell None where there is no such environment."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A run's result. `findings` are sorted and suppressed; what in their words has the shape of a credential is masked here, at the door.

    `source` gives the bytes of a file of the linted tree, or None: a reporter never opens one. `changed` says whether a line belongs to the
    change that is judged. `environments` are (application, environment) pairs in report order.
    """

    findings: tuple[Finding, ...]
    version: str
    summary: Summary = _NOTHING
    unverified: tuple[Unverified, ...] = ()
    not_run: tuple[tuple[str, str], ...] = ()
    base: Base | None = None
    catalogue: tuple[Entry, ...] = ()
    environments: tuple[tuple[str, str], ...] = ()
    source: Callable[[str], bytes | None] = lambda _path: None
    changed: Callable[[Location], bool] | None = None
    matrix: Matrix | None = None
    earlier: Earlier = field(default_factory=nothing_known)

    def __post_init__(self) -> None:
        object.__setattr__(self, "findings", tuple(map(sealed, self.findings)))
        object.__setattr__(self, "unverified", tuple(item._replace(reason=redact(item.reason)) for item in self.unverified))

    def count(self, severity: Severity) -> int:
        """How many findings there are of a severity."""
        return sum(finding.severity is severity for finding in self.findings)


def sealed(finding: Finding) -> Finding:
    """The finding with whatever in its words has the shape of a credential masked."""
    words = (finding.message, finding.label, finding.help, finding.fix.title if finding.fix else "", *finding.notes)
    if all(redact(word) == word for word in (*words, *(item.message for item in finding.related))):
        return finding
    return replace(
        finding,
        message=redact(finding.message),
        label=redact(finding.label),
        help=redact(finding.help),
        notes=tuple(map(redact, finding.notes)),
        related=tuple(item._replace(message=redact(item.message)) for item in finding.related),
        fix=finding.fix._replace(title=redact(finding.fix.title)) if finding.fix else None,
    )


def subject(finding: Finding) -> str:
    """What a finding is about: its key in print, or what the rule named."""
    return dotted(finding.key) if finding.key else finding.subject


def identities(finding: Finding) -> tuple[str, ...]:
    """What makes a finding itself, without lines and values: `rule:application:leaf@environment` for each leaf that an environment lacks.

    A finding that is no difference between environments has one, with its path in place of the application where it has none.
    """
    if finding.facts is None:
        where = (finding.application, subject(finding), finding.at.path)
        return (_identity(finding.rule, ":".join(map(_part, where)), ",".join(map(_part, sorted(finding.environments)))),)
    return tuple(
        _identity(finding.rule, f"{_part(finding.application)}:{_part(_below(finding, leaf))}", _part(lack.environment))
        for lack in finding.facts.lack
        for leaf in lack.leaves or ("",)
    )


def _identity(rule: str, middle: str, environments: str) -> str:
    return f"{rule}:{middle}@{environments}"


def _part(text: str) -> str:
    """A part of an identity, so that no name can pretend to be two."""
    return text.replace("%", "%25").replace(":", "%3A").replace("@", "%40").replace(",", "%2C")


def _below(finding: Finding, leaf: str) -> str:
    key = subject(finding)
    return key + leaf if not key or not leaf or leaf.startswith("[") or key.endswith(":") else f"{key}.{leaf}"


def fingerprint(finding: Finding) -> str:
    """One name for a finding: of its rule, application and subject, and of its path where environments are not compared."""
    place = "" if finding.facts is not None else finding.at.path
    text = "\0".join((finding.rule, finding.application, subject(finding), place))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def fingerprints(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The fingerprints of a report's findings, in order, no two the same: a later double is salted with its number."""
    seen: dict[str, int] = {}
    out = []
    for finding in findings:
        plain = fingerprint(finding)
        seen[plain] = number = seen.get(plain, 0) + 1
        out.append(plain if number == 1 else hashlib.sha256(f"{plain}\0{number}".encode()).hexdigest()[:32])
    return tuple(out)


def anchored(finding: Finding, report: Report) -> tuple[Location, tuple[Related, ...]]:
    """Where to show a finding to those who see changed lines only: the added line first, where the change holds one."""
    changed = report.changed
    if changed is None or changed(finding.at):
        return finding.at, finding.related
    for item in finding.related:
        if changed(item.at):
            rest = tuple(other for other in finding.related if other is not item)
            return item.at, (Related(finding.at, finding.label or "here"), *rest)
    return finding.at, finding.related
