"""Help that fits a screen, and wrong names that are answered with the nearest right one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gitops_lint.cli.main import COMMANDS, main

SHOP = Path(__file__).parents[1] / "examples" / "shop"


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits_a_screen(command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main([*command.split(), "--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 80


@pytest.fixture
def shop(tmp_path: Path) -> str:
    shutil.copytree(SHOP, tmp_path / "shop")
    return str(tmp_path / "shop")


@pytest.mark.parametrize(
    ("words", "nearest"),
    [
        (["chek"], "`check`"),
        (["check", "--statistic"], "--statistics"),
        (["check", "{}", "--format", "txt"], "`text`"),
        (["check", "{}", "--output", "jsn:x"], "`json`"),
        (["check", "{}", "--fail-on", "eror"], "`error`"),
        (["check", "{}", "--color", "allways"], "`always`"),
        (["check", "{}", "--parity", "stage"], "`staged`"),
        (["check", "{}", "--policy-from", "haed"], "`head`"),
        (["check", "{}", "--select", "missing-keys"], "`missing-key`"),
        (["check", "{}", "--ignore", "consistencey"], "`consistency`"),
        (["fix", "{}", "--select", "missing-keys"], "`missing-key`"),
        (["show", "--path", "{}", "crt"], "`cart`"),
        (["show", "--path", "{}", "cart", "prd"], "`prod`"),
        (["show", "--path", "{}", "cart", "prod", "image.tagg"], "`image.tag`"),
        (["show", "--path", "{}", "--format", "jsn"], "`json`"),
        (["diff", "--path", "{}", "cart", "dev", "prd"], "`prod`"),
        (["matrix", "--path", "{}", "crt"], "`cart`"),
        (["matrix", "--path", "{}", "--format", "markdwn"], "`markdown`"),
        (["pin", "{}", "--environment", "prd"], "`prod`"),
        (["impact", "{}", "--format", "markdwn"], "`markdown`"),
        (["rules", "--path", "{}", "consistancy"], "`consistency`"),
        (["explain", "--path", "{}", "mising-key"], "`missing-key`"),
    ],
    ids=" ".join,
)
def test_a_wrong_name(words: list[str], nearest: str, shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([shop if word == "{}" else word for word in words]) == 2
    said = capsys.readouterr().err
    assert "did you mean" in said.lower()
    assert nearest in said
