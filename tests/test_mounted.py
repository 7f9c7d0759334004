"""Environments on branches and in other repositories are compared like folders."""

from __future__ import annotations

import json
from pathlib import Path
from subprocess import run

import pytest

from gitops_lint.cli.main import main
from gitops_lint.trees.memory import MemoryTree
from gitops_lint.trees.mounted import MountedTree
from gitops_lint.trees.protocol import TreeError


def git(folder: Path, *words: str) -> None:
    run(["git", "-C", str(folder), "-c", "user.name=t", "-c", "user.email=t@localhost", *words], check=True, capture_output=True)


def commit(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "state")


@pytest.fixture
def branches(tmp_path: Path) -> Path:
    """A repository with a branch per environment; prod lacks a key."""
    git(tmp_path, "init", "-q", "-b", "dev")
    config = "trees: {dev: {path: .}, prod: {branch: prod}}\n"
    commit(tmp_path, {"values.yaml": "cache:\n  ttl: 60\n  size: 1\n", ".gitops-lint.yaml": config})
    git(tmp_path, "checkout", "-qb", "prod")
    commit(tmp_path, {"values.yaml": "cache:\n  size: 1\n"})
    git(tmp_path, "checkout", "-q", "dev")
    return tmp_path


def findings(capsys: pytest.CaptureFixture[str], *words: str) -> list[tuple[str, str, list[str], str]]:
    capsys.readouterr()
    main(["check", *words, "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    return [(f["rule"], f["key"], f["environments"], f["path"]) for f in report["findings"] if f["new"]]


def test_branches_are_environments(branches: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert findings(capsys, str(branches)) == [("missing-key", "cache.ttl", ["prod"], "prod/values.yaml")]


def test_a_change_on_a_branch_is_judged_against_the_others(branches: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (branches / "values.yaml").write_text("cache:\n  ttl: 60\n  size: 1\n  new: 2\n")
    assert findings(capsys, str(branches), "--base", "HEAD") == [("partial-addition", "cache.new", ["prod"], "prod/values.yaml")]


def test_another_repository_is_an_environment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in (("dev-config", "cache: {ttl: 60}\n"), ("prod-config", "cache: {}\n")):
        (tmp_path / name).mkdir()
        git(tmp_path / name, "init", "-q")
        commit(tmp_path / name, {"shop/values.yaml": text})
    commit(tmp_path / "dev-config", {".gitops-lint.yaml": "trees: {dev: {path: .}, prod: {path: ../prod-config}}\n"})
    assert findings(capsys, str(tmp_path / "dev-config")) == [("missing-key", "cache.ttl", ["prod"], "prod/shop/values.yaml")]


def test_a_branch_that_is_not_there_is_no_silence(branches: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (branches / ".gitops-lint.yaml").write_text("trees: {dev: {path: .}, prod: {branch: production}}\n")
    assert main(["check", str(branches)]) == 2
    assert "production" in capsys.readouterr().err


def test_a_folder_is_not_hidden() -> None:
    with pytest.raises(TreeError, match="would hide the folder"):
        MountedTree(MemoryTree({"prod/values.yaml": ""}), {"prod": MemoryTree({})})


def test_a_rendered_branch_is_refused() -> None:
    with pytest.raises(TreeError, match="rendered from"):
        MountedTree(MemoryTree({}), {"prod": MemoryTree({"hydrator.metadata": "{}"})})


def test_the_main_tree_stays_at_the_top() -> None:
    tree = MountedTree(MemoryTree({"a.yaml": "a: 1"}), {"hotfix": MemoryTree({"a.yaml": "a: 2"})})
    assert list(tree.names()) == ["a.yaml", "hotfix/a.yaml"]
    assert (tree.read("a.yaml"), tree.read("hotfix/a.yaml")) == (b"a: 1", b"a: 2")
    assert tree.blob("a.yaml") != tree.blob("hotfix/a.yaml")
