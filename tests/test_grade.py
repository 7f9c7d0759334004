from __future__ import annotations

import pytest

from gitops_lint.category import TUNING
from gitops_lint.convention import MANY, marked
from gitops_lint.finding import Facts, Finding, Lack
from gitops_lint.grade import WEIGHTS, Grade, confidence, decide, evidence, grade, told
from gitops_lint.node import Location
from gitops_lint.severity import Severity

DEV, QA, PROD = ("dev", 0), ("qa", 2), ("prod", 5)


def facts(have: tuple[tuple[str, int], ...], *lack: tuple[str, int], marks: tuple[str, ...] = (), category: str = "other") -> Facts:
    lacks = tuple(Lack(name, rank, name == "prod", ("",)) for name, rank in lack)
    return Facts(category, category == "env-var", have, lacks, ranked=True, marks=marks)


def finding(of: Facts, application: str = "shop", key: tuple[str, ...] = ("a", "b")) -> Finding:
    names = tuple(lack.environment for lack in of.lack)
    return Finding("m", at=Location("f", 1, 1, 1, 1), key=key, application=application, environments=names, facts=of)


@pytest.mark.parametrize(
    ("of", "parity", "row", "severity"),
    [
        (facts((DEV, PROD), QA), "together", 6, Severity.ERROR),
        (facts((DEV, PROD), QA), "staged", 6, Severity.WARNING),
        (facts((DEV, PROD), QA, category="env-var"), "staged", 6, Severity.ERROR),
        (facts((DEV, QA), PROD), "together", 8, Severity.ERROR),
        (facts((DEV, QA), PROD), "staged", 8, Severity.INFO),
        (facts((DEV, QA), PROD, marks=("added-by-change",)), "staged", 8, Severity.WARNING),
        (facts((PROD,), DEV, QA, marks=("only-top",)), "together", 7, Severity.INFO),
        (facts((QA, PROD), DEV), "together", 9, Severity.WARNING),
        (facts((DEV,), ("dev2", 0)), "together", 5, Severity.WARNING),
        (facts((DEV,), ("dev2", 0)), "staged", 5, Severity.INFO),
        (facts((PROD,), ("prod2", 5), marks=("only-top",)), "together", 5, Severity.INFO),
        (facts((DEV,), PROD, category="scaling"), "together", 4, Severity.INFO),
        (facts((DEV,), PROD, category="scaling"), "strict", 4, Severity.ERROR),
        (facts((DEV,), PROD, marks=("removed-here",)), "staged", 2, Severity.ERROR),
        (facts((PROD,), DEV, marks=("removed-here",)), "staged", 2, Severity.WARNING),
        (facts((DEV,), PROD, marks=("new-environment",)), "staged", 3, Severity.ERROR),
        (facts((DEV, PROD), QA, marks=("unsaid",)), "together", 6, Severity.INFO),
        (facts((DEV, PROD), QA, marks=("unsaid",)), "strict", 6, Severity.ERROR),
        (facts((DEV, PROD), QA, marks=("unsaid", "new-environment")), "together", 3, Severity.INFO),
        (facts((DEV, PROD), QA, marks=("unsaid",))._replace(kind="misplaced"), "together", 1, Severity.INFO),
        (facts((DEV, QA, PROD), ("dev2", 0), marks=("unsaid",))._replace(kind="misplaced"), "together", 1, Severity.WARNING),
    ],
)
def test_the_decision_table(of: Facts, parity: str, row: int, severity: Severity) -> None:
    found = decide(of, of.lack[0], parity)
    assert (found.row, found.severity) == (row, severity)


def test_every_weight_is_that_of_some_evidence() -> None:
    told_by_rows = {f"row-{row}" for row in range(1, 10)}
    categories = {"env-var", "secret", "identity", "allowlist", "ingress", "image", "storage", "other", "resource-list"}
    marks = {"only-top", "names-environment", "switch", "list-item", "replaced", "elsewhere", "touched", "added-by-change", "many"}
    marks |= {"removed-here", "new-environment", "user-named", "protected", "repeated"}
    assert WEIGHTS.keys() <= {""} | told_by_rows | categories | marks
    assert not WEIGHTS.keys() & TUNING


def test_evidence_for_a_mistake_raises_the_confidence() -> None:
    plain = facts((DEV, QA), PROD)
    assert confidence(plain._replace(marks=("names-environment",)), Grade(8, Severity.ERROR)) > confidence(plain, Grade(8, Severity.ERROR))
    assert confidence(plain._replace(marks=("switch",)), Grade(8, Severity.ERROR)) < confidence(plain, Grade(8, Severity.ERROR))
    assert evidence(plain, 8) == ("row-8", "other", "protected")


def test_evidence_in_words() -> None:
    graded = grade(finding(facts((DEV, QA), PROD, marks=("names-environment",), category="env-var")), "together")
    said = told(graded)
    assert said.startswith(f"confidence {graded.confidence:.2f}: a value that names its environment")
    assert "; but missing in a protected environment, only lower environments have it" in said
    assert told(Finding("m", at=Location("f", 1, 1, 1, 1))) == ""


def test_a_difference_that_two_applications_have_is_marked() -> None:
    of = facts((DEV,), PROD)
    one, other, third = finding(of), finding(of, "cart", ("x", "a", "b")), finding(of, "cart", ("x", "c"))
    assert ["elsewhere" in f.facts.marks for f in marked([one, other, third]) if f.facts] == [True, True, False]
    assert ["elsewhere" in f.facts.marks for f in marked([one, one]) if f.facts] == [False, False]


def test_what_many_applications_have_is_said_once() -> None:
    every = [finding(facts((DEV,), PROD), f"app-{number}") for number in range(MANY)]
    graded = [grade(each, "together") for each in marked(every)]
    assert [each.severity for each in graded] == [Severity.WARNING, *[Severity.INFO] * (MANY - 1)]
    assert graded[0].notes == (f"said once for {MANY} applications, which all differ in this way",)
    assert graded[1].notes == ("said once for all applications that differ in this way, at f:1",)
    assert {grade(each, "strict").severity for each in marked(every)} == {Severity.ERROR}
    assert {grade(each, "together").severity for each in marked(every[1:])} == {Severity.ERROR}


@pytest.mark.parametrize(
    ("of", "severity"),
    [
        (facts((DEV,), PROD, category="env-var"), Severity.WARNING),  # those are forgotten everywhere at once
        (facts((DEV,), PROD, category="secret"), Severity.WARNING),
        (facts((DEV,), PROD, marks=("added-by-change",)), Severity.ERROR),  # one change made the mistake everywhere
        (facts((DEV,), PROD)._replace(kind="misplaced"), Severity.ERROR),
    ],
)
def test_what_is_no_convention_although_many_have_it(of: Facts, severity: Severity) -> None:
    every = [finding(of, f"app-{number}") for number in range(MANY)]
    assert {grade(each, "together").severity for each in marked(every)} == {severity}


def test_a_change_that_follows_a_convention() -> None:
    old = [finding(facts((DEV,), PROD), f"app-{number}") for number in range(MANY)]
    new = finding(facts((DEV,), PROD, marks=("added-by-change",)), "app-new")
    assert grade(marked([*old, new])[-1], "together").severity is Severity.INFO
    assert grade(marked([*old[1:], new])[-1], "together").severity is Severity.ERROR
