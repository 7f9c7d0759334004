"""Differences between environments dated by the history: what `overdue-key` is asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import islice, takewhile
from typing import NamedTuple

from gitops_lint import lacking, reader
from gitops_lint.ages import Lasting, Since, Version, holds, lacking_since, since, versions
from gitops_lint.finding import Finding
from gitops_lint.grade import grade
from gitops_lint.keypath import dotted
from gitops_lint.model import Application, Comparison, Document, Repository
from gitops_lint.settings import RuleSetting, Settings
from gitops_lint.severity import Severity
from gitops_lint.trees.checkout import Checkout
from gitops_lint.trees.protocol import Tree, TreeError

RULE = "overdue-key"
_COMMITS = 5_000  # of the main line, and no older than a year and a half: what is older is told as that
_OLD = 548 * 86_400
_MOST = 2_000  # differences that are dated
_MOST_PATHS = 2_000  # that git is given by name
_DAY = 86_400
_KEPT = 4_096  # documents of earlier versions


class Late(NamedTuple):
    """The dated differences; or why there are none, if nobody looked."""

    lasting: tuple[Lasting, ...] = ()
    reason: str = ""


class _Open(NamedTuple):
    """A difference, and the files that the lacking environments would have it in."""

    finding: Finding
    lacking: tuple[str, ...]
    accepted: bool


class _Past(NamedTuple):
    """What the history says of some files, up to the time of the last commit."""

    now: int
    versions: dict[str, list[Version]]
    document: Callable[[str], Document]


def late(repository: Repository, tree: Tree, settings: Settings, left: Callable[[Finding], Finding | None]) -> Late:
    """The differences of a repository with their dates; `left` says what of a finding nothing excuses.

    Under `parity: staged` those that wait for their promotion; where the rule is named, all that weigh as much as a warning.
    """
    named = RULE in settings.rules
    checkout: Checkout | None = getattr(tree, "checkout", None)
    if checkout is None:
        return Late(reason="there is no git history")
    if checkout.shallow:
        return Late(reason="the history of this clone is cut off; fetch it: `fetch-depth: 0` (GitHub), `GIT_DEPTH: 0` (GitLab)")
    accepted = bool(settings.rules.get(RULE, RuleSetting()).options.get("accepted"))
    differences = list(islice(_open(repository, settings, left, named=named, accepted=accepted), _MOST))
    try:
        return Late(tuple(_dated(checkout, tree.label, differences))) if differences else Late()
    except TreeError as error:
        return Late(reason=str(error))


def _open(
    repository: Repository, settings: Settings, left: Callable[[Finding], Finding | None], *, named: bool, accepted: bool
) -> Iterator[_Open]:
    for application in repository.applications:
        for comparison in (found for found in application.comparisons if not found.weak):
            for found, files in _missing(application, comparison, settings):
                if found.pending or (named and found.severity >= Severity.WARNING):
                    kept = left(found)
                    if kept is not None or accepted:
                        yield _Open(kept or found, files, accepted=kept is None)


def _missing(application: Application, comparison: Comparison, settings: Settings) -> Iterator[tuple[Finding, tuple[str, ...]]]:
    """Each key that some lack without another explanation, graded, and the files where the others would have it."""
    for difference in comparison.differences:
        if difference.kind == "missing":
            having = lacking.listed(s.environment.name for s in difference.have)
            without = lacking.listed(gap.environment.name for gap in difference.lack)
            message = f"`{dotted(difference.path)}` is set in {having}, and missing in {without}"
            found = lacking.finding(application, comparison, difference, message)
            owns = tuple(dict.fromkeys(gap.environment.own.path for gap in difference.lack if gap.environment.own is not None))
            yield grade(replace(found, rule="missing-key", category="consistency"), settings.parity), owns


def _dated(checkout: Checkout, label: str, differences: list[_Open]) -> Iterator[Lasting]:
    from gitops_lint.trees import history, revision  # noqa: PLC0415  the usual run starts no git

    head = revision.resolve(checkout, "HEAD" if label in ("", "index") else label)
    commits = history.commits(checkout, head, limit=_COMMITS)
    last = next(commits)
    known = [last, *takewhile(lambda commit: commit.time > last.time - _OLD, commits)]
    paths = sorted({path for found in differences for path in (*found.lacking, *(r.at.path for r in found.finding.related))})
    changes = history.changes(checkout, known, paths if len(paths) <= _MOST_PATHS else ())
    table = versions(changes, paths)
    with history.contents(checkout) as content:
        document = lru_cache(_KEPT)(lambda blob: reader.read(content(blob), "") if blob else Document(""))
        past = _Past(last.time, table, document)
        for found in differences:
            opened = _opened(found, past)
            if opened is not None:
                yield Lasting(found.finding, opened, (past.now - opened.time) // _DAY, found.accepted)


def _opened(found: _Open, past: _Past) -> Since | None:
    """When the first environment had the key while one of the others lacked it; None if the history does not know the key."""
    key = found.finding.key
    having = [past.versions.get(related.at.path, []) for related in found.finding.related]
    there = [seen for seen in having if seen and seen[0].blob and holds(past.document(seen[0].blob), key)]
    dates = [date for seen in there if (date := since(key, seen, past.document)) is not None]
    first = min(dates, key=lambda date: date.time, default=None)
    if first is None:
        return None
    lost = [lacking_since(key, past.versions.get(path, []), past.document, first.time) or first for path in found.lacking]
    return min(lost, key=lambda date: date.time, default=first)
