"""libyaml's events, composed into maps and lists that know where everything was written.

The grammar is libyaml's, which go-yaml was ported from; what the events mean is ours, see `scalars`. Nothing here recurses.
"""

from __future__ import annotations

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
from gitops_lint.node import Map, Seq, unpack
from gitops_lint.reader.parser import Event, Next
from gitops_lint.reader.refusal import DEPTH, DOCUMENTS, NODES, RefusedError, aliases_abound
from gitops_lint.reader.scalars import MERGE, Keys, Rewritten, Values, key_text, resolve

_SHIFT = 24  # as in `node.pack`, which is too slow to be called for every scalar
_TOO_MANY = f"more than {NODES:,} values, aliases expanded"
_WANT_MAP = "a `<<` takes a map, or a list of maps"
_MERGE_TAG = "tag:yaml.org,2002:merge"

Node: TypeAlias = Any  # what an event stands for: a scalar, Map or Seq

_keys = Keys()
_values = Values()
_rewritten = Rewritten()


class _Anchored(NamedTuple):
    """What an alias stands for; `weight` is the number of nodes in it with aliases expanded, and 0 while it is still open."""

    value: Node
    weight: int


class _Pending(NamedTuple):
    """What has to be done once a container is complete: name it, or merge it into the map whose `<<` it is."""

    anchor: str | None
    before: int  # nodes counted before it
    target: Map | None = None
    at: int = 0  # the position of the `<<`


class Composer:
    """The documents of one event stream; what is known when an error ends the reading stays readable.

    `next_event` gives libyaml's events one by one. `compose` raises RefusedError for what sigs.k8s.io/yaml or our limits refuse, and lets
    the parser's own errors through.
    """

    def __init__(self, next_event: Next, path: str) -> None:
        self.roots: list[Root] = []
        self.duplicates: list[Duplicate] = []
        self.merges_after: list[int] = []
        self.event: Event = None  # the last one read, for whoever reports an error
        self._next = next_event
        self._path = path
        self._anchors: dict[str, _Anchored] = {}
        self._pending: dict[int, _Pending] = {}  # by the identity of the open container
        self._merged: dict[int, set[str]] = {}  # by the identity of a map: keys that only a `<<` has set so far
        self._stack: list[Node] = []
        self._nodes = 0  # with aliases expanded, as go-yaml counts what it decodes
        self._aliased = 0

    def compose(self) -> None:
        """Read every document into `roots`; a stream without any is one document that holds nothing."""
        event = self._next()
        while event.__class__ is not StreamEndEvent:
            if event.__class__ is DocumentStartEvent:
                self._document(event)
            event = self._next()
        if not self.roots:
            self.roots.append(Root(None, 0))

    def _document(self, start: Event) -> None:
        if len(self.roots) >= DOCUMENTS:
            raise RefusedError(f"more than {DOCUMENTS} documents in one file").at(start)
        if start.version not in (None, (1, 1)):
            raise RefusedError("a %YAML directive for another version than 1.1, which Kubernetes tools refuse").at(start)
        for kept in (self._anchors, self._pending, self._merged):
            kept.clear()
        self._nodes += 1
        event = self._next()
        try:
            leaf = event.__class__ in (ScalarEvent, AliasEvent)
            value = self._leaf(event) if leaf else self._fill(self._opened(event, _start(event)))
        except RefusedError as error:
            raise error.at(event) from None
        self._next()  # the document's end
        self.roots.append(Root(value, _start(event)))

    def _fill(self, root: Node) -> Node:
        """Read a container to its end, and those in it."""
        self._stack = stack = [root]
        while stack:
            node = stack[-1]
            child = self._fill_map(node) if node.__class__ is Map else self._fill_seq(node)
            if child is not None:
                stack.append(child)
                if len(stack) > DEPTH:
                    raise RefusedError(f"nested deeper than {DEPTH} levels", *unpack(child.at))
                continue
            stack.pop()
            self._nodes += len(node) if node.__class__ is Seq else 2 * len(node)
            if self._nodes > NODES:
                raise RefusedError(_TOO_MANY, *unpack(node.at))
            if self._pending:
                self._close(node)
        return root

    def _fill_map(self, node: Map) -> Node:
        """Read entries until a container opens as a value, and give it; None at the end of the map."""
        following, key_at, value_at = self._next, node.key_at, node.value_at
        event: Event = None
        try:
            while True:
                event = following()
                if event.__class__ is ScalarEvent and event.implicit[0] and event.anchor is None:
                    key = _keys[event.value]
                elif event.__class__ is MappingEndEvent:
                    return None
                else:
                    key = self._key(event)
                mark = event.start_mark
                at = mark.line << _SHIFT | mark.column
                event = following()
                if key is MERGE:
                    opened = self._merge_key(node, at, event)
                    if opened is None:
                        continue
                    return opened
                if key in node:
                    self._again(node, key, at)
                mark = event.start_mark
                key_at[key] = at
                value_at[key] = at = mark.line << _SHIFT | mark.column
                if event.__class__ is not ScalarEvent:
                    node[key] = value = self._inner(event, at)
                    if event.__class__ is AliasEvent:
                        continue
                    return value
                value = event.value
                if event.implicit[0] and event.anchor is None:
                    value = _values[value]
                elif event.anchor is not None or event.tag is not None:
                    value = self._leaf(event)
                node[key] = value
                if value.__class__ is not str and event.implicit[0] and _rewritten[event.value]:
                    _note(node, key, event.value)
        except RefusedError as error:
            raise error.at(event) from None

    def _fill_seq(self, node: Seq) -> Node:
        """Read items until a container opens as one, and give it; None at the end of the list."""
        following = self._next
        event: Event = None
        try:
            while True:
                event = following()
                if event.__class__ is SequenceEndEvent:
                    return None
                mark = event.start_mark
                at = mark.line << _SHIFT | mark.column
                node.value_at.append(at)
                if event.__class__ is not ScalarEvent:
                    value = self._inner(event, at)
                    node.append(value)
                    if event.__class__ is AliasEvent:
                        continue
                    return value
                value = event.value
                if event.implicit[0] and event.anchor is None:
                    value = _values[value]
                elif event.anchor is not None or event.tag is not None:
                    value = self._leaf(event)
                if value.__class__ is not str and event.implicit[0] and _rewritten[event.value]:
                    _note(node, len(node), event.value)
                node.append(value)
        except RefusedError as error:
            raise error.at(event) from None

    def _inner(self, event: Event, at: int) -> Node:
        """What an alias stands for, or the container that an event opens."""
        return self._alias(event) if event.__class__ is AliasEvent else self._opened(event, at)

    def _opened(self, event: Event, at: int) -> Node:
        """The container that an event opens, still empty."""
        node = Map(self._path, at) if event.__class__ is MappingStartEvent else Seq(self._path, at)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(node, 0)
            self._pending[id(node)] = _Pending(event.anchor, self._nodes)
        return node

    def _close(self, node: Node) -> None:
        """Do what waited for the end of a container."""
        todo = self._pending.pop(id(node), None)
        if todo is None:
            return
        if todo.anchor is not None:
            self._anchors[todo.anchor] = _Anchored(node, self._nodes - todo.before + 1)
        if todo.target is not None:
            self._merge(todo.target, node, todo.at)

    def _again(self, node: Map, key: str, at: int) -> None:
        """A key is set already: by a merge, which it may override, or by itself."""
        merged = self._merged.get(id(node), set())
        if key in merged:
            merged.discard(key)
        else:
            self.duplicates.append(Duplicate(key, node.key_at[key], at))
            self._nodes += 2
        if node.written is not None:
            node.written.pop(key, None)

    def _merge_key(self, node: Map, at: int, event: Event) -> Node:
        """Begin what an unquoted `<<` asks for; give the container that opens as its value, if one does."""
        if event.__class__ is ScalarEvent:
            raise RefusedError(_WANT_MAP)
        if event.__class__ is AliasEvent:
            value = self._alias(event)
            if value.__class__ is not Map:
                raise RefusedError(_WANT_MAP)
            self._merge(node, value, at)
            return None
        opened = self._opened(event, _start(event))
        self._pending[id(opened)] = _Pending(event.anchor, self._nodes, node, at)
        return opened

    def _merge(self, node: Map, value: Map | Seq, at: int) -> None:
        """Merge in place, as go-yaml v2 does: over what stands before, under what follows; of a list, the earlier item wins."""
        merged = self._merged.setdefault(id(node), set())
        if len(node) > len(merged):
            self.merges_after.append(at)
        for source in [value] if isinstance(value, Map) else reversed(value):
            if source.__class__ is not Map:
                raise RefusedError(_WANT_MAP, *unpack(at))
            for key in source:
                if key not in node:
                    merged.add(key)
                    self._nodes -= 2  # not written here: the alias has been counted
                elif node.written is not None:
                    node.written.pop(key, None)
                if source.written is not None and key in source.written:
                    _note(node, key, source.written[key])
            node.update(source)
            node.key_at.update(source.key_at)
            node.value_at.update(source.value_at)

    def _key(self, event: Event) -> str:
        """A key that is quoted, tagged, anchored or an alias; `MERGE` itself where it is an unquoted `<<`."""
        if event.__class__ is AliasEvent:
            value = self._alias(event)
        elif event.__class__ is ScalarEvent:
            value = self._leaf(event)
            if event.value == MERGE and (event.implicit[0] or event.tag == _MERGE_TAG):
                return MERGE
        else:
            raise RefusedError("a list or a map stands where a key should be")
        if isinstance(value, Map | Seq):
            raise RefusedError("an alias to a list or a map stands where a key should be")
        return key_text(value)

    def _leaf(self, event: Event) -> Node:
        """A scalar, or what an alias stands for."""
        if event.__class__ is AliasEvent:
            return self._alias(event)
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
        self._nodes += found.weight
        self._aliased += found.weight
        if self._nodes > NODES:
            raise RefusedError(_TOO_MANY)
        if aliases_abound(self._aliased, self._nodes) and aliases_abound(self._aliased, self._nodes + self._waiting()):
            raise RefusedError("aliases make up too much of the document: Kubernetes tools refuse it as an alias bomb")
        return found.value

    def _waiting(self) -> int:
        """The nodes in containers still open, which are counted once they close."""
        return sum(len(node) if node.__class__ is Seq else 2 * len(node) for node in self._stack)


def _note(node: Node, key: str | int, text: str) -> None:
    if node.written is None:
        node.written = {}
    node.written[key] = text


def _start(event: Event) -> int:
    mark = event.start_mark
    line: int = mark.line
    return line << _SHIFT | int(mark.column)
