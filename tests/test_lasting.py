from __future__ import annotations

from pathlib import Path

import pytest

from gitops_lint import engine, gate
from gitops_lint.cli.opening import files
from gitops_lint.settings import RuleSetting, Settings
from gitops_lint.trees.memory import MemoryTree
from gitops_lint.trees.open import commit_tree, work_tree
from gitops_lint.trees.protocol import Tree
from tests.trees.scratch import commit, git, repository

FILES: dict[str, str | bytes] = {"values-dev.yaml": "cache: {ttl: 60}\n", "values-prod.yaml": "cache: {}\n"}
STAGED = Settings(parity="staged")
DAY = 86_400
FIRST = 1_700_000_000


def result(tree: Tree, settings: Settings) -> engine.Result:
    head = files(tree, settings)
    return engine.run(head, settings)


def overdue(found: engine.Result) -> list[str]:
    return [finding.message for finding in found.findings if finding.rule == "overdue-key"]


def aged(root: Path, *days: int) -> Path:
    """A repository whose commits were made so many days after the first, which has the files."""
    repository(root, FILES)
    git(root, "commit", "-q", "--amend", "--no-edit", GIT_COMMITTER_DATE=f"{FIRST} +0000")
    for day in days:
        commit(root, {"readme": str(day)}, GIT_COMMITTER_DATE=f"{FIRST + day * DAY} +0000")
    return root


def shallow(root: Path) -> Tree:
    git(root.parent, "clone", "-q", "--depth=1", f"file://{aged(root, 40)}", "clone")
    return work_tree(str(root.parent / "clone"))


def unborn(root: Path) -> Tree:
    root.mkdir()
    git(root, "init", "-q")
    for name, text in FILES.items():
        (root / name).write_text(str(text))
    git(root, "add", "-A")
    return work_tree(str(root))


def plain(_root: Path) -> Tree:
    return MemoryTree({name: str(text).encode() for name, text in FILES.items()})


@pytest.mark.parametrize(
    ("tree", "reason"),
    [
        pytest.param(plain, "no git history", id="outside git"),
        pytest.param(shallow, "fetch-depth: 0", id="a shallow clone"),
        pytest.param(unborn, "no commit `HEAD`", id="before the first commit"),
    ],
)
def test_without_history_the_rule_is_not_run_and_says_why(tree: object, reason: str, tmp_path: Path) -> None:
    assert callable(tree)
    found = result(tree(tmp_path / "origin"), STAGED)
    assert not overdue(found)
    assert [rule for rule, why in found.not_run if reason in why] == ["overdue-key"]


def test_it_runs_where_keys_wait_or_where_it_is_named(tmp_path: Path) -> None:
    tree = work_tree(str(aged(tmp_path / "r", 40)))
    assert overdue(result(tree, STAGED)) == [
        "`cache.ttl` is set in dev, and missing in prod for 40 days, since 2023-11-14 (commit `"
        + git(tmp_path / "r", "rev-parse", "HEAD~1")[:10]
        + "`)"
    ]
    quiet = result(tree, Settings())
    assert not overdue(quiet)
    assert "`parity` is not `staged`" in dict(quiet.not_run)["overdue-key"]
    assert overdue(result(tree, Settings(rules={"overdue-key": RuleSetting()})))


def test_a_check_of_a_change_does_not_ask_for_ages(tmp_path: Path) -> None:
    root = str(aged(tmp_path / "r", 40))
    base, head = (files(commit_tree(root, revision), STAGED) for revision in ("HEAD~1", "HEAD"))
    found = gate.judge(base, head, STAGED)
    assert not overdue(found)
    assert dict(found.not_run)["overdue-key"] == "it is about what lasts, not about a change"


def test_the_age_is_that_of_the_commit_that_is_read(tmp_path: Path) -> None:
    root = str(aged(tmp_path / "r", 40, 90))
    assert ["for 40 days" in message for message in overdue(result(commit_tree(root, "HEAD~1"), STAGED))] == [True]
    assert ["for 90 days" in message for message in overdue(result(commit_tree(root, "HEAD"), STAGED))] == [True]


def test_a_key_that_is_not_committed_yet_has_no_age(tmp_path: Path) -> None:
    root = aged(tmp_path / "r", 40)
    (root / "values-dev.yaml").write_text("cache: {ttl: 60, size: 5}\n")
    assert [message.partition(" is ")[0] for message in overdue(result(work_tree(str(root)), STAGED))] == ["`cache.ttl`"]


def test_what_prod_once_had_and_lost_is_dated_by_the_loss(tmp_path: Path) -> None:
    root = aged(tmp_path / "r")
    for day, prod in ((10, "cache: {ttl: 30}\n"), (50, "cache: {}\n"), (90, "cache: {}\nmore: 1\n")):
        commit(root, {"values-prod.yaml": prod}, GIT_COMMITTER_DATE=f"{FIRST + day * DAY} +0000")
    assert ["for 40 days" in message for message in overdue(result(work_tree(str(root)), STAGED))] == [True]


def test_a_file_without_history_is_no_trouble(tmp_path: Path) -> None:
    root = aged(tmp_path / "r", 40)
    git(root, "mv", "values-prod.yaml", "values-production.yaml")
    assert len(overdue(result(work_tree(str(root)), STAGED))) == 1
