"""libyaml's events, composed into maps and lists that know where everything was written.

The grammar is libyaml's, which go-yaml was ported from; what the events mean is ours, see `scalars`. Nothing here recurses.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from gitops_lint.model import Duplicate, Root
from gitops_lint.node import Map, Seq
from gitops_lint.reader.refusal import DEPTH, DOCUMENTS, RefusedError, check_aliases, check_nodes
from gitops_lint.reader.scalars import MERGE, Keys, Rewritten, Values, key_text, resolve

_SHIFT = 24  # as in `node.pack`, which is too slow to be called for every scalar
_WANT_MAP = "a `<<` takes a map, or a list of maps"
_MERGE_TAG = "tag:yaml.org,2002:merge"

Event: TypeAlias = Any  # PyYAML types its events too loosely to read them
Node: TypeAlias = Any  # what an event stands for: a scalar, Map or Seq

_keys = Keys()
_values = Values()
_rewritten = Rewritten()


class _Anchored(NamedTuple):
    """What an alias stands for; `weight` is the number of nodes in it with aliases expanded, and 0 while it is still open."""

    value: Node
    weight: int


class _Open:
    """A container being filled, and the place in it that waits for the container opened next."""

    __slots__ = ("anchor", "before", "key", "key_at", "merged", "node", "value_at")

    def __init__(self, node: Map | Seq, anchor: str | None, before: int) -> None:
        self.node: Node = node
        self.anchor = anchor
        self.before = before  # nodes counted before it
        self.key = ""
        self.key_at = 0
        self.value_at = 0
        self.merged: set[str] = set()  # keys that only a `<<` has set so far


class Composer:
    """The documents of one event stream; what is known when an error ends the reading stays readable.

    `next_event` gives libyaml's events one by one. `compose` raises RefusedError for what sigs.k8s.io/yaml or our limits refuse, and lets
    the parser's own errors through.
    """

    def __init__(self, next_event: Callable[[], Event], path: str) -> None:
        self.roots: list[Root] = []
        self.duplicates: list[Duplicate] = []
        self.merges_after: list[int] = []
        self.event: Event = None  # the last one read, for whoever reports an error
        self._next = next_event
        self._path = path
        self._anchors: dict[str, _Anchored] = {}
        self._stack: list[_Open] = []
        self._nodes = 0  # with aliases expanded, as go-yaml counts what it decodes
        self._aliased = 0

    def compose(self) -> None:
        """Read every document into `roots`; a stream without any is one document that holds nothing."""
        while True:
            event = self._event()
            kind = event.__class__
            if kind is StreamEndEvent:
                break
            if kind is DocumentStartEvent:
                self._document(event)
        if not self.roots:
            self.roots.append(Root(None, 0))

    def _event(self) -> Event:
        self.event = event = self._next()
        return event

    def _document(self, start: Event) -> None:
        if len(self.roots) >= DOCUMENTS:
            raise RefusedError(f"more than {DOCUMENTS} documents in one file")
        if start.version not in (None, (1, 1)):
            raise RefusedError("a %YAML directive for another version than 1.1, which Kubernetes tools refuse")
        self._anchors = {}
        self._nodes += 1
        event = self._event()
        at = _start(event)
        value = None
        if event.__class__ is ScalarEvent:
            value = self._scalar(event)
        elif event.__class__ is AliasEvent:
            value = self._alias(event)
        else:
            self._open(event)
            while self._stack:
                value = self._step()
        self._event()  # the document's end
        self.roots.append(Root(value, at))

    def _step(self) -> Node:
        """Fill the innermost container until another one opens in it, or until it ends; give it."""
        frame = self._stack[-1]
        opening = self._fill_map(frame) if frame.node.__class__ is Map else self._fill_seq(frame)
        if opening is not None:
            self._open(opening)
            return None
        self._stack.pop()
        node = frame.node
        check_nodes(self._nodes)
        if frame.anchor is not None:
            self._anchors[frame.anchor] = _Anchored(node, self._nodes - frame.before)
        if self._stack:
            self._attach(self._stack[-1], node)
        return node

    def _open(self, event: Event) -> None:
        if len(self._stack) >= DEPTH:
            raise RefusedError(f"nested deeper than {DEPTH} levels")
        at = _start(event)
        node = Map(self._path, at) if event.__class__ is MappingStartEvent else Seq(self._path, at)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(node, 0)
        self._stack.append(_Open(node, event.anchor, self._nodes))
        self._nodes += 1

    def _fill_map(self, frame: _Open) -> Node:
        """Read entries until a container opens as a value, and give its event; None at the end of the map."""
        node, following = frame.node, self._next
        key_at, value_at = node.key_at, node.value_at
        while True:
            self.event = event = following()
            if event.__class__ is ScalarEvent and event.anchor is None and event.implicit[0]:
                key = _keys[event.value]
            elif event.__class__ is MappingEndEvent:
                return None
            else:
                key = self._key(event)
            mark = event.start_mark
            at = mark.line << _SHIFT | mark.column
            self.event = event = following()
            if event.__class__ is not ScalarEvent or event.anchor is not None or event.tag is not None or key is MERGE or key in node:
                frame.key, frame.key_at = key, at
                if self._odd(frame, event):
                    return event
                continue
            text = event.value
            if event.implicit[0]:
                node[key] = value = _values[text]
                if value.__class__ is not str and _rewritten[text]:
                    _note(node, key, text)
            else:
                node[key] = text
            mark = event.start_mark
            key_at[key] = at
            value_at[key] = mark.line << _SHIFT | mark.column
            self._nodes += 2

    def _fill_seq(self, frame: _Open) -> Node:
        """Read items until a container opens as one, and give its event; None at the end of the list."""
        node, following = frame.node, self._next
        while True:
            self.event = event = following()
            if event.__class__ is SequenceEndEvent:
                return None
            if event.__class__ is not ScalarEvent or event.anchor is not None or event.tag is not None:
                if self._odd(frame, event):
                    return event
                continue
            text = event.value
            if event.implicit[0]:
                value = _values[text]
                if value.__class__ is not str and _rewritten[text]:
                    _note(node, len(node), text)
                node.append(value)
            else:
                node.append(text)
            mark = event.start_mark
            node.value_at.append(mark.line << _SHIFT | mark.column)
            self._nodes += 1

    def _odd(self, frame: _Open, event: Event) -> bool:
        """Take a value that is no ordinary scalar in an ordinary place; true for the start of a container, which is left to the caller."""
        frame.value_at = _start(event)
        if frame.node.__class__ is Map and frame.key is not MERGE:
            self._nodes += 1  # the key; go-yaml does not count a `<<`
        if event.__class__ is ScalarEvent:
            value = self._scalar(event)
            self._nodes += 1
        elif event.__class__ is AliasEvent:
            value = self._alias(event)
            if frame.key is MERGE and value.__class__ is not Map:
                raise RefusedError(_WANT_MAP)
        else:
            return True
        self._attach(frame, value)
        if event.__class__ is ScalarEvent and event.implicit[0] and value.__class__ is not str and _rewritten[event.value]:
            _note(frame.node, frame.key if frame.node.__class__ is Map else len(frame.node) - 1, event.value)
        return False

    def _attach(self, frame: _Open, value: Node) -> None:
        """Put a value where the container waits for it."""
        node = frame.node
        if node.__class__ is Seq:
            node.append(value)
            node.value_at.append(frame.value_at)
        elif frame.key is MERGE:
            self._merge(frame, value)
        else:
            key = frame.key
            if key in node:
                self._again(frame)
            node[key] = value
            node.key_at[key] = frame.key_at
            node.value_at[key] = frame.value_at

    def _again(self, frame: _Open) -> None:
        """The waiting key is set already: by a merge, which it may override, or by itself."""
        key, node = frame.key, frame.node
        if key in frame.merged:
            frame.merged.discard(key)
        else:
            self.duplicates.append(Duplicate(key, node.key_at[key], frame.key_at))
        if node.written is not None:
            node.written.pop(key, None)

    def _merge(self, frame: _Open, value: Node) -> None:
        """Merge in place, as go-yaml v2 does: over what stands before, under what follows; of a list, the earlier item wins."""
        node, merged = frame.node, frame.merged
        if len(node) > len(merged):
            self.merges_after.append(frame.key_at)
        for source in [value] if value.__class__ is Map else reversed(value) if value.__class__ is Seq else [None]:
            if source.__class__ is not Map:
                raise RefusedError(_WANT_MAP)
            for key in source:
                if key not in node:
                    merged.add(key)
                elif node.written is not None:
                    node.written.pop(key, None)
                if source.written is not None and key in source.written:
                    _note(node, key, source.written[key])
            node.update(source)
            node.key_at.update(source.key_at)
            node.value_at.update(source.value_at)

    def _key(self, event: Event) -> str:
        """A key that is quoted, tagged, anchored or an alias; a merge where it is an unquoted `<<`."""
        if event.__class__ is AliasEvent:
            value = self._alias(event)
            self._nodes -= 1  # the caller counts the key
        elif event.__class__ is ScalarEvent:
            value = self._scalar(event)
            if event.value == MERGE and (event.implicit[0] or event.tag == _MERGE_TAG):
                return MERGE
        else:
            raise RefusedError("a list or a map stands where a key should be")
        if isinstance(value, Map | Seq):
            raise RefusedError("an alias to a list or a map stands where a key should be")
        return key_text(value)

    def _scalar(self, event: Event) -> Node:
        plain = event.implicit[0]
        value = _values[event.value] if plain else resolve(event.value, plain=False, tag=event.tag)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(value, 1)
        return value

    def _alias(self, event: Event) -> Node:
        found = self._anchors.get(event.anchor)
        if found is None:
            raise RefusedError(f"unknown anchor `{event.anchor}`")
        if not found.weight:
            raise RefusedError(f"the value of anchor `{event.anchor}` contains itself")
        self._nodes += 1 + found.weight
        self._aliased += found.weight
        check_aliases(self._aliased, self._nodes)
        check_nodes(self._nodes)
        return found.value


def _note(node: Node, key: str | int, text: str) -> None:
    if node.written is None:
        node.written = {}
    node.written[key] = text


def _start(event: Event) -> int:
    mark = event.start_mark
    line: int = mark.line
    return line << _SHIFT | int(mark.column)
