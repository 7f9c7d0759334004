"""What a team has declared about its keys, matched against findings and applications.

A pattern is a dotted key path in which `*` stands for anything within a segment, `**` for any number of segments, `?` for a character
and `{a,b}` for a choice; what it matches, it matches with everything below.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from typing import NamedTuple

from gitops_lint.finding import Finding, Lack
from gitops_lint.keypath import KeyPath, common, dotted, segments
from gitops_lint.model import Application
from gitops_lint.settings import Clause
from gitops_lint.stages import Stages

EXCUSES = frozenset({"only", "optional", "forbidden"})  # the kinds that say why an environment may lack a key
UNGRADED = frozenset({"missing-list-item", "empty-in-environment", "missing-environment"})  # rules whose findings it excuses as well
_SEGMENT = r'(?:"(?:[^"\\]|\\.)*"|[^.\[\]"])*'
_TOKENS = re.compile(r"\.\*\*|\*\*|\*|\?|\{[^{}]*\}|.", re.DOTALL)


class Pledge(NamedTuple):
    """A clause and an application that it holds for."""

    clause: Clause
    application: Application
    stages: Stages


class Use(NamedTuple):
    """A clause, or a line of the baseline, and what became of it in a run."""

    text: str  # what it says, for the message
    path: str
    line: int
    matched: bool
    expired: str = ""  # the date that has passed


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The regular expression for a key pattern."""
    return re.compile("".join(_translated(token) for token in _TOKENS.findall(pattern)))


def _translated(token: str) -> str:
    fixed = {".**": r"(?:[.\[:].*)?", "**": ".*", "*": _SEGMENT, "?": r"[^.\[\]]"}
    if token in fixed:
        return fixed[token]
    if token.startswith("{") and len(token) > 1:
        return "(?:" + "|".join("".join(map(_translated, _TOKENS.findall(part.strip()))) for part in token[1:-1].split(",")) + ")"
    return re.escape(token)


@cache
def within(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """The regular expression for what begins a path in print that a pattern matches, or that is below one."""
    return re.compile(f"(?:{'|'.join(compiled(pattern).pattern for pattern in patterns)})" + r"(?:\Z|(?=[.\[])|(?<=:))")


def covers(patterns: tuple[str, ...], path: KeyPath) -> bool:
    """Whether a pattern matches a path or a path above it."""
    return within(patterns).match(dotted(path)) is not None


def speaks(clause: Clause, application: str, paths: Iterable[str]) -> bool:
    """Whether a clause is about one of an application's paths, given in print."""
    begins = within(clause.keys).match
    return applies(clause, application) and any(begins(path) for path in paths)


def holds_for(names: tuple[str, ...], environment: str, stages: Stages, known: Collection[str] = ()) -> bool:
    """Whether a list of environments means this one: by its name, by a glob, or by a stage's name (`prod` means `production/eu`, too).

    A name that one of the `known` environments has means that one only, not all of its stage.
    """
    stage = stages.named(environment.partition("/")[0])
    by_stage = stage is not None and any(stage is stages.named(name) for name in names if name not in known)
    return by_stage or any(fnmatchcase(environment, name) for name in names)


def expired(clause: Clause, today: date) -> bool:
    """Whether the date in `until` has passed."""
    return bool(clause.until) and clause.until < today.isoformat()


def applies(clause: Clause, application: str) -> bool:
    """Whether a clause speaks of an application."""
    return not clause.applications or _among(clause.applications, application)


@lru_cache(maxsize=65_536)
def _among(patterns: tuple[str, ...], application: str) -> bool:
    return any(fnmatchcase(application, pattern) for pattern in patterns)


def subtract(finding: Finding, clauses: Iterable[Clause], stages: Stages, used: set[int]) -> Finding | None:
    """A parity finding without what the clauses excuse; None where nothing is left. `used` collects the lines of those that did."""
    facts = finding.facts
    if facts is None and finding.rule not in UNGRADED:
        return finding
    spoken = [clause for clause in clauses if clause.kind in EXCUSES and applies(clause, finding.application)]
    having = [name for name, _ in facts.have] if facts is not None else [related.environment for related in finding.related]
    known = {*having, *finding.environments}
    excusing = [(clause, frozenset(_excused(clause, finding.environments, stages, known))) for clause in spoken]
    if facts is None:
        meant = [(clause, names) for clause, names in excusing if covers(clause.keys, finding.key)]
        used.update(clause.line for clause, names in meant if names)
        return None if frozenset(finding.environments) <= frozenset[str]().union(*(names for _, names in meant)) else finding
    kept = []
    for lack in facts.lack:
        left = lack.leaves
        for clause, names in excusing:
            if lack.environment in names:
                spared = _spared(clause.keys, finding.key, lack.leaves)
                if spared:
                    used.add(clause.line)
                    left = tuple(leaf for leaf in left if leaf not in spared)
        kept += [lack._replace(leaves=left)] if left else []
    return finding if tuple(kept) == facts.lack else reduced(finding, tuple(kept))


@lru_cache(maxsize=256)
def _spared(patterns: tuple[str, ...], key: KeyPath, below: tuple[str, ...]) -> frozenset[str]:
    """Those of the leaves below a key that the patterns match: asked for one environment after the other, which mostly lack the same."""
    begins, above = within(patterns).match, dotted(key)
    joint = "" if not above or above.endswith(":") else "."
    return frozenset(leaf for leaf in below if begins(above + ("" if not leaf or leaf.startswith("[") else joint) + leaf))


def _excused(clause: Clause, lacking: Iterable[str], stages: Stages, known: Collection[str]) -> Iterator[str]:
    """The lacking environments of which a clause says that it is meant."""
    for environment in lacking:
        named = not clause.environments or holds_for(clause.environments, environment, stages, known)
        if named if clause.kind in ("optional", "forbidden") else clause.environments and not named:
            yield environment


def reduced(finding: Finding, kept: tuple[Lack, ...]) -> Finding | None:
    """The finding for what is left of its leaves, about the topmost key that they have in common; None where nothing is left."""
    if finding.facts is None or not kept:
        return None
    deeper = common([segments(leaf) for lack in kept for leaf in lack.leaves])
    key = (*finding.key, *deeper)
    trimmed = tuple(lack._replace(leaves=tuple(dotted(segments(leaf)[len(deeper) :]) for leaf in lack.leaves)) for lack in kept)
    message = finding.message.replace(f"`{dotted(finding.key)}`", f"`{dotted(key)}`", 1) if deeper else finding.message
    return replace(
        finding,
        key=key,
        message=message,
        environments=tuple(lack.environment for lack in kept),
        facts=finding.facts._replace(lack=trimmed),
    )


def uses(clauses: Iterable[Clause], matched: Container[int], path: str, today: date) -> Iterator[Use]:
    """What became of each clause, given the lines of those that excused something or speak of a key that some environment has."""
    for clause in clauses:
        text = f"{clause.kind} {', '.join(clause.keys)}"
        yield Use(text, path, clause.line, clause.line in matched, clause.until if expired(clause, today) else "")
