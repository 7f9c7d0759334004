"""Frames of any file at any place: nothing is raised, nothing acts, and the marks stand under what they mean."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_lint.finding import Related
from gitops_lint.node import Location
from gitops_lint.redact import masked, redact
from gitops_lint.report import Report
from gitops_lint.reporters.frame import Sources, display_width, parted
from gitops_lint.reporters.options import Options
from gitops_lint.reporters.related import grouped
from tests.reporters.example import MISSING
from tests.reporters.test_golden import rendered
from tests.reporters.test_hostile import CONTROL


def sources(text: str) -> Sources:
    return Sources(lambda _path: text.encode("utf-8", "surrogatepass"))


PLACES = st.builds(Location, st.just("a"), st.integers(1, 9), st.integers(1, 90), st.integers(1, 9), st.integers(1, 90))


@given(st.text(), PLACES, st.integers(20, 120))
def test_any_place_of_any_file(text: str, at: Location, width: int) -> None:
    frame = sources(text).frame(at, width)
    if frame is not None:
        assert not CONTROL.search(frame.text)
        assert "".join(parted(frame)) == frame.text
        assert 0 <= frame.start < frame.end


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"]), min_size=1), st.data())
def test_the_marked_text_is_the_spans(text: str, data: st.DataObject) -> None:
    line = f"a {text}".rstrip()
    start = data.draw(st.integers(0, len(line) - 1))
    end = data.draw(st.integers(start + 1, len(line)))
    if masked([line], 0) or line[start:end] != line[start:end].strip():
        return
    frame = sources(line).frame(Location("a", 1, start + 1, 1, end + 1), 10_000)
    assert frame is not None
    if display_width(line[:start]) == len(line[:start]) and display_width(line[start:end]) == end - start and "#" not in line:
        assert parted(frame)[1] == line[start:end]


@given(st.lists(st.text(), min_size=1), st.data())
def test_masks_are_apart_and_within_the_line(lines: list[str], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(lines) - 1))
    spans = masked(lines, index)
    assert all(0 <= start < end <= len(lines[index]) for start, end in spans)
    assert all(one[1] < other[0] for one, other in pairwise(spans))


@pytest.mark.parametrize(
    "line",
    [
        "a=b " * 250_000,
        "A1b/" * 250_000,
        "://a" * 250_000,
        '"a" ' * 250_000,
        "a " * 500_000,
        " " * 1_000_000 + "a",
        "-" * 1_000_000,
        "eyJaaaaaa" * 400_000,
    ],
    ids=range(8),
)
def test_a_long_line_costs_little(line: str) -> None:
    start = monotonic()
    place = MISSING.at._replace(line=1, end_line=1)
    report = Report((replace(MISSING, at=place),), "0", source=lambda _path: (line + "\n").encode() + b"cache:\n" * 9)
    sources(line).frame(place)
    redact(line)
    rendered("text", report, Options())
    assert monotonic() - start < 5


def test_a_long_line_is_cut_around_its_span() -> None:
    line = "x" * 300 + "HERE" + "y" * 300
    frame = sources(line).frame(Location("a", 1, 301, 1, 305), 60)
    assert frame is not None
    assert parted(frame)[1] == "HERE"
    assert frame.text.startswith("… ")
    assert frame.text.endswith("…")
    assert display_width(frame.text) <= 62


def test_wide_letters_take_two_columns() -> None:
    frame = sources("日本: x").frame(Location("a", 1, 5, 1, 6))
    assert frame is not None
    assert (frame.start, frame.end) == (6, 7)
    assert parted(frame) == ("日本: ", "x", "")


def test_a_tab_takes_four_columns() -> None:
    frame = sources("\ta: x").frame(Location("a", 1, 5, 1, 6))
    assert frame is not None
    assert (frame.start, frame.text) == (7, "    a: x")


@pytest.mark.parametrize("separator", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_lines_end_where_yaml_ends_them(separator: str) -> None:
    frame = sources(f"a: 1{separator}b: 2").frame(Location("a", 2, 1, 2, 2))
    assert frame is not None
    assert frame.text == "b: 2"


def test_there_is_no_frame_without_the_line() -> None:
    assert sources("a: 1\n\n").frame(Location("a", 2)) is None
    assert sources("a: 1").frame(Location("a", 7)) is None
    assert Sources(lambda _path: None).frame(Location("a")) is None


def place_of(*names: str, line: int = 1) -> list[Related]:
    return [Related(Location("base.yaml", line, 1), f"set in {name}", name) for name in names]


@pytest.mark.parametrize(
    ("related", "shown"),
    [
        (place_of("dev"), [("set in dev", 0)]),
        (place_of("dev", "qa"), [("set in dev and qa", 0)]),
        (place_of("a", "b", "c", "d"), [("set in a, b, c and d", 0)]),
        (place_of("a", "b", "c", "d", "e"), [("set in a, b, c and 2 more", 0)]),
        (place_of("dev", "qa") + place_of("prod", line=2), [("set in dev and qa", 1)]),
        (place_of("dev", "dev"), [("set in dev", 0)]),
        ([*place_of("dev"), Related(Location("base.yaml", 1, 1), "stands here", "prod")], [("set in dev", 0), ("stands here", 0)]),
        ([Related(Location("a", 1, 1), "first here"), Related(Location("a", 1, 1), "first here")], [("first here", 0)]),
    ],
)
def test_a_place_is_named_once_for_all_environments(related: list[Related], shown: list[tuple[str, int]]) -> None:
    assert [(group.first.message, len(group.others)) for group in grouped(related)] == shown
