from __future__ import annotations

import io
import marshal
from collections.abc import Callable

import pytest

from gitops_lint.earlier import Earlier, nothing_known
from gitops_lint.finding import Finding, Related
from gitops_lint.node import Location
from gitops_lint.report import Report
from gitops_lint.reporters import text
from gitops_lint.reporters.options import Options
from gitops_lint.severity import Severity
from gitops_lint.trees.memory import MemoryTree
from tests.test_remembered import TREES, lint, states


def shown(tree: MemoryTree, findings: tuple[Finding, ...], earlier: Earlier, options: Options) -> str:
    out = io.StringIO()
    text.render(Report(findings, "0", source=tree.read, earlier=earlier), out, options)
    return out.getvalue()


@pytest.mark.parametrize("options", [Options(all=True), Options(all=True, color=True, width=60)], ids=["plain", "coloured"])
@pytest.mark.parametrize("name", TREES)
def test_a_report_looks_the_same_whatever_is_known(name: str, options: Options) -> None:
    known: dict[object, tuple[object, ...]] = {}
    for state in states(name, 3, 6):
        tree = MemoryTree(state)
        earlier = Earlier(known, lambda path, tree=tree: tree.blob(path) if path in tree.names() else "")  # type: ignore[misc]
        findings = lint(state).findings
        assert shown(tree, findings, earlier, options) == shown(tree, findings, nothing_known(), options)
        known = marshal.loads(marshal.dumps(earlier.shown))  # noqa: S302  our own


FINDING = Finding("`a` is missing", Location("a.yaml", 1, 1, 1, 2), rule="missing-key", severity=Severity.ERROR, label="here")
PLACE = Location("b.yaml", 2, 1, 2, 2)


@pytest.mark.parametrize(
    ("change", "again"),
    [
        (lambda finding: finding, False),
        (lambda finding: Finding(finding.message, finding.at, rule=finding.rule, severity=Severity.WARNING, label="here"), True),
        (lambda finding: Finding(finding.message, finding.at, rule=finding.rule, severity=finding.severity, label="there"), True),
        (
            lambda finding: Finding(
                finding.message, finding.at, rule=finding.rule, severity=finding.severity, related=(Related(PLACE, "x"),)
            ),
            True,
        ),
    ],
    ids=["nothing", "severity", "label", "related"],
)
def test_whatever_is_shown_differently_is_shown_anew(change: Callable[[Finding], Finding], *, again: bool) -> None:
    first = Earlier({}, lambda _path: "blob")
    assert first.look(FINDING, (80,), lambda: "first") == "first"
    second = Earlier(first.shown, lambda _path: "blob")
    assert second.look(change(FINDING), (80,), lambda: "second") == ("second" if again else "first")


def test_other_content_and_another_way_are_shown_anew() -> None:
    first = Earlier({}, lambda _path: "blob")
    first.look(FINDING, (80,), lambda: "first")
    assert Earlier(first.shown, lambda _path: "other").look(FINDING, (80,), lambda: "second") == "second"
    assert Earlier(first.shown, lambda _path: "blob").look(FINDING, (60,), lambda: "second") == "second"


def test_what_nobody_can_name_the_content_of_is_not_kept() -> None:
    earlier = nothing_known()
    assert earlier.look(FINDING, (80,), lambda: "first") == "first"
    assert earlier.shown == {}
