"""Comments addressed to us: `#` outside every scalar, then the tool's name and a colon."""

from __future__ import annotations

import re
from bisect import bisect_right

import yaml
from yaml.events import ScalarEvent

from gitops_lint.node import pack
from gitops_lint.reader.lines import line_starts, place
from gitops_lint.reader.parser import Next, events
from gitops_lint.reader.refusal import RefusedError

MARKER = "gitops-lint:"
SETTER = "$imagepolicy"
_COMMENT = re.compile(r"(?:(?<=\s)|\A)#[ \t]*gitops-lint:([^\r\n]*)")
_SETTER = re.compile(r"(?:(?<=\s)|\A)#[ \t]*\{[ \t]*\"\$imagepolicy\"[ \t]*:[ \t]*\"([^\"\r\n]*)\"")


def find(text: str) -> tuple[tuple[int, str], ...]:
    """The packed position of the `#` and the text after the marker of each such comment; up to the first error, if there is one."""
    return _outside_scalars(text, _COMMENT)


def setters(text: str) -> tuple[tuple[int, str], ...]:
    """The same for Flux's markers of what an image policy sets: `# {"$imagepolicy": "namespace:name:tag"}`."""
    return _outside_scalars(text, _SETTER)


def _outside_scalars(text: str, comments: re.Pattern[str]) -> tuple[tuple[int, str], ...]:
    spans = _scalars(text)
    starts = line_starts(text)
    begins = [begin for begin, _ in spans]
    found = []
    for comment in comments.finditer(text):
        before = bisect_right(begins, comment.start()) - 1
        if before < 0 or spans[before][1] <= comment.start():
            found.append((pack(*place(starts, comment.start())), comment[1].strip()))
    return tuple(found)


def _scalars(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    following: Next = events(text)
    try:
        while (event := following()) is not None:
            begin, end = event.start_mark, event.end_mark
            if event.__class__ is ScalarEvent:
                spans.append((begin.index, end.index))
    except (yaml.YAMLError, RefusedError):
        spans.append((spans[-1][1] if spans else 0, len(text)))  # nobody knows what a `#` is from here on
    return spans
