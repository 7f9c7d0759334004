"""Names, keys and values of strangers do nothing in any format."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_lint.finding import Finding, Fix, Replace
from gitops_lint.model import Unverified
from gitops_lint.node import Location
from gitops_lint.report import Base, Cell, Entry, Matrix, Report
from gitops_lint.reporters import FORMATS
from gitops_lint.reporters.escape import github_data, github_property, json_text, show, xml
from gitops_lint.reporters.options import Options
from tests.reporters.example import EXAMPLE, MISSING
from tests.reporters.test_golden import rendered

STRINGS = [
    *(f"a{chr(point)}b" for point in (0, 7, 8, 9, 10, 11, 12, 13, 27, 28, 31, 127, 0x85, 0x9B, 0x9D, 0xA0, 0xAD)),
    *(f"a{char}b" for char in "\u061c\u200b\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2066\u2069\ufeff\ufff9\udc80\ud83d\U000e0041"),
    "\n::error title=PWN::b",
    "::error::b",
    " ::warning file=x::b",
    "\r::set-output name=x::y",
    "::stop-commands::x",
    "##[add-mask]a",
    "##vso[task.setvariable variable=x]y",
    "##teamcity[message text='x']",
    "a%0A::error::b",
    "a%25b:c,d",
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;http://evil\x07x\x1b]8;;\x07",
    "\x9b31m",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\" onmouseover=alert(1) x='",
    "&lt;b&gt;&#x3c;i&#x3e;",
    "]]>",
    "<!--",
    "-->",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e 'x'>]>&e;",
    "[x](http://evil)",
    "![x](http://evil/x.png)",
    "](1)",
    "https://evil.example/x",
    "@everyone #1 !2",
    "```\n# heading",
    "a`b``c",
    "|x|y|",
    "**bold** _it_ ~~no~~",
    "{0.__class__} %s [/red] {{7*7}} ${x}",
    "javascript:alert(1)",
    "=cmd|' /C calc'!A0",
    "-" * 5000,
    "../../etc/passwd",
    "/etc/passwd",
    "C:\\x\\y",
    "e\u0301" * 50 + "\u0489" * 50,
    "日本語" * 100,
]
FORGED = re.compile(r"##(?:\[|vso\[|teamcity\[)")
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def everywhere(text: str) -> Report:
    """A report with the text in every place that a repository can write to."""
    at = MISSING.at._replace(path=text)
    finding = replace(
        MISSING,
        at=at,
        message=f"`{text}` is {text}",
        key=(text, f"[{text}]"),
        application=text,
        environments=(text,),
        related=tuple(item._replace(at=item.at._replace(path=text), message=text, environment=text) for item in MISSING.related),
        label=text,
        help=text,
        notes=(text,),
        aliases=(text,),
        pending=text,
        fix=Fix(text, (Replace(text, at, text, text),)),
    )
    return Report(
        (finding, Finding(text, Location(text), rule="invalid-yaml", severity=finding.severity)),
        "0",
        unverified=(Unverified(text, 1, text),),
        not_run=((text, text),),
        base=Base(text, text),
        catalogue=(Entry("missing-key", "consistency", text, text),),
        environments=((text, text),),
        source=lambda _path: f"a: {text}\n".encode("utf-8", "replace") * 20,
        matrix=Matrix((text,), ((text, (Cell(text, text, text),)),)),
    )


@pytest.mark.parametrize("text", STRINGS, ids=range(len(STRINGS)))
@pytest.mark.parametrize("name", FORMATS)
def test_nothing_acts(name: str, text: str) -> None:
    report = everywhere(text)
    out = rendered(name, report, Options(verbose=True))
    out.encode()
    assert not CONTROL.search(out)
    assert not FORGED.search(out)
    commands = [line for line in out.split("\n") if line.lstrip().startswith("::") and not line.lstrip().startswith("::: ")]
    assert len(commands) == (len(report.findings) if name == "github" else 0)


@pytest.mark.parametrize("text", STRINGS, ids=range(len(STRINGS)))
def test_machines_still_read_it(text: str) -> None:
    report = everywhere(text)
    for name in ("json", "sarif", "gitlab", "rdjson"):
        json.loads(rendered(name, report, Options()))
    ET.fromstring(rendered("junit", report, Options()))  # noqa: S314  our own output


class Tags(HTMLParser):
    """Every tag of a page with the names of its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _value in attrs)))


@pytest.mark.parametrize("text", STRINGS, ids=range(len(STRINGS)))
def test_html_has_the_tags_it_would_have_anyway(text: str) -> None:
    page = rendered("html", everywhere(text), Options())
    assert set(Tags(page).tags) <= set(Tags(rendered("html", everywhere("x"), Options())).tags)
    assert page.count("</script") == page.count("<script")


@pytest.mark.parametrize("text", STRINGS, ids=range(len(STRINGS)))
def test_markdown_has_no_links_images_or_foreign_html(text: str) -> None:
    markdown_it = pytest.importorskip("markdown_it")
    tokens = markdown_it.MarkdownIt("commonmark").enable("table").parse(rendered("markdown", everywhere(text), Options()))
    flat = [token for block in tokens for token in (block, *(block.children or ()))]
    assert not {token.type for token in flat} & {"link_open", "image", "strong_open", "em_open"}
    foreign = [
        re.sub(r"</?(?:details|summary)>|\d+ not checked|Versions|Source lines|\s", "", t.content)
        for t in flat
        if t.type.startswith("html")
    ]
    assert not "".join(foreign)
    assert [token.content for token in flat if token.type == "heading_open"] in ([], [""])


@given(st.text())
def test_workflow_commands_are_read_back(text: str) -> None:
    assert "\n" not in (data := github_data(text))
    assert _unescaped(data) == show(text)
    assert not set(github_property(text)) & set(":,\n\r")
    assert _unescaped(github_property(text)) == show(text)


def _unescaped(text: str) -> str:
    """As the runner does (actions/runner, src/Runner.Common/ActionCommand.cs)."""
    for coded, plain in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(coded, plain)
    return text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_keeps_every_character(text: str) -> None:
    assert json.loads(json_text({text: [text]})) == {text: [text]}


@given(st.text())
def test_xml_reads_what_was_shown(text: str) -> None:
    element = ET.Element("a", b=xml(text))
    element.text = xml(text)
    read = ET.fromstring(ET.tostring(element, encoding="unicode"))  # noqa: S314  our own output
    assert (read.text or "") == read.attrib["b"] == xml(text)


@given(st.text())
def test_shown_text_is_plain(text: str) -> None:
    assert not CONTROL.search(show(text))
    assert show(show(text)) == show(text)


def test_a_leading_command_in_a_path_is_disarmed() -> None:
    report = Report((replace(MISSING, at=MISSING.at._replace(path="::error::x.yaml")),), "0")
    assert rendered("concise", report, Options()).startswith("./::error::x.yaml:6:1: error[missing-key] ")


def test_the_example_is_not_changed_by_being_shown() -> None:
    assert show(EXAMPLE.findings[0].message) == EXAMPLE.findings[0].message
