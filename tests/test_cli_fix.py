"""`gitops-lint fix` edits files, or shows what it would edit."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_lint.cli.main import main
from tests.trees.scratch import git, repository, write

BELOW = "image:\n  tag: v1 # the common one\n  pull: Always\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "values.yaml").write_text(BELOW)
    (tmp_path / "values-dev.yaml").write_text("cache:\n  ttl: 60\n  size: 1\n")
    (tmp_path / "values-prod.yaml").write_text("# production\nimage:\n  tag: v1\ncache:\n  size: 1   # small\n")
    return tmp_path


def test_safe_fixes_only(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (shop / "values-prod.yaml").read_text()
    assert main(["fix", str(shop)]) == 0
    assert "more with --unsafe" in capsys.readouterr().err
    assert (shop / "values-prod.yaml").read_text() == before


def test_all_fixes(shop: Path) -> None:
    assert main(["fix", str(shop), "--unsafe"]) == 0
    assert (shop / "values-prod.yaml").read_text() == "# production\ncache:\n  size: 1   # small\n  ttl: CHANGEME\n"
    assert (shop / "values.yaml").read_text() == BELOW
    assert not [path for path in shop.iterdir() if path.name.startswith(".")]


def test_diff_writes_nothing(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (shop / "values-prod.yaml").read_text()
    assert main(["fix", str(shop), "--unsafe", "--diff", "--select", "redundant-override"]) == 0
    assert "-image:\n-  tag: v1\n" in capsys.readouterr().out
    assert (shop / "values-prod.yaml").read_text() == before


def test_a_link_is_not_written_through(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "real.yaml").write_text((shop / "values-prod.yaml").read_text())
    (shop / "values-prod.yaml").unlink()
    (shop / "values-prod.yaml").hardlink_to(shop / "real.yaml")
    assert main(["fix", str(shop), "--unsafe"]) == 2
    assert "is a link" in capsys.readouterr().err


STALE = "cache:\n  ttl: 60 # gitops-lint: ignore[missing-key] not yet\n"


@pytest.fixture
def committed(tmp_path: Path) -> Path:
    return repository(tmp_path / "repo", {"values-dev.yaml": STALE, "values-qa.yaml": STALE, "values-prod.yaml": "cache:\n  ttl: 1\n"})


def test_of_staged_files_only(committed: Path) -> None:
    assert main(["fix", "--staged", str(committed)]) == 0
    for name in ("values-dev.yaml", "values-qa.yaml"):
        (committed / name).write_text(STALE + "host: x\n")
    git(committed, "add", "values-dev.yaml")
    assert main(["fix", "--staged", "--diff", str(committed)]) == 1
    assert (committed / "values-dev.yaml").read_text() == STALE + "host: x\n"
    assert main(["fix", "--staged", str(committed)]) == 1
    assert (committed / "values-dev.yaml").read_text() == "cache:\n  ttl: 60\nhost: x\n"
    assert (committed / "values-qa.yaml").read_text() == STALE + "host: x\n"
    assert git(committed, "show", ":values-dev.yaml") == STALE + "host: x\n"
    assert main(["fix", "--staged", str(committed)]) == 0


def test_of_the_first_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    write(tmp_path, {"values-dev.yaml": STALE, "values-prod.yaml": "cache:\n  ttl: 1\n"})
    git(tmp_path, "add", ".")
    assert main(["fix", "--staged", str(tmp_path)]) == 1
    assert (tmp_path / "values-dev.yaml").read_text() == "cache:\n  ttl: 60\n"


def test_staged_outside_a_repository(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fix", "--staged", str(shop)]) == 2
    assert "is not in a git repository" in capsys.readouterr().err


def test_a_wrong_rule(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fix", "--select", "redundant-overide", str(shop)]) == 2
    assert "did you mean `redundant-override`?" in capsys.readouterr().err


def test_a_category(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fix", "--unsafe", "--diff", "--select", "layering", str(shop)]) == 0
    out = capsys.readouterr().out
    assert "-  tag: v1\n" in out
    assert "CHANGEME" not in out


def test_a_commit_without_yaml_is_not_waited_for(
    committed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (committed / "README.md").write_text("hello\n")
    git(committed, "add", "README.md")
    monkeypatch.setattr("gitops_lint.cli.opening.begin", None)
    assert main(["fix", "--staged", str(committed)]) == 0
    assert capsys.readouterr().err == ""
