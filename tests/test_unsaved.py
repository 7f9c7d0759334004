"""`check --stdin-filename`: a file as an editor holds it, judged among the others as they are."""

from __future__ import annotations

import io
import os
import shutil
import sys
from pathlib import Path

import pytest

from gitops_lint.cli.main import main
from gitops_lint.trees.memory import MemoryTree
from gitops_lint.trees.overlay import OverlayTree
from tests.trees.scratch import repository

SHOP = Path(__file__).parents[1] / "examples" / "shop"
VALUES = {"values-dev.yaml": "cache:\n  ttl: 60\n", "values-qa.yaml": "cache:\n  ttl: 60\n", "values-prod.yaml": "cache:\n  ttl: 600\n"}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return repository(tmp_path / "repo", {f"shop/{name}": text for name, text in VALUES.items()})


class Standard(io.TextIOWrapper):
    def __init__(self, text: str) -> None:
        super().__init__(io.BytesIO(text.encode()))


def checked(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, text: str, *words: str) -> tuple[int, list[str]]:
    monkeypatch.setattr(sys, "stdin", Standard(text))
    status = main(["check", "--format", "concise", "--no-cache", *words])
    printed = capsys.readouterr()
    return status, [*printed.out.splitlines()[:-1], *printed.err.splitlines()]


def test_the_content_is_what_is_typed(shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    file = str(shop / "shop" / "values-prod.yaml")
    assert checked(capsys, monkeypatch, VALUES["values-prod.yaml"], "--stdin-filename", file) == (0, [])
    status, lines = checked(capsys, monkeypatch, "cache: {}\n", "--stdin-filename", file)
    assert (status, lines) == (1, ["shop/values-prod.yaml:1:1: error[missing-key] `cache.ttl` is set in dev and qa, and missing in prod"])
    assert (shop / "shop" / "values-prod.yaml").read_text() == VALUES["values-prod.yaml"]


def test_a_difference_is_told_where_this_file_has_its_part(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = VALUES["values-dev.yaml"] + "\nprofiler:\n  enabled: true\n"
    status, lines = checked(capsys, monkeypatch, text, "--stdin-filename", str(shop / "shop" / "values-dev.yaml"))
    assert (status, len(lines)) == (1, 1)
    assert lines[0].startswith("shop/values-dev.yaml:4:1: error[missing-key] `profiler`")


def test_findings_of_other_files_are_left_out(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shutil.copytree(SHOP, tmp_path / "shop")
    file = tmp_path / "shop" / "search" / "values-qa.yaml"
    _, lines = checked(capsys, monkeypatch, file.read_text(), str(tmp_path / "shop"), "--stdin-filename", str(file))
    assert lines
    assert all(line.startswith("search/values-qa.yaml:") for line in lines)


@pytest.mark.parametrize("folder", [".", "shop", "/"])
def test_it_does_not_matter_where_the_editor_stands(
    folder: str, shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop / folder)
    file = str(shop / "shop" / "values-prod.yaml") if folder == "/" else os.path.relpath(shop / "shop" / "values-prod.yaml")
    assert checked(capsys, monkeypatch, "cache: {}\n", "-", "--stdin-filename", file)[0] == 1


def test_a_file_that_is_not_there_yet(shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    status, lines = checked(capsys, monkeypatch, "cache: {}\n", "--stdin-filename", str(shop / "shop" / "values-staging.yaml"))
    assert status == 1
    assert lines[0].startswith("shop/values-staging.yaml:1:1: error[missing-key] `cache.ttl`")
    assert checked(capsys, monkeypatch, "a: 1\n", "--stdin-filename", str(shop / "new" / "notes.yaml")) == (0, [])


def test_against_a_base(shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    file = str(shop / "shop" / "values-prod.yaml")
    status, lines = checked(capsys, monkeypatch, "cache: {}\n", "-", "--base", "HEAD", "--stdin-filename", file)
    assert status == 1
    assert "partial-removal" in lines[0]


def test_invalid_yaml(shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    status, lines = checked(capsys, monkeypatch, "cache: [\n", "--stdin-filename", str(shop / "shop" / "values-prod.yaml"))
    assert status == 1
    assert "invalid-yaml" in "".join(lines)


def test_a_file_elsewhere(shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    status, lines = checked(capsys, monkeypatch, "", str(shop), "--stdin-filename", str(tmp_path / "x.yaml"))
    assert status == 2
    assert "is neither in" in lines[-1]


def test_too_much(shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    status, lines = checked(capsys, monkeypatch, "#" * 6_000_000, "--stdin-filename", str(shop / "shop" / "values-prod.yaml"))
    assert (status, lines[-1]) == (2, "gitops-lint: standard input is larger than 5 MiB")


def test_overlay() -> None:
    below = MemoryTree({"b": "1", "c": "2"})
    over = OverlayTree(below, "a", b"3")
    assert list(over.names()) == ["a", "b", "c"]
    assert over.read("a") == b"3"
    assert over.read("b") == b"1"
    assert over.blob("a") == over.names()["a"].blob == MemoryTree({"x": "3"}).blob("x")
    assert over.blob("c") == below.blob("c")
    assert OverlayTree(below, "b", b"9").read("b") == b"9"
