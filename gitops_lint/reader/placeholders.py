"""Templates that are no YAML yet: each placeholder masked by a scalar of its own length, so that keys and positions hold.

A mask is one code point of plane 15 that numbers the placeholder, then filler from the private use area: whatever libyaml makes of the
text around it, the mask comes out whole and can be turned back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from yaml.events import ScalarEvent

from gitops_lint.node import Opaque
from gitops_lint.reader.parser import Event, Next
from gitops_lint.regex import regex

_FIRST, _LAST = 0xF0000, 0xFFFFD
_FILLER = "\ue000"
_COMMENTED = "#\ue003"  # a mask that is a comment, unless it turns out to stand inside a block scalar
_MASK = regex(f"(?:{_COMMENTED})?([{chr(_FIRST)}-{chr(_LAST)}]){_FILLER}*")
_COMMENTABLE = regex(f"([{chr(_FIRST)}-{chr(_LAST)}]){_FILLER}{_FILLER}")
_LAST_ON_LINE = regex(f"(?:^|[ ])-[ ]+{_MASK.pattern}[ ]*$|:[ ]+{_MASK.pattern}[ ]*$")
_ENTRY = regex(r"\s*(?:-\s|[\w.\-/\"']+:(?:\s|$))")
_RESERVED = regex(f"[{_FILLER}-\ue003{chr(_FIRST)}-{chr(_LAST)}]")
_LONGEST = 2000  # code points of one placeholder; what is longer is no placeholder but two stray braces
_OPENING = regex(r"\{\{|\$\{")
_CONTROL = regex(r"\{\{\{?[-~]?\s*(?:if|else|end|range|with|define|block|#|/|\^|!|>|\$\w*\s*:?=)")
_TAGS = regex(r"[ \t]*\{[%#].*[%#]\}[ \t]*")


class Masked(NamedTuple):
    """A text with its placeholders masked, and the placeholders by number; `vague` where lines inside block scalars may be gone."""

    text: str
    placeholders: list[str]
    vague: bool


def masks(text: str) -> Iterator[Masked]:
    """The ways to mask a text, the one that keeps most first; none for a text without placeholders."""
    spans = list(_spans(text))
    if (not spans and "{%" not in text) or _RESERVED.search(text):
        return
    numbered, placeholders = _numbered(text, spans)
    original = text.split("\n")
    for vague in (False, True):
        yield Masked("\n".join(_lines(numbered.split("\n"), original, blank=vague)), placeholders, vague)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where placeholders begin and end. Each closing is sought once, not once for every opening before it."""
    closings = {"{{": -1, "${": -1}
    at = 0
    while (found := _OPENING.search(text, at)) is not None:
        begin, opening = found.start(), found[0]
        closing = "}}" if opening == "{{" else "}"
        if closings[opening] < begin + 2:
            closings[opening] = text.find(closing, begin + 2)
            if closings[opening] < 0:
                closings[opening] = len(text) + _LONGEST
        end = closings[opening]
        if end > begin + _LONGEST or (closing == "}" and "\n" in text[begin:end]):
            at = begin + 2
            continue
        at = end + len(closing)
        if text.startswith("{{{", begin) and text.startswith("}}}", end):
            at += 1
        yield begin, at


def _numbered(text: str, spans: list[tuple[int, int]]) -> tuple[str, list[str]]:
    out: list[str] = []
    placeholders: list[str] = []
    at = 0
    for begin, end in spans[: _LAST - _FIRST]:
        held = text[begin:end]
        first, *rest = held.split("\n")
        mask = chr(_FIRST + len(placeholders)) + _FILLER * (len(first) - 1)
        out += [text[at:begin], "\n".join([mask, *(" " * len(line) for line in rest)])]
        placeholders.append(held)
        at = end
    return "".join([*out, text[at:]]), placeholders


def _lines(lines: list[str], original: list[str], *, blank: bool) -> Iterator[str]:
    """Lines with those that are nothing but placeholders turned into comments, or blanks; one that can only be a value stays a scalar."""
    above = ""
    for number, line in enumerate(lines):
        alone = bool(line.strip()) and not _MASK.sub("", line).strip()
        if _TAGS.fullmatch(line) or (alone and not _is_value(lines, number, original[number], above)):
            yield " " * len(line) if blank else _comment(line)
            continue
        if _LAST_ON_LINE.search(line) and _goes_on(lines, number):
            line = _comment(line)  # noqa: PLW2901  what it becomes is keys beside those below
        yield line
        if line.strip() and not line.lstrip().startswith("#"):
            above = line


def _goes_on(lines: list[str], number: int) -> bool:
    """Whether keys or items follow below a line, deeper than it."""
    following = next((other for other in lines[number + 1 : number + 50] if other.strip()), "")
    return _indent(following) > _indent(lines[number]) and _ENTRY.match(following) is not None


def _comment(line: str) -> str:
    """The line as a comment of the same length, its first mask still readable where it is long enough."""
    return _COMMENTABLE.sub(rf"{_COMMENTED}\1", line, count=1) if _COMMENTABLE.search(line) else re.sub(r"\S", "#", line, count=1)


def _is_value(lines: list[str], number: int, original: str, above: str) -> bool:
    """Whether a line that is one placeholder stands where a value is due: under a bare key, deeper than it, and followed by no sibling."""
    line = lines[number]
    if _CONTROL.match(original.lstrip()) or not above.rstrip().endswith((":", "-")) or _indent(line) <= _indent(above):
        return False
    following = next((other for other in lines[number + 1 : number + 50] if other.strip()), "")
    return _indent(following) < _indent(line)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def veiled(following: Next, masked: Masked | None) -> Next:
    """The events, with text that holds a placeholder made `Opaque`, which no longer resolves to anything; masks are turned back.

    Keys are restored alike: an `Opaque` is the string it looks like. `masked` is None for a text that was not masked.
    """
    if masked is None:
        return _veiled(following)

    def restored(text: str) -> str:
        return _MASK.sub(lambda mask: masked.placeholders[ord(mask[1]) - _FIRST], text)

    def next_event() -> Event:
        event: Event = following()
        if event.__class__ is ScalarEvent:
            text = event.value
            if unknown := _RESERVED.search(text) is not None:
                text = restored(text)
            else:
                unknown = masked.vague and "\n" in text
            if unknown:
                event.value, event.implicit = Opaque(text), (False, True)
        return event

    return next_event


def _veiled(following: Next) -> Next:
    def next_event() -> Event:
        event: Event = following()
        if event.__class__ is ScalarEvent and "{{" in event.value and "}}" in event.value:
            event.value, event.implicit = Opaque(event.value), (False, True)
        return event

    return next_event
