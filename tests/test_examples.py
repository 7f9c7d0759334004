"""The second example says what its README promises: one mistake in each application, and tenants that are not compared with each other."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from gitops_lint.cli.main import main

EXAMPLES = Path(__file__).parents[1] / "examples"


def test_platform(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(EXAMPLES / "platform", tmp_path / "platform")
    assert main(["check", str(tmp_path / "platform"), "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    loud = [(f["application"], f["key"], f["environments"]) for f in report["findings"] if f["severity"] == "error"]
    assert loud == [
        ("api", "env.CACHE_HOST", ["qa"]),
        ("tenants/globex", "env.INVOICES", ["prod"]),
        ("web", "ConfigMap/web:CART_MINUTES", ["prod"]),
    ]


def test_platform_is_found_as_it_is_declared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(EXAMPLES / "platform", tmp_path / "platform")
    assert main(["show", "--path", str(tmp_path / "platform"), "--format", "json"]) == 0
    shown = {app["name"]: app["environments"] for app in json.loads(capsys.readouterr().out)["applications"]}
    assert list(shown) == ["api", "tenants/acme", "tenants/globex", "web"]
    assert [layer["path"] for layer in shown["api"][0]["layers"]] == ["charts/api/values.yaml", "api/common.yaml", "api/dev/values.yaml"]
    assert all(env["evidence"]["declared"] for name in ("api", "web") for env in shown[name])
