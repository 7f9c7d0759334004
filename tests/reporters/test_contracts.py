"""Each machine format is what its readers' schemas ask for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry

from gitops_lint.report import Report
from gitops_lint.reporters.options import Options
from tests.reporters.example import EXAMPLE, GATED, MISSING
from tests.reporters.test_golden import rendered

ROOT = Path(__file__).parents[2]
SHARED = ROOT / ".." / "shared" / "schemas"
EMPTY = Report((), "0.0.0")
REPORTS = {"example": EXAMPLE, "gated": GATED, "empty": EMPTY, "twice": Report((MISSING, MISSING), "0.0.0")}


def schema(name: str) -> Any:  # noqa: ANN401  JSON
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not beside this checkout")
    return json.loads(path.read_text(encoding="utf-8"))


def loads(name: str, report: Report) -> Any:  # noqa: ANN401  JSON
    return json.loads(rendered(name, report, Options()))


def validate(instance: Any, by: Any) -> None:  # noqa: ANN401  JSON
    kind = jsonschema.validators.validator_for(by)
    kind(by, registry=Registry(), format_checker=kind.FORMAT_CHECKER).validate(instance)


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_json(report: Report) -> None:
    by = json.loads((ROOT / "schemas" / "report.schema.json").read_text(encoding="utf-8"))
    for statistics in (False, True):
        validate(json.loads(rendered("json", report, Options(statistics=statistics))), by)


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_sarif(report: Report) -> None:
    sarif = loads("sarif", report)
    validate(sarif, schema("sarif-2.1.0.json"))
    results = sarif["runs"][0]["results"]
    hashes = [result["partialFingerprints"]["primaryLocationLineHash"] for result in results]
    assert len(set(hashes)) == len(report.findings)
    for rule in sarif["runs"][0]["tool"]["driver"]["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_gitlab_by_its_parser_and_by_its_documentation(report: Report) -> None:
    item_schema = schema("gitlab-codequality.json")
    items = loads("gitlab", report)
    for item in items:
        validate(item, item_schema)
        assert item["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert item["check_name"]
        assert not item["location"]["path"].startswith("/")
        assert isinstance(item["location"]["lines"]["begin"], int)
    assert len({item["fingerprint"] for item in items}) == len(report.findings)


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_rdjson(report: Report) -> None:
    validate(loads("rdjson", report), schema("reviewdog-DiagnosticResult.json"))


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_junit(report: Report) -> None:
    path = SHARED / "junit-10.xsd"
    if not path.exists():
        pytest.skip("junit-10.xsd is not beside this checkout")
    xmlschema = pytest.importorskip("xmlschema")
    text = rendered("junit", report, Options())
    xmlschema.XMLSchema10(str(path)).validate(without_files(text))


def without_files(text: str) -> str:
    """A JUnit report without the attribute `file`, by which GitLab links and which Jenkins' schema does not know."""
    return "\n".join(line.partition(' file="')[0] + line[_after_file(line) :] for line in text.split("\n"))


def _after_file(line: str) -> int:
    start = line.find(' file="')
    return len(line) if start < 0 else line.index('"', start + 7) + 1


def test_an_empty_report_is_an_empty_list_for_gitlab() -> None:
    assert loads("gitlab", EMPTY) == []


def test_the_added_line_comes_first_for_those_who_show_changed_lines_only() -> None:
    location = loads("sarif", GATED)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == GATED.findings[0].related[0].at.path
    assert loads("gitlab", GATED)[0]["fingerprint"] == loads("gitlab", EXAMPLE)[0]["fingerprint"]


def test_columns_for_reviewdog_count_bytes() -> None:
    line = "schlüssel: wert"
    at = MISSING.at._replace(path="a.yaml", line=1, column=12, end_line=1, end_column=16)
    finding = MISSING.__class__("m", at, rule="r")
    start = loads("rdjson", Report((finding,), "0", source=lambda _path: line.encode()))["diagnostics"][0]["location"]["range"]["start"]
    assert start == {"line": 1, "column": 13}
