"""`gitops-lint init --learn`: read the history, measure the habit, draft the contract, and put both into words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from gitops_lint import ages, engine, habit, learn, reader
from gitops_lint.ages import Since
from gitops_lint.cli.failure import Failure
from gitops_lint.cli.opening import Begun
from gitops_lint.finding import Finding
from gitops_lint.habit import Habit
from gitops_lint.model import Document, Repository
from gitops_lint.settings import Clause
from gitops_lint.trees import history, revision
from gitops_lint.trees.history import Commit, FileChange
from gitops_lint.trees.open import repository
from gitops_lint.trees.protocol import TreeError

_COMMITS = 400  # of the main line: what is older counts as old
_KEPT = 4_096  # documents of earlier versions that are kept while they may be asked for again


class Learnt(NamedTuple):
    """What a repository and its history have taught; `commits` were read, the oldest of them made at `start`."""

    habit: Habit
    contract: list[Clause]
    commits: int
    start: int


def learnt(begun: Begun, path: str, read: Repository) -> Learnt:
    """The habit, and a contract under which everything that is there today but mistakes is meant. Raises Failure outside git."""
    try:
        checkout = repository(path)
        changes = list(history.changes(checkout, history.commits(checkout, revision.resolve(checkout, "HEAD"), limit=_COMMITS)))
        with history.contents(checkout) as content:
            document = lru_cache(_KEPT)(lambda blob: reader.read(content(blob), "") if blob else Document(""))
            counted = habit.habit(changes, habit.siblings(read.applications), document)
            found = engine.run(begun.files, replace(begun.settings, parity=counted.parity)).findings
            contract = learn.merged(learn.draft(found, _dating(found, changes, document), datetime.now(UTC)))
    except TreeError as error:
        raise Failure(f"{error}; `--learn` reads the history") from error
    return Learnt(counted, contract, len(changes), min(commit.time for commit, _ in changes))


def _dating(
    findings: Sequence[Finding], changes: list[tuple[Commit, list[FileChange]]], document: Callable[[str], Document]
) -> Callable[[Finding], Since | None]:
    versions = ages.versions(changes, (related.at.path for finding in findings for related in finding.related))

    def since(finding: Finding) -> Since | None:
        """The youngest of the environments' dates: from then on the difference is what it is today."""
        dates = (ages.since(finding.key, versions.get(related.at.path, []), document) for related in finding.related)
        return max((date for date in dates if date is not None), key=lambda date: date.time, default=None)

    return since


def lines(taught: Learnt) -> Iterator[str]:
    """What was learnt, as lines of a configuration."""
    day = datetime.fromtimestamp(taught.start, UTC).date().isoformat()
    yield f"# Learnt from the last {taught.commits} commits of the main line, back to {day}."
    share = taught.habit.share
    if share is None:
        yield "# Too few commits add keys to tell how they are rolled out here."
    else:
        total = taught.habit.together + taught.habit.partial
        yield f"# Of {total} commits that add keys, {taught.habit.together} add them to all environments at once."
    yield f"parity: {taught.habit.parity}\n"
    if taught.contract:
        yield "# What differs today, taken for meant. Please read it: what is a mistake is to be mended and its line deleted."
        yield "contract:"
        yield from (f"  - {_flow(clause)}" for clause in taught.contract)
        yield ""


def _flow(clause: Clause) -> str:
    fields: dict[str, object] = {"keys": list(clause.keys), clause.kind: list(clause.environments)}
    rest = (("applications", list(clause.applications)), ("until", clause.until), ("reason", clause.reason))
    fields |= {name: value for name, value in rest if value}
    return "{" + ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()) + "}"
