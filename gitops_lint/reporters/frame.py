"""The source line that a finding points at, with what must not be shown masked, and where under it the marks go."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple
from unicodedata import combining, east_asian_width

from gitops_lint.node import Location
from gitops_lint.redact import MASK, masked
from gitops_lint.reporters.escape import show

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # as YAML 1.1 and libyaml count lines
_RARE = "\r\x85\u2028\u2029"
_MOST = 500  # code points looked at in one line
_INDENT = "    "


class Frame(NamedTuple):
    """A line as it is shown, and the columns of the display (from 0, end exclusive) that are marked."""

    number: int
    text: str
    start: int
    end: int


class Sources:
    """The lines of the files that frames are cut from, each file asked for once."""

    def __init__(self, source: Callable[[str], bytes | None]) -> None:
        self._source = source
        self._lines: dict[str, list[str]] = {}

    def lines(self, path: str) -> list[str]:
        """The lines of a file without their ends; none where the file cannot be had."""
        known = self._lines.get(path)
        if known is None:
            data = self._source(path)
            known = self._lines[path] = [] if data is None else _split(data.decode("utf-8-sig", "replace"))
        return known

    def line(self, at: Location) -> str | None:
        """The raw line that a location starts on: not for the eyes."""
        lines = self.lines(at.path)
        return lines[at.line - 1] if 0 < at.line <= len(lines) else None

    def frame(self, at: Location, width: int = 200) -> Frame | None:
        """The line that a location starts on, cut to `width` display columns around the marked span; None where there is no such line."""
        raw = self.line(at)
        if raw is None or not raw.strip():
            return None
        hidden = masked(self.lines(at.path), at.line - 1)
        pieces = raw if _plain(raw) and not hidden else _pieces(raw, hidden)
        first = min(at.column - 1, len(pieces))
        last = max(min(at.end_column - 1 if at.end_line == at.line else len(raw.rstrip()), len(pieces)), first)
        if pieces is raw and len(raw) <= width:
            return Frame(at.line, raw.rstrip(), first, max(last, first + 1))
        return _cut(at.line, pieces, first, last, width)


def parted(frame: Frame) -> tuple[str, str, str]:
    """The text of a frame before, within and after its marked columns."""
    columns, start, end = 0, len(frame.text), len(frame.text)
    for number, char in enumerate(frame.text):
        if columns == frame.start:
            start = min(start, number)
        if columns >= frame.end:
            end = number
            break
        columns += display_width(char)
    return frame.text[:start], frame.text[start:end], frame.text[end:]


def display_width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return len(text) if text.isascii() else sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def _pieces(raw: str, hidden: list[tuple[int, int]]) -> list[str]:
    """What is shown for each code point of a line."""
    pieces = [_INDENT if char == "\t" else show(char) for char in raw[:_MOST]]
    for start, end in hidden:
        for number in range(start, min(end, len(pieces))):
            pieces[number] = MASK if number == start else ""
    return pieces


def _split(text: str) -> list[str]:
    return _BREAK.split(text) if any(ending in text for ending in _RARE) else text.split("\n")


def _plain(raw: str) -> bool:
    """Whether a line is shown as it stands, a column for each character."""
    return len(raw) <= _MOST and raw.isascii() and raw.isprintable() and "##" not in raw


def _cut(number: int, pieces: Sequence[str], first: int, last: int, width: int) -> Frame:
    widths = [display_width(piece) for piece in pieces]
    left, before = 0, sum(widths[:first])
    while before > width * 2 // 3 and left < first:
        before -= widths[left]
        left += 1
    right, taken = left, 2 if left else 0
    while right < len(pieces) and taken + widths[right] <= width:
        taken += widths[right]
        right += 1
    ellipsis = "… " if left else ""
    text = ellipsis + "".join(pieces[left:right]).rstrip() + ("…" if right < len(pieces) else "")
    start = len(ellipsis) + before
    end = start + max(1, sum(widths[first : min(last, right)]))
    return Frame(number, show(text), start, end)
