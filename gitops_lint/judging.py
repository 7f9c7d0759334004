"""Rules applied to what they are about, by several processes where there is much to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from gitops_lint import plain, workers
from gitops_lint.finding import Finding
from gitops_lint.model import Application, Document, Environment, Layer
from gitops_lint.rule import Rule
from gitops_lint.severity import Severity

Chosen = Sequence[tuple[Rule[Any, Any], object]]
Subjects = Mapping[type, Callable[[], Sequence[object]]]

_SHARED: tuple[type, ...] = (
    Application,
    Environment,
    Layer,
    Document,
)  # many subjects, each judged by itself
_WORTH_A_FORK = 1_000  # subjects: a quarter of a second
_CHUNK = 40


class _Task(NamedTuple):
    """Some subjects of a scope, by their numbers."""

    scope: type
    numbers: range


class _Found(NamedTuple):
    """A finding with the numbers of its rule and its subject, which say in which order it is told."""

    rule: int
    subject: int
    finding: Finding


def findings(subjects: Subjects, chosen: Chosen) -> Iterator[Finding]:
    """What the rules find, rule by rule and subject by subject, however many processes look."""
    rules: dict[type, list[tuple[int, Rule[Any, Any], object]]] = {}
    for number, (rule, options) in enumerate(chosen):
        rules.setdefault(rule.scope, []).append((number, rule, options))
    shared = {scope: subjects[scope]() for scope in _SHARED if scope in rules and scope in subjects}
    out: list[_Found] = []

    def alone() -> None:
        for scope in rules.keys() - shared.keys():
            if scope in subjects:
                out.extend(_judged(enumerate(subjects[scope]()), rules[scope]))

    def work(task: _Task) -> list[plain.Plain]:
        chunk = [(number, shared[task.scope][number]) for number in task.numbers]
        return [(rule, subject, plain.flat(finding)) for rule, subject, finding in _judged(chunk, rules[task.scope])]

    processes = workers.available()
    if processes > 1 and sum(map(len, shared.values())) >= _WORTH_A_FORK:
        for answer in workers.each(list(_tasks(shared)), work, processes, alone):
            out += [_Found(rule, subject, plain.finding(flat)) for rule, subject, flat in answer]  # type: ignore[attr-defined]
    else:
        alone()
        for scope, every in shared.items():
            out.extend(_judged(enumerate(every), rules[scope]))
    yield from (found.finding for found in sorted(out, key=lambda found: found[:2]))


def _tasks(shared: Mapping[type, Sequence[object]]) -> Iterator[_Task]:
    """Applications one by one, for they take the longest; then all others by the dozen."""
    for scope, every in shared.items():
        step = 1 if scope is Application else _CHUNK
        yield from (_Task(scope, range(start, min(start + step, len(every)))) for start in range(0, len(every), step))


def _judged(subjects: Iterable[tuple[int, object]], rules: Iterable[tuple[int, Rule[Any, Any], object]]) -> Iterator[_Found]:
    """All rules look at one subject after the other, because they walk the same tree."""
    for number, subject in subjects:
        for place, rule, options in rules:
            for found in rule.check(subject, options):
                severity = rule.severity if found.severity is Severity.OFF else found.severity
                yield _Found(place, number, replace(found, rule=rule.name, category=rule.category, severity=severity))
