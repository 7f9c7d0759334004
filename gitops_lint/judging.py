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
_Numbered = tuple[int, Rule[Any, Any], object]
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
    """Some subjects of a scope, each with its number."""

    scope: type
    subjects: list[tuple[int, object]]


class _Found(NamedTuple):
    """A finding with the numbers of its rule and its subject, which say in which order it is told."""

    rule: int
    subject: int
    finding: Finding


Memory = dict[int, tuple[object, list[_Found]]]  # by the identity of a subject, which it holds


def findings(subjects: Subjects, chosen: Chosen, memory: Memory | None = None) -> Iterator[Finding]:
    """What the rules find, rule by rule and subject by subject, however many processes look.

    What is in the `memory` is not judged again, and all that is judged goes there. It holds for one choice of rules only.
    """
    rules: dict[type, list[_Numbered]] = {}
    for number, (rule, options) in enumerate(chosen):
        rules.setdefault(rule.scope, []).append((number, rule, options))
    known: Memory = {} if memory is None else memory
    out: list[_Found] = []
    tasks: list[_Task] = []
    for scope in rules.keys() & set(_SHARED) & subjects.keys():
        fresh: list[tuple[int, object]] = []
        for number, subject in enumerate(subjects[scope]()):
            if id(subject) in known:
                out += [found._replace(subject=number) for found in known[id(subject)][1]]
            else:
                known[id(subject)] = (subject, [])
                fresh.append((number, subject))
        tasks += _tasks(scope, fresh)

    def alone() -> None:
        for scope in (rules.keys() & subjects.keys()).difference(_SHARED):
            out.extend(_judged(enumerate(subjects[scope]()), rules[scope]))

    for task, answers in zip(tasks, _done(tasks, rules, alone), strict=True):
        of = dict(task.subjects)
        for found in answers:
            known[id(of[found.subject])][1].append(found)
        out += answers
    yield from (found.finding for found in sorted(out, key=lambda found: found[:2]))


def _done(tasks: list[_Task], rules: Mapping[type, list[_Numbered]], meanwhile: Callable[[], None]) -> Iterable[list[_Found]]:
    """What is found by each task, in order; by several processes if there is enough to do."""
    processes = workers.available()
    if processes == 1 or sum(len(task.subjects) for task in tasks) < _WORTH_A_FORK:
        meanwhile()
        return [list(_judged(task.subjects, rules[task.scope])) for task in tasks]

    def work(task: _Task) -> list[plain.Plain]:
        return [(rule, subject, plain.flat(finding)) for rule, subject, finding in _judged(task.subjects, rules[task.scope])]

    answers = workers.each(tasks, work, processes, meanwhile)
    return ([_Found(rule, subject, plain.finding(flat)) for rule, subject, flat in answer] for answer in answers)  # type: ignore[attr-defined]


def _tasks(scope: type, subjects: Sequence[tuple[int, object]]) -> Iterator[_Task]:
    """Applications one by one, for they take the longest; all others by the dozen."""
    step = 1 if scope is Application else _CHUNK
    yield from (_Task(scope, list(subjects[start : start + step])) for start in range(0, len(subjects), step))


def _judged(subjects: Iterable[tuple[int, object]], rules: Iterable[_Numbered]) -> Iterator[_Found]:
    """All rules look at one subject after the other, because they walk the same tree."""
    for number, subject in subjects:
        for place, rule, options in rules:
            for found in rule.check(subject, options):
                severity = rule.severity if found.severity is Severity.OFF else found.severity
                yield _Found(place, number, replace(found, rule=rule.name, category=rule.category, severity=severity))
