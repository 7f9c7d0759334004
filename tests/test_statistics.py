"""`check --statistics`: findings counted by rule instead of shown."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from gitops_lint.cli.main import main
from gitops_lint.finding import Finding, Fix
from gitops_lint.node import Location
from gitops_lint.reporters.statistics import lines
from gitops_lint.severity import Severity

SHOP = Path(__file__).parents[1] / "examples" / "shop"


def found(rule: str, severity: Severity = Severity.ERROR, safe: bool | None = None) -> Finding:  # noqa: FBT001
    fix = None if safe is None else Fix("mend it", (), safe=safe)
    return Finding("x", Location("a.yaml"), rule=rule, severity=severity, fix=fix)


@pytest.mark.parametrize(
    ("findings", "table"),
    [
        ([], []),
        ([found("b")], ["count  rule  severity  fixable", "    1  b     error"]),
        (
            [found("b"), found("a"), found("a", Severity.INFO, safe=True), found("c", Severity.WARNING, safe=False)],
            [
                "count  rule  severity         fixable",
                "    2  a     1 error, 1 info  1",
                "    1  b     error",
                "    1  c     warning          1 unsafe",
            ],
        ),
        ([found("a", safe=True), found("a", safe=False)], ["count  rule  severity  fixable", "    2  a     error     1, 1 unsafe"]),
        ([found("\x1b[31m")], ["count  rule        severity  fixable", "    1  \\u001b[31m  error"]),
    ],
)
def test_table(findings: Sequence[Finding], table: list[str]) -> None:
    assert list(lines(findings)) == table
    assert list(lines(replace(finding, message="other") for finding in reversed(findings))) == table


@pytest.fixture
def shop(tmp_path: Path) -> str:
    shutil.copytree(SHOP, tmp_path / "shop")
    return str(tmp_path / "shop")


@pytest.mark.parametrize("form", ["text", "concise", "markdown"])
def test_counts_instead_of_findings(shop: str, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", shop, "--statistics", "--format", form]) == 1
    out = capsys.readouterr().out
    assert "missing-key" in out
    assert "cache.ttl" not in out
    assert "7 findings" in out


def test_json_has_both(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", shop, "--statistics", "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    assert sum(row["count"] for row in report["statistics"]) == len(report["findings"])
    assert {row["rule"] for row in report["statistics"]} == {finding["rule"] for finding in report["findings"]}
    main(["check", shop, "--format", "json"])
    assert "statistics" not in json.loads(capsys.readouterr().out)


def test_a_format_without_a_place_for_them(shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", shop, "--statistics", "--format", "sarif"]) == 2
    assert "no place in the format `sarif`" in capsys.readouterr().err
    assert main(["check", shop, "--statistics", "--output", f"sarif:{tmp_path}/x.sarif"]) == 1
    assert json.loads((tmp_path / "x.sarif").read_text())["runs"][0]["results"]
