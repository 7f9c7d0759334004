"""libyaml's event stream, made to refuse what go-yaml refuses and to count lines as editors do."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias

import yaml

from gitops_lint.reader.lines import line_starts, place
from gitops_lint.reader.refusal import NODES, RefusedError

if not yaml.__with_libyaml__:  # pragma: no cover  the pure parser takes another language: it refuses tabs that Kubernetes accepts
    raise ImportError("PyYAML is installed without libyaml, whose grammar is that of Kubernetes: install one of its wheels")
from yaml._yaml import CParser

Event: TypeAlias = Any  # PyYAML types its events too loosely to read them
Next: TypeAlias = Callable[[], Event]

_BREAKS = ("\x85", "\u2028", "\u2029")
_SLASH = re.compile(r"(?<!\\)(?:\\\\)*\\/")
_LATE_MARK = re.compile("(?:^|(?<=[\r\n\x85\u2028\u2029]))\ufeff")
_MARKED = "a byte order mark inside the file, which Kubernetes tools take for a part of the key"


class Mark:
    """A place that stands in for libyaml's own."""

    __slots__ = ("column", "index", "line")

    def __init__(self, line: int, column: int, index: int) -> None:
        self.line = line
        self.column = column
        self.index = index


def events(text: str) -> Next:
    """A function that gives the events of a text one by one, None after the last. It raises yaml.YAMLError and RefusedError."""
    data = text.encode()
    following: Next = CParser(data).get_event
    if len(data) > NODES:
        following = _counted(following)
    if "\\/" in text:
        following = _without_slashes(following, text)
    if text.isascii():
        return following
    if "\ufeff" in text and (late := _LATE_MARK.search(text)) is not None:
        following = _until(following, late.start())
    if any(ending in text for ending in _BREAKS):
        following = _relocated(following, line_starts(text))
    return following


def _counted(following: Next) -> Next:
    seen = 0

    def next_event() -> Event:
        nonlocal seen
        event = following()
        seen += 1
        if seen > NODES:
            raise RefusedError(f"more than {NODES:,} values").at(event)
        return event

    return next_event


def _without_slashes(following: Next, text: str) -> Next:
    def next_event() -> Event:
        event: Event = following()
        if getattr(event, "style", None) == '"' and _SLASH.search(text, event.start_mark.index, event.end_mark.index):
            raise RefusedError("`\\/` is no escape that Kubernetes tools know: write `/`").at(event)
        return event

    return next_event


def _until(following: Next, index: int) -> Next:
    def next_event() -> Event:
        try:
            event: Event = following()
        except yaml.MarkedYAMLError as error:
            if error.problem_mark is None or error.problem_mark.index < index:
                raise
            raise RefusedError(_MARKED, error.problem_mark.line, error.problem_mark.column) from None
        if event is not None and event.start_mark.index >= index:
            raise RefusedError(_MARKED).at(event)
        return event

    return next_event


def _relocated(following: Next, starts: list[int]) -> Next:
    def next_event() -> Event:
        event: Event = following()
        if event is not None:
            index = event.start_mark.index
            event.start_mark = Mark(*place(starts, index), index)
        return event

    return next_event
