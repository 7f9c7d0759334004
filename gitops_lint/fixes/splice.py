"""Edits made on the exact spans of a text: every byte that is not meant stays as it is."""

from __future__ import annotations

import json
from typing import NamedTuple

from yaml.nodes import MappingNode, Node, ScalarNode

from gitops_lint.finding import Edit, Remove, Replace, Set
from gitops_lint.fixes.insert import block
from gitops_lint.fixes.nodes import Found, UnfixableError, documents, end, find
from gitops_lint.node import Scalar


class Splice(NamedTuple):
    """The text between two offsets, and what takes its place."""

    start: int
    stop: int
    new: str


def edited(text: str, edit: Edit) -> str:
    """The text after an edit. Raises UnfixableError where the edit does not fit."""
    splice = _replace(text, edit) if isinstance(edit, Replace) else _keyed(text, edit)
    return text[: splice.start] + splice.new + text[splice.stop :]


def _replace(text: str, edit: Replace) -> Splice:
    start = offset(text, edit.at.line, edit.at.column)
    stop = offset(text, edit.at.end_line, edit.at.end_column)
    if text[start:stop] != edit.old:
        raise UnfixableError("the text is not what it was")
    return Splice(start, stop, edit.new)


def offset(text: str, line: int, column: int) -> int:
    """The offset of a line and a column, both counted from 1."""
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
        if start == 0:
            raise UnfixableError("the file is shorter than it was")
    return start + column - 1


def _keyed(text: str, edit: Set | Remove) -> Splice:
    roots = documents(text)
    root = roots[edit.document] if edit.document < len(roots) else None
    if root is None:
        raise UnfixableError("the document is empty")
    found = find(root, edit.key)
    if isinstance(edit, Remove):
        return _remove(text, found)
    return _insert(text, found, edit) if found.rest else _overwrite(text, found.last, edit.value)


def _overwrite(text: str, node: Node, value: Scalar) -> Splice:
    if not isinstance(node, ScalarNode) or node.style in ("|", ">"):
        raise UnfixableError("there is no plain or quoted scalar to replace")
    start, stop = node.start_mark.index, node.end_mark.index
    return Splice(start, stop, json.dumps(value, ensure_ascii=False) if text[start:stop] else " " + json.dumps(value, ensure_ascii=False))


def _remove(text: str, found: Found) -> Splice:
    if found.rest or not found.trail:
        raise UnfixableError("the key is not there")
    trail = list(found.trail)
    while len(trail) > 1 and isinstance(trail[-1][0], MappingNode) and len(trail[-1][0].value) == 1:
        trail.pop()  # an emptied parent would be null, which says more than nothing
    container, key, value = trail[-1]
    if not isinstance(container, MappingNode) or container.flow_style or len(container.value) == 1:
        raise UnfixableError("the key does not stand on lines of its own")
    start = text.rfind("\n", 0, key.start_mark.index) + 1
    if text[start : key.start_mark.index].strip():
        raise UnfixableError("the key does not stand on lines of its own")
    return Splice(start, _line_end(text, end(value)), "")


def _line_end(text: str, index: int) -> int:
    """The offset behind the line that an offset is on; the offset itself if a line has just ended there."""
    if index and text[index - 1] == "\n":
        return index
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1


def _insert(text: str, found: Found, edit: Set) -> Splice:
    parent = found.last
    if any(segment.startswith("[") for segment in found.rest):
        raise UnfixableError("an item of a list would have to be made up")
    if isinstance(parent, MappingNode) and parent.flow_style:
        inside = json.dumps({found.rest[0]: _nested(found.rest[1:], edit.value)}, ensure_ascii=False)[1:-1]
        return Splice(parent.end_mark.index - 1, parent.end_mark.index - 1, f", {inside}" if parent.value else inside)
    if isinstance(parent, MappingNode):
        place = _line_end(text, end(parent))
        return Splice(place, place, _lines(text, place, parent.value[0][0].start_mark.column, found, edit))
    if isinstance(parent, ScalarNode) and not parent.style and parent.value in ("", "~", "null") and found.trail:
        key = found.trail[-1][1]
        if parent.value:
            raise UnfixableError("the parent is null on purpose")
        place = _line_end(text, key.end_mark.index)
        return Splice(place, place, _lines(text, place, key.start_mark.column + 2, found, edit))
    raise UnfixableError("the parent is no mapping")


def _lines(text: str, place: int, column: int, found: Found, edit: Set) -> str:
    lead = "" if place == 0 or text[place - 1] == "\n" else "\n"
    return lead + block(found.rest, edit.value, column, newline="\r\n" if "\r\n" in text else "\n")


def _nested(keys: tuple[str, ...], value: Scalar) -> object:
    nested: object = value
    for key in reversed(keys):
        nested = {key: nested}
    return nested
