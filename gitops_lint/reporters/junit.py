"""JUnit's XML: a case for each rule and environment, also for those that pass, so that a test tab shows the whole picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple, TextIO
from xml.etree import ElementTree as ET

from gitops_lint.finding import Finding
from gitops_lint.report import Report
from gitops_lint.reporters.escape import message, place, xml
from gitops_lint.reporters.options import Options
from gitops_lint.severity import Severity

_MOST_CASES = 20_000  # with more, the cases that pass are told as one for each rule
_EVERYWHERE = "every environment"


class Case(NamedTuple):
    """A rule in a place, with what it found there."""

    name: str
    findings: tuple[Finding, ...] = ()
    skipped: str = ""


def render(report: Report, out: TextIO, options: Options) -> None:
    """Write a suite for each rule; a case fails by new findings that `fail_on` counts, and only mentions the others."""
    skipped = dict(report.not_run)
    names = {entry.name: None for entry in report.catalogue} | dict.fromkeys(finding.rule for finding in report.findings)
    passes = [_case_name(*pair) for pair in report.environments]
    if len(names) * len(passes) > _MOST_CASES:
        passes = [_EVERYWHERE]
    found = _found(report)
    suites = [_suite(rule, list(_cases(found.get(rule, {}), passes, skipped.get(rule, ""))), options) for rule in names]
    if report.unverified:
        cases = [Case(f"{item.path}:{item.line}", skipped=item.reason) for item in report.unverified]
        suites.append(_suite("not checked", cases, options))
    root = ET.Element("testsuites", {"name": "gitops-lint", **_sums(suites)})
    root.extend(suites)
    ET.indent(root, " ")
    out.write("<?xml version='1.0' encoding='UTF-8'?>\n" + ET.tostring(root, encoding="unicode").replace("##", "&#35;#") + "\n")


def _case_name(application: str, environment: str) -> str:
    return f"{application} / {environment}" if application else environment


def _found(report: Report) -> dict[str, dict[str, list[Finding]]]:
    """Findings by rule and case; one that names no environment belongs to its file."""
    found: dict[str, dict[str, list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for finding in report.findings:
        for environment in finding.environments or ("",):
            name = _case_name(finding.application, environment) if environment else finding.at.path
            found[finding.rule][name].append(finding)
    return found


def _cases(found: dict[str, list[Finding]], passes: list[str], skipped: str) -> Iterator[Case]:
    if skipped:
        yield Case(_EVERYWHERE, skipped=skipped)
        return
    for name in dict.fromkeys((*passes, *found)):
        yield Case(name, tuple(found.get(name, ())))


def _suite(rule: str, cases: list[Case], options: Options) -> ET.Element:
    suite = ET.Element("testsuite", name=xml(rule))
    for case in cases:
        suite.append(_testcase(rule, case, options))
    failures, skips = (sum(case.find(tag) is not None for case in suite) for tag in ("failure", "skipped"))
    suite.attrib |= {"tests": str(len(cases)), "failures": str(failures), "errors": "0", "skipped": str(skips)}
    return suite


def _testcase(rule: str, case: Case, options: Options) -> ET.Element:
    element = ET.Element("testcase", classname=xml(rule), name=xml(case.name) or "-")
    failing: list[Finding] = []
    others: list[Finding] = []
    for finding in case.findings:
        (failing if finding.new and finding.severity >= options.fail_on > Severity.OFF else others).append(finding)
    if case.findings:
        element.set("file", xml(case.findings[0].at.path))
    if case.skipped:
        ET.SubElement(element, "skipped", message=xml(message(case.skipped)))
    if failing:
        failure = ET.SubElement(element, "failure", type=str(failing[0].severity), message=xml(message(failing[0].message)))
        failure.text = "\n".join(map(_line, failing))
    if others:
        ET.SubElement(element, "system-out").text = "\n".join(map(_line, others))
    return element


def _line(finding: Finding) -> str:
    return xml(f"{place(finding.at)}: {finding.severity}[{finding.rule}] {message(finding.message)}")


def _sums(suites: list[ET.Element]) -> dict[str, str]:
    return {name: str(sum(int(suite.attrib[name]) for suite in suites)) for name in ("tests", "failures", "errors")}
