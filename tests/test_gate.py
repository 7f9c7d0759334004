from __future__ import annotations

from pathlib import Path

import pytest

from gitops_lint import gate, suppress
from gitops_lint.cli.opening import files
from gitops_lint.gate import Excusing
from gitops_lint.settings import Settings
from gitops_lint.trees.entry import TreeError
from gitops_lint.trees.memory import MemoryTree
from gitops_lint.trees.open import commit_tree, work_tree
from tests.trees.scratch import commit, git, repository

BASE = {"values-dev.yaml": "a: 1\nb: 1\n", "values-prod.yaml": "a: 1\nb: 1\n"}


def new(base: dict[str, str], head: dict[str, str], excuses: Excusing) -> list[str]:
    before, after = (files(MemoryTree(tree), Settings()) for tree in (base, head))
    found = gate.judge(before, after, Settings(), excuses).findings
    return sorted(f.rule for f in found if f.new and f.rule in ("missing-key", "partial-removal", "partial-addition"))


@pytest.mark.parametrize(
    ("head", "by_head", "by_base"),
    [
        ({"values-prod.yaml": "b: 1\nc: 1 # gitops-lint: only[prod] mine\n"}, ["partial-removal"], ["partial-addition", "partial-removal"]),
        ({"values-dev.yaml": "a: 1 # gitops-lint: only[dev] mine\nb: 1\n", "values-prod.yaml": "b: 1\n"}, [], []),
        ({".gitops-lint-baseline": "missing-key:values:a@prod\n", "values-prod.yaml": "b: 1\n"}, [], ["partial-removal"]),
    ],
    ids=["comment in a protected file", "comment in a file that is not protected", "baseline"],
)
def test_a_change_does_not_excuse_itself_under_the_base_s_policy(head: dict[str, str], by_head: list[str], by_base: list[str]) -> None:
    assert new(BASE, BASE | head, "head") == by_head
    assert new(BASE, BASE | head, "base") == by_base


def test_what_the_base_says_counts_wherever_it_moved() -> None:
    said = "c: 1 # gitops-lint: only[prod] mine\n"
    base = BASE | {"values-prod.yaml": f"a: 1\nb: 1\n{said}"}
    head = BASE | {"values-prod.yaml": f"{said}d: 1\na: 1\nb: 1\n"}
    assert new(base, head, "base") == ["partial-addition"]
    assert new(base, BASE | {"values-prod.yaml": "a: 1\nb: 1\nd: 1 # gitops-lint: only[prod] mine\n"}, "base") == ["partial-addition"]


def test_nothing_excuses_in_an_audit() -> None:
    base = BASE | {"values-prod.yaml": "a: 1\n"}
    head = base | {"values-dev.yaml": "a: 1\nb: 1\nc: 1 # gitops-lint: only[dev] mine\n"}
    assert new(base, head, "head") == []
    assert new(base, head, "nothing") == ["partial-addition"]


def test_a_comment_is_known_by_its_file_key_and_words() -> None:
    tree = files(MemoryTree({"values-dev.yaml": "a:\n  # gitops-lint: ignore[missing-key] x\n  # more\n  - b: 1\n"}), Settings())
    document = tree.document("values-dev.yaml")
    lines = tree.tree.read("values-dev.yaml").decode().split("\n")
    spoken = suppress.speeches({document.path: document.comments}, lambda _path: lines)
    assert [(s.path, s.key) for s in spoken] == [("values-dev.yaml", "- b")]


def test_a_base_that_git_has_lost_is_no_base(tmp_path: Path) -> None:
    root = repository(tmp_path, dict(BASE))
    blob = git(root, "rev-parse", "HEAD:values-prod.yaml").strip()
    commit(root, {"values-prod.yaml": "a: 1\n"})
    (root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    base, head = (files(tree, Settings()) for tree in (commit_tree(str(root), "HEAD~1"), work_tree(str(root))))
    with pytest.raises(TreeError, match=r"the base cannot be read: `values-prod.yaml`"):
        gate.judge(base, head, Settings())
