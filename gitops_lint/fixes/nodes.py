"""Where a key and its value stand in a text: nodes with their exact spans, found by key path."""

from __future__ import annotations

from typing import NamedTuple

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from gitops_lint.compare import IDENTITIES
from gitops_lint.keypath import KeyPath


class UnfixableError(Exception):
    """An edit that cannot be made without touching more than it should; the message says why."""


class Found(NamedTuple):
    """How far a path leads: the mappings and entries along it, outermost first, and the segments that are not there."""

    trail: tuple[tuple[Node, Node, Node], ...]  # (container, key or item, value)
    rest: KeyPath
    last: Node


def documents(text: str) -> list[Node | None]:
    """The root nodes of a text. Raises UnfixableError for one that cannot be composed."""
    try:
        return list(yaml.compose_all(text, yaml.CSafeLoader))
    except yaml.YAMLError as error:
        raise UnfixableError("the file cannot be taken apart") from error


def find(root: Node, path: KeyPath) -> Found:
    """Follow a path as far as it leads."""
    trail: list[tuple[Node, Node, Node]] = []
    node = root
    for number, segment in enumerate(path):
        step = _step(node, segment)
        if step is None:
            return Found(tuple(trail), path[number:], node)
        trail.append((node, *step))
        node = step[1]
    return Found(tuple(trail), (), node)


def _step(node: Node, segment: str) -> tuple[Node, Node] | None:
    if isinstance(node, MappingNode):
        return next(((key, value) for key, value in reversed(node.value) if key.value == segment), None)
    if isinstance(node, SequenceNode) and segment.startswith("["):
        return next(((item, item) for item in node.value if segment == f"[{_name(item)}]"), None)
    return None


def _name(item: Node) -> str | None:
    if not isinstance(item, MappingNode):
        return None
    fields = {key.value: value.value for key, value in item.value if isinstance(value, ScalarNode)}
    return next((str(fields[field]) for field in IDENTITIES if field in fields), None)


def end(node: Node) -> int:
    """Where the text of a node ends: a block's end mark lies behind the comments that follow, so its last scalar's is taken."""
    while isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return int(node.end_mark.index)
