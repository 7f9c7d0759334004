"""What happens past the limits of those who read a report: the worst is kept, and what is left out is counted."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from gitops_lint.finding import Finding, Related
from gitops_lint.report import Base, Cell, Entry, Matrix, Report, Summary
from gitops_lint.reporters import named
from gitops_lint.reporters.escape import markdown, message
from gitops_lint.reporters.options import Options, visible
from gitops_lint.reporters.tally import tally
from gitops_lint.severity import Severity
from tests.reporters.example import EXAMPLE, FILES, MISSING, MUTABLE, SAME
from tests.reporters.test_golden import rendered

MANY = tuple(replace(MISSING, key=("cache", f"k{number}")) for number in range(600))


def test_github_is_given_the_worst_ten_of_a_kind() -> None:
    out = rendered("github", Report((MUTABLE, *MANY, replace(SAME, severity=Severity.WARNING)), "0"), Options())
    kinds = [line.split(" ")[0] for line in out.splitlines()]
    assert kinds == ["::error"] * 10 + ["::warning"] * 2 + ["gitops-lint:"]
    assert "590 not annotated" in out


def test_github_refuses_columns_of_several_lines() -> None:
    out = rendered("github", Report((replace(MISSING, at=MISSING.at._replace(end_line=9)),), "0"), Options())
    assert "endLine=9" in out
    assert "col=" not in out


@pytest.mark.parametrize("size", [400, 5_000, 50_000, 1_000_000])
def test_markdown_keeps_within_its_size_and_says_what_is_left_out(size: int) -> None:
    report = replace(EXAMPLE, findings=(*MANY, MUTABLE))
    out = rendered("markdown", report, Options(size=size))
    assert len(out.encode()) <= size
    assert ("left out" in out) == (size < 1_000_000)
    assert out.count("<details>") == out.count("</details>")
    assert len(re.findall("^```", out, re.MULTILINE)) % 2 == 0


def test_sarif_puts_the_worst_first_and_marks_what_gives_secrets_away() -> None:
    secret = replace(MUTABLE, rule="plaintext-secret", category="secrets", severity=Severity.ERROR)
    catalogue = (Entry("plaintext-secret", "secrets", "A secret in plain text."),)
    run = json.loads(rendered("sarif", Report((SAME, MUTABLE, secret), "0", catalogue=catalogue), Options()))["runs"][0]
    assert [result["level"] for result in run["results"]] == ["error", "warning", "note"]
    rule = run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]
    assert (rule["id"], rule["properties"]["tags"], rule["properties"]["security-severity"]) == (
        "plaintext-secret",
        ["secrets", "security"],
        "8.0",
    )


def test_a_bracket_in_a_name_makes_no_link_in_sarif() -> None:
    finding = replace(MISSING, message="`a[b](1)`", related=(Related(MISSING.at, "c](2)[d"),))
    text = json.loads(rendered("sarif", Report((finding,), "0"), Options()))["runs"][0]["results"][0]["message"]["text"]
    assert re.findall(r"\]\((\d+)\)", text) == ["1"]


def test_gitlab_calls_a_secret_critical() -> None:
    secret = replace(MUTABLE, category="secrets", severity=Severity.ERROR)
    assert json.loads(rendered("gitlab", Report((secret,), "0"), Options()))[0]["severity"] == "critical"


def test_junit_tells_many_passes_as_one_for_each_rule() -> None:
    environments = tuple(("shop", f"e{number}") for number in range(9_000))
    root = ET.fromstring(rendered("junit", replace(EXAMPLE, environments=environments), Options()))  # noqa: S314  our own output
    assert {case.attrib["name"] for case in root.iter("testcase")} >= {"every environment", "shop / prod"}
    assert len(list(root.iter("testcase"))) < 20


@pytest.mark.parametrize(
    ("fail_on", "new", "failures"),
    [(Severity.ERROR, True, 1), (Severity.WARNING, True, 2), (Severity.ERROR, False, 0), (Severity.OFF, True, 0)],
)
def test_junit_fails_by_what_fails_the_run(fail_on: Severity, new: bool, failures: int) -> None:  # noqa: FBT001
    report = Report((replace(MISSING, new=new), MUTABLE), "0")
    root = ET.fromstring(rendered("junit", report, Options(fail_on=fail_on)))  # noqa: S314  our own output
    assert root.attrib["failures"] == str(failures)


def test_junit_skips_what_was_not_run() -> None:
    report = Report(
        (), "0", catalogue=(Entry("downgrade", "promotion", "Down."),), not_run=(("downgrade", "no base"),), environments=(("a", "b"),)
    )
    case = next(ET.fromstring(rendered("junit", report, Options())).iter("testcase"))  # noqa: S314  our own output
    assert case.find("skipped") is not None


def test_html_says_how_many_keys_are_not_in_the_picture() -> None:
    out = rendered("html", Report(MANY, "0"), Options())
    assert "100 more keys are in the findings below" in out


def test_html_of_nothing_says_so() -> None:
    out = rendered("html", Report((), "0", not_run=(("downgrade", "no base"),)), Options())
    assert "Nothing found" in out
    assert "<form" not in out
    assert "downgrade" in out


def test_html_shows_an_unknown_state_as_unknown() -> None:
    matrix = Matrix(("dev", "prod"), (("shop", (Cell("1", "sideways"), None)),))
    assert 'class="unknown"' in rendered("html", Report((), "0", matrix=matrix), Options())


def test_places_that_say_the_same_are_counted_after_the_third() -> None:
    related = tuple(Related(MISSING.at._replace(line=number), f"set in e{number}", f"e{number}") for number in range(1, 7))
    out = rendered("text", Report((replace(MISSING, related=related),), "0", source=FILES.get), Options())
    assert re.search(r"set in e1 \(also \S+:2:1, \S+:3:1 and 3 more\)", out)


def test_without_the_file_there_is_no_frame() -> None:
    lines = rendered("text", Report((MISSING,), "0"), Options()).splitlines()
    assert lines[1].endswith("values-prod.yaml:6:1")
    assert "would go here" in lines[2]
    assert not any(re.match(r" *\d+ \|", line) for line in lines)


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (Report((), "0"), "no findings · 0 applications, 0 environments"),
        (Report((MISSING,), "0", Summary(12, 48)), "1 finding (1 error) · 12 applications × 4 environments"),
        (Report((MISSING, MUTABLE), "0", Summary(12, 50)), "2 findings (1 error, 1 warning) · 12 applications, 50 environments"),
        (Report((SAME,), "0", Summary(1, 1)), "no findings · 1 more (--all) · 1 application, 1 environment"),
        (Report((), "0", base=Base("x", "y")), "no new findings · 0 applications, 0 environments"),
        (
            Report((MISSING, replace(MUTABLE, new=False)), "0", base=Base("x", "y")),
            "1 new finding (1 error) · 1 more (--all) · 0 applications, 0 environments",
        ),
    ],
)
def test_tally(report: Report, expected: str) -> None:
    assert tally(report, Options()) == expected


def test_all_means_all() -> None:
    findings: tuple[Finding, ...] = (MISSING, SAME, replace(MUTABLE, new=False))
    assert visible(Report(findings, "0"), Options(all=True)) == findings
    assert visible(Report(findings, "0"), Options()) == (MISSING,)
    assert visible(Report(findings, "0"), Options(fail_on=Severity.INFO)) == (MISSING, SAME)


def test_there_is_no_format_of_another_name() -> None:
    with pytest.raises(KeyError):
        named("os")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("stone-prod-p01", "stone-prod-p01"),
        ("1.10.2", "1.10.2"),
        ("- a", "&#45; a"),
        ("---", "&#45;&#45;&#45;"),
        ("www.acme.example", "www&#46;acme&#46;example"),
        ("1. a", "1&#46; a"),
        ("a_-b", "a&#95;&#45;b"),
    ],
)
def test_markdown_escapes_what_acts_and_leaves_the_rest(text: str, shown: str) -> None:
    assert markdown(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("`Secret/shop:` is set in dev", "`Secret/shop` is set in dev"),
        ("`Deployment/shop:spec.replicas` is set in dev", "`Deployment/shop:spec.replicas` is set in dev"),
        ("`y:` is the key `true`", "`y:` is the key `true`"),
    ],
)
def test_a_whole_object_is_named_without_its_colon(text: str, shown: str) -> None:
    assert message(text) == shown
