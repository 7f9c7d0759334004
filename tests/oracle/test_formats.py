"""Every format of a run over the largest repository of the corpus, by its readers and validators."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from gitops_lint.cli.main import main
from gitops_lint.reporters import FORMATS
from tests.oracle.test_consumers import NO_HOME, objections, program
from tests.reporters.test_contracts import ROOT, schema, validate, without_files

pytestmark = pytest.mark.oracle
LARGEST = ROOT / ".." / "shared" / "corpus" / "redhat-appstudio+infra-deployments"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a report in each format, named for it."""
    if not LARGEST.exists():
        pytest.skip("the corpus is not beside this checkout")
    folder = tmp_path_factory.mktemp("reports")
    shutil.copytree(LARGEST, folder / "repo", symlinks=True)
    outputs = [word for name in FORMATS for word in ("--output", f"{name}:{folder / name}")]
    assert main(["check", str(folder / "repo"), "--quiet", "--all", "--no-cache", *outputs]) == 1
    return folder


def content(reports: Path, name: str) -> Any:  # noqa: ANN401  JSON
    return json.loads((reports / name).read_text(encoding="utf-8"))


def count(reports: Path) -> int:
    found = len(content(reports, "json")["findings"])
    assert found > 500
    return found


def test_json(reports: Path) -> None:
    validate(content(reports, "json"), json.loads((ROOT / "schemas" / "report.schema.json").read_text(encoding="utf-8")))


def test_sarif(reports: Path, tmp_path: Path) -> None:
    log = content(reports, "sarif")
    validate(log, schema("sarif-2.1.0.json"))
    assert len(log["runs"][0]["results"]) == count(reports)
    assert [found for found in objections((reports / "sarif").read_text(encoding="utf-8"), tmp_path) if found[0] != NO_HOME] == []


def test_gitlab(reports: Path) -> None:
    items = content(reports, "gitlab")
    validate(items, {"type": "array", "items": schema("gitlab-codequality.json")})
    assert len({item["fingerprint"] for item in items}) == len(items) == count(reports)


def test_junit(reports: Path) -> None:
    path = ROOT / ".." / "shared" / "schemas" / "junit-10.xsd"
    if not path.exists():
        pytest.skip("junit-10.xsd is not beside this checkout")
    xmlschema = pytest.importorskip("xmlschema")
    xmlschema.XMLSchema10(str(path)).validate(without_files((reports / "junit").read_text(encoding="utf-8")))


def test_rdjson(reports: Path, tmp_path: Path) -> None:
    validate(content(reports, "rdjson"), schema("reviewdog-DiagnosticResult.json"))
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    command = [program("reviewdog"), "-f=rdjson", "-reporter=rdjson", "-filter-mode=nofilter", "-diff=true"]
    text = (reports / "rdjson").read_text(encoding="utf-8")
    done = subprocess.run(command, input=text, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert len(json.loads(done.stdout)["diagnostics"]) == count(reports)


def test_texts(reports: Path) -> None:
    found = count(reports)
    assert len((reports / "concise").read_text(encoding="utf-8").splitlines()) == found + 1
    assert (reports / "text").read_text(encoding="utf-8").count("--> ") >= found
    lines = (reports / "github").read_text(encoding="utf-8").splitlines()
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines if line.startswith("::"))
    assert (reports / "markdown").stat().st_size <= 1_000_000
    page = (reports / "html").read_text(encoding="utf-8")
    assert page.count("<article ") == found
    assert page.rstrip().endswith("</html>")
