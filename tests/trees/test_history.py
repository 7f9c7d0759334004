from __future__ import annotations

from pathlib import Path

import pytest

from gitops_lint.trees import history, revision
from gitops_lint.trees.entry import TreeError
from gitops_lint.trees.history import FileChange
from gitops_lint.trees.open import repository
from tests.trees.scratch import commit, git
from tests.trees.scratch import repository as make


def blob(root: Path, name: str) -> str:
    return git(root, "rev-parse", name).strip()


def test_each_commit_of_the_main_line_says_what_it_changed(tmp_path: Path) -> None:
    root = make(tmp_path, {"ä b.yaml": "a: 1\n", "c": "c"})
    first = blob(root, "HEAD")
    git(root, "checkout", "-qb", "side")
    commit(root, {"side.yaml": "s: 1\n"}, GIT_COMMITTER_DATE="1700000000 +0200")
    git(root, "checkout", "-q", "main")
    git(root, "mv", "ä b.yaml", ":odd")
    second = commit(root, {"c": "d"}, GIT_COMMITTER_DATE="1700000001 +0000")
    empty = commit(root, GIT_COMMITTER_DATE="1700000002 +0000")
    git(root, "merge", "-q", "--no-edit", "side", GIT_COMMITTER_DATE="1700000003 +0000")
    checkout, merge = repository(str(root)), blob(root, "HEAD")

    known = list(history.commits(checkout, merge))
    assert [(entry.commit, entry.parent) for entry in known] == [(merge, empty), (empty, second), (second, first), (first, "")]
    assert [entry.time for entry in known[:3]] == [1700000003, 1700000002, 1700000001]
    assert list(history.commits(checkout, merge, limit=2)) == known[:2]

    a, c, d, s = (blob(root, name) for name in (f"{first}:ä b.yaml", f"{first}:c", "HEAD:c", "HEAD:side.yaml"))
    changed = list(history.changes(checkout, reversed(known)))
    assert [entry for entry, _ in changed] == known[::-1]
    assert [sorted(files) for _, files in changed] == [
        [FileChange("A", "c", "", c), FileChange("A", "ä b.yaml", "", a)],
        [FileChange("A", ":odd", "", a), FileChange("D", "ä b.yaml", a, ""), FileChange("M", "c", c, d)],
        [],
        [FileChange("A", "side.yaml", "", s)],
    ]


def test_a_generator_that_nobody_ends(tmp_path: Path) -> None:
    root = make(tmp_path, {"a": "1"})
    for number in range(3):
        commit(root, {"a": str(number)})
    checkout = repository(str(root))
    head = revision.resolve(checkout, "HEAD")
    assert next(iter(history.commits(checkout, head))).commit == head
    assert next(iter(history.changes(checkout, history.commits(checkout, head))))[0].commit == head


def test_what_is_not_there(tmp_path: Path) -> None:
    checkout = repository(str(make(tmp_path, {"a": "1"})))
    with pytest.raises(TreeError, match="cannot be read"):
        list(history.commits(checkout, "0" * 39 + "1"))
    with pytest.raises(TreeError, match="cannot be read"):
        list(history.changes(checkout, [history.Commit("0" * 39 + "1", 0, "")]))


def test_forks(tmp_path: Path) -> None:
    root = make(tmp_path, {"a": "1"})
    fork = blob(root, "HEAD")
    git(root, "checkout", "-qb", "side")
    commit(root, {"s": "1"})
    git(root, "checkout", "-q", "main")
    later = commit(root, {"m": "1"}, GIT_COMMITTER_DATE="1700000000 +0000")
    git(root, "update-ref", "refs/remotes/origin/release", later)
    git(root, "checkout", "-q", "--orphan", "alone")
    commit(root, {"o": "1"})
    checkout = repository(str(root))
    assert revision.merge_base(checkout, "main", "side") == fork == revision.fork_point(checkout, "main", "side")
    assert revision.merge_base(checkout, "main", "alone") == ""
    assert revision.resolve(checkout, "release") == revision.resolve(checkout, "origin/release") == later
    assert revision.resolve(checkout, "main~1") == revision.resolve(checkout, fork[:10]) == fork
    assert revision.known(checkout, "nowhere") == revision.known(checkout, "-x") == ""
    with pytest.raises(TreeError, match="no commit `nowhere` in this repository"):
        revision.resolve(checkout, "nowhere")
    with pytest.raises(TreeError, match="no commit"):
        revision.resolve(checkout, "main:a")


@pytest.mark.parametrize("name", ["HEAD~1", "HEAD^", "@~1", "HEAD^{commit}~1"])
def test_the_heads_ancestors_are_the_work_trees_own(tmp_path: Path, name: str) -> None:
    root = make(tmp_path / "clone", {"a": "1"})
    first = git(root, "rev-parse", "HEAD").strip()
    elsewhere = commit(root, {"a": "2"})
    git(root, "update-ref", "refs/remotes/origin/main", commit(root, {"a": "3"}))
    git(root, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    git(root, "reset", "-q", "--hard", elsewhere)
    assert revision.resolve(repository(str(root)), name) == first
