"""A contract drafted from what a repository does today and how long it has done so.

What has lived in some environments only for a while becomes `only`, with the commit that it was first seen in as reason; what is young
gets a date until which it holds. Keys that share environments and parents are written together, so that people can read the draft.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from gitops_lint.ages import Since
from gitops_lint.contract import UNGRADED
from gitops_lint.convention import told_otherwise
from gitops_lint.finding import Finding
from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.settings import Clause
from gitops_lint.severity import Severity

YOUNG = timedelta(days=30)
GRACE = timedelta(days=90)
_ROW_OF_MISTAKES = 1  # of the decision table: what no contract should excuse


class _Group(NamedTuple):
    """What may stand in one clause: the same application and the same environments, and whether it is young."""

    application: str
    only: tuple[str, ...]
    young: bool


def draft(findings: Iterable[Finding], since: Callable[[Finding], Since | None], today: datetime) -> list[Clause]:
    """The clauses that make today's differences meant; `since` says when a finding's key came to where it is.

    What waits for its promotion is left to wait, unless it has done so for too long.
    """
    every = list(findings)
    overdue = {(finding.application, finding.key) for finding in every if finding.rule == "overdue-key"}
    groups: dict[_Group, list[tuple[KeyPath, Since | None]]] = {}
    for finding in every:
        having = _having(finding)
        if having and (_told(finding) or (finding.application, finding.key) in overdue):
            age = since(finding)
            young = age is not None and age.known and today - _moment(age) < YOUNG
            groups.setdefault(_Group(finding.application, having, young), []).append((finding.key, age))
    nowhere = [finding for finding in every if finding.rule == "missing-environment" and _told(finding)]
    return [*(_clause(group, entries, today) for group, entries in sorted(groups.items())), *map(_left_out, nowhere)]


def _having(finding: Finding) -> tuple[str, ...]:
    """The environments that have what others lack; none of a finding that no contract excuses."""
    if finding.facts is not None and finding.facts.kind == "missing":
        return tuple(dict.fromkeys(name for name, _ in finding.facts.have))
    if finding.rule in UNGRADED and finding.key:
        return tuple(dict.fromkeys(related.environment for related in finding.related))
    return ()


def _left_out(finding: Finding) -> Clause:
    """The clause for an application that an environment does not have."""
    return Clause("optional", ("**",), environments=finding.environments, applications=(finding.application,), reason="observed")


def _told(finding: Finding) -> bool:
    return (finding.severity >= Severity.WARNING or told_otherwise(finding)) and finding.grade != _ROW_OF_MISTAKES


def _clause(group: _Group, entries: list[tuple[KeyPath, Since | None]], today: datetime) -> Clause:
    ages = [age for _, age in entries if age is not None]
    last = max(ages, key=lambda age: age.time, default=None)
    return Clause(
        kind="only",
        keys=tuple(patterns(key for key, _ in entries)),
        environments=group.only,
        applications=(group.application,),
        reason=_reason(last, young=group.young),
        until=(today + GRACE).date().isoformat() if group.young else "",
    )


def _reason(age: Since | None, *, young: bool) -> str:
    if age is None:
        return "observed"
    words = f"{_moment(age).date().isoformat()}, {age.commit[:10]}"
    return f"not yet everywhere: added {words}" if young else f"observed since {words}" if age.known else f"observed since before {words}"


def _moment(age: Since) -> datetime:
    return datetime.fromtimestamp(age.time, UTC)


def patterns(keys: Iterable[KeyPath]) -> Iterator[str]:
    """The keys as patterns, those of one parent in braces."""
    by_parent: dict[KeyPath, list[str]] = {}
    for key in dict.fromkeys(keys):
        by_parent.setdefault(key[:-1], []).append(key[-1])
    for parent, names in by_parent.items():
        plain = [name for name in names if len(names) > 1 and not set(name) & set('.,{}[]*?"\\:')]
        if len(plain) > 1:
            stem = dotted(parent)
            yield f"{stem}{'.' if stem and not stem.endswith(':') else ''}{{{','.join(sorted(plain))}}}"
        for name in names:
            if name not in plain or len(plain) == 1:
                yield literal((*parent, name))


def literal(key: KeyPath) -> str:
    """The pattern that matches a key and nothing else; what a pattern cannot say literally, it says as any character."""
    return "".join("?" if char in "*{}" else char for char in dotted(key))


def merged(clauses: Iterable[Clause]) -> list[Clause]:
    """The clauses with those of several applications that are otherwise equal written as one."""
    table: dict[Clause, list[str]] = {}
    for clause in clauses:
        table.setdefault(replace(clause, applications=()), []).extend(clause.applications)
    return [replace(clause, applications=tuple(sorted(names))) for clause, names in table.items()]
