"""Keys that stand elsewhere, or under almost the same name, seen from the change: what it moved is wrong, and not what it left alone.

At rest, of two environments that differ so, the lower one is taken to be right. A change that moves the key in that one says otherwise, and
a key that was simply missing is news when the change puts it in the wrong place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from gitops_lint import lacking
from gitops_lint.finding import Finding
from gitops_lint.keypath import dotted
from gitops_lint.model import Application, Change, Comparison, Difference, Environment, Gap, Twin
from gitops_lint.node import Map, Seq
from gitops_lint.opened import has

_RULES = frozenset({"misplaced-key", "near-miss-key"})
BROUGHT = "brought"  # the mark of a key that the change puts in the wrong place
_Subject = tuple[str, tuple[str, ...], tuple[str, ...]]


class _Twins(NamedTuple):
    """A difference with a twin, in its application, and whether the change moved the key rather than brought the twin."""

    application: Application
    comparison: Comparison
    difference: Difference
    moved: bool


def turned(findings: Iterable[Finding], change: Change) -> Iterator[Finding]:
    """The findings, those about a key that stands elsewhere as the change has it."""
    every = list(findings)
    twins = dict(_twins(change)) if any(finding.rule in _RULES for finding in every) else {}
    for finding in every:
        found = twins.get((finding.application, finding.key, finding.environments)) if finding.rule in _RULES else None
        yield finding if found is None else _turned(finding, found)


def _twins(change: Change) -> Iterator[tuple[_Subject, _Twins]]:
    for pair in change.altered:
        known = {env.name: env for env in pair.before.environments} if pair.before is not None else {}
        for comparison in pair.after.comparisons if known else ():
            for difference in comparison.differences:
                moved = _moved(difference, known)
                if moved or _brought(difference, known):
                    names = lacking.lacking(difference)
                    yield (pair.after.name, difference.path, names), _Twins(pair.after, comparison, difference, moved)


def _moved(difference: Difference, known: Mapping[str, Environment]) -> bool:
    """Whether all who have the key had its twin before, as the others still do, and these are as many."""
    twin = difference.twin
    if twin is None or len(twin.settings) != len(difference.have):
        return False
    having = [known.get(s.environment.name) for s in difference.have]
    others = [known.get(s.environment.name) for s in twin.settings]
    stayed = all(env is not None and has(env, twin.path) for env in others)
    return stayed and all(env is not None and has(env, twin.path) and not has(env, difference.path) for env in having)


def _brought(difference: Difference, known: Mapping[str, Environment]) -> bool:
    """Whether all who have the twin had neither it nor the key before."""
    if difference.twin is None:
        return False
    having = [known.get(s.environment.name) for s in difference.twin.settings]
    missing = all(env is not None and not has(env, difference.twin.path) and not has(env, difference.path) for env in having)
    return missing and any(s.environment.name in known and has(known[s.environment.name], difference.path) for s in difference.have)


def _turned(finding: Finding, found: _Twins) -> Finding:
    if not found.moved:
        return lacking.marked(finding, BROUGHT)
    path, near = found.difference.path, finding.rule == "near-miss-key"
    what = f"`{dotted(path[-1:])}`" if near else f"it as `{dotted(path)}`"
    told = lacking.instead(found.application, found.comparison, _inverse(found.difference), what)
    kept = {name: getattr(finding, name) for name in ("rule", "category", "severity", "grade", "confidence")}
    return replace(told, **kept)


def _inverse(difference: Difference) -> Difference:
    """The difference with the key and its twin in each other's place."""
    assert difference.twin is not None  # noqa: S101  the caller looked
    path = difference.twin.path
    lack = tuple(Gap(s.environment, _nearest(s.environment, path)) for s in difference.have)
    return difference._replace(path=path, have=difference.twin.settings, lack=lack, twin=Twin(difference.path, difference.have))


def _nearest(environment: Environment, path: tuple[str, ...]) -> Map | Seq:
    nodes = [s.value for s in lacking.trail(environment, environment.values, path) if isinstance(s.value, Map | Seq)]
    return nodes[-1] if nodes else environment.values
