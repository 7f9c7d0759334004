"""`gitops-lint fix` edits files, or shows what it would edit."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_lint.cli.main import main

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
