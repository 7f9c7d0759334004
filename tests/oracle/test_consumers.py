"""Real readers of what we write: reviewdog and the SARIF multitool for reports, actionlint for the workflow."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gitops_lint.cli.main import main
from gitops_lint.finding import Fix, Replace
from gitops_lint.node import Location
from gitops_lint.report import Report
from gitops_lint.reporters.options import Options
from tests.reporters.example import EXAMPLE, GATED, MUTABLE
from tests.reporters.test_golden import rendered
from tests.reporters.test_hostile import STRINGS, everywhere

pytestmark = pytest.mark.oracle
ROOT = Path(__file__).parents[2]


def program(name: str) -> str:
    folder = os.environ.get("GITOPS_LINT_ORACLES")
    if not folder:
        pytest.skip("GITOPS_LINT_ORACLES is not set")
    if name == "sarif-multitool" and shutil.which("npm") is None:
        pytest.skip("npm, which brings the SARIF multitool, is not here")
    return str(Path(folder) / name)


def reviewed(report: Report, kind: str, folder: Path) -> list[dict[str, Any]]:
    """The diagnostics that reviewdog made of a report."""
    command = [program("reviewdog"), f"-f={kind}", "-reporter=rdjson", "-filter-mode=nofilter", "-diff=true"]
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    text = rendered(kind, report, Options())
    done = subprocess.run(command, input=text, cwd=folder, capture_output=True, text=True, check=True)
    return list(json.loads(done.stdout)["diagnostics"])


@pytest.mark.parametrize("kind", ["rdjson", "sarif"])
def test_reviewdog_reads_every_finding(kind: str, tmp_path: Path) -> None:
    found = reviewed(EXAMPLE, kind, tmp_path)
    assert [item["code"]["value"] for item in found] == [finding.rule for finding in EXAMPLE.findings]
    assert [item["location"]["path"] for item in found] == [finding.at.path for finding in EXAMPLE.findings]
    assert found[1]["suggestions"][0]["text"] == "1.2.3"


def test_reviewdog_marks_the_same_text_after_other_letters(tmp_path: Path) -> None:
    line = "größe: {gewählt: latest}"
    at = Location("a.yaml", 1, 18, 1, 24)
    finding = replace(MUTABLE, at=at, fix=Fix("pin", (Replace("a.yaml", at, "latest", "1.2"),)))
    found = reviewed(Report((finding,), "0", source=lambda _path: line.encode()), "rdjson", tmp_path)
    for span in (found[0]["location"]["range"], found[0]["suggestions"][0]["range"]):
        assert line.encode()[span["start"]["column"] - 1 : span["end"]["column"] - 1] == b"latest"


def test_reviewdog_reads_hostile_names(tmp_path: Path) -> None:
    findings = tuple(finding for text in STRINGS for finding in everywhere(text).findings)
    assert len(reviewed(Report(findings, "0"), "rdjson", tmp_path)) == len(findings)


def test_actionlint_passes_the_workflow(tmp_path: Path) -> None:
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    shutil.copy(ROOT / "contrib" / "github" / "gitops-lint.yml", workflows)
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    done = subprocess.run([program("actionlint")], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def objections(log: str, folder: Path) -> list[tuple[str, str]]:
    """What the SARIF multitool says of a log, by its own rules and by GitHub's: rule and message. Its exit status says nothing."""
    (folder / "log.sarif").write_text(log, encoding="utf-8")
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", "DOTNET_BUNDLE_EXTRACT_BASE_DIR": str(folder / "net")}
    command = [program("sarif-multitool"), "validate", "log.sarif", "--rule-kind", "Sarif;Ghas", "--output", "said.sarif"]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    said = json.loads((folder / "said.sarif").read_text(encoding="utf-8-sig"))
    calls = [call for run in said["runs"] for call in run.get("invocations", ())]
    assert not any(call.get("toolExecutionNotifications") for call in calls)
    return [(result["ruleId"], json.dumps(result["message"])) for run in said["runs"] for result in run.get("results", ())]


NO_HOME = "SARIF2005"  # the tool has no page of its own that could be named


@pytest.mark.parametrize("report", [EXAMPLE, GATED, Report((), "0.0.0")], ids=["example", "gated", "empty"])
def test_the_multitool_and_github_take_a_log(report: Report, tmp_path: Path) -> None:
    assert [found for found in objections(rendered("sarif", report, Options()), tmp_path) if found[0] != NO_HOME] == []


def test_the_multitool_takes_hostile_names(tmp_path: Path) -> None:
    findings = tuple(finding for text in STRINGS if text[0] != "/" for finding in everywhere(text).findings)
    assert [found for found in objections(rendered("sarif", Report(findings, "0.0.0"), Options()), tmp_path) if found[0] != NO_HOME] == []


def test_the_multitool_takes_a_whole_repository(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "platform", tmp_path / "repo")
    assert main(["check", str(tmp_path / "repo"), "--quiet", "--exit-zero", "--output", f"sarif:{tmp_path}/report.sarif"]) == 0
    log = (tmp_path / "report.sarif").read_text(encoding="utf-8")
    assert json.loads(log)["runs"][0]["results"]
    assert [found for found in objections(log, tmp_path) if found[0] != NO_HOME] == []


def test_the_multitool_objects_to_a_poor_log(tmp_path: Path) -> None:
    log = json.loads(rendered("sarif", EXAMPLE, Options()))
    del log["runs"][0]["tool"]["driver"]["rules"][0]["fullDescription"]
    del log["runs"][0]["results"][0]["locations"]
    found = {name for name, _ in objections(json.dumps(log), tmp_path)}
    assert found - {NO_HOME}
