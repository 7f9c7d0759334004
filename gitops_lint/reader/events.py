"""libyaml's events, composed into maps and lists that know where everything was written.

The grammar is libyaml's, which go-yaml was ported from; what the events mean is ours, see `scalars`. Nothing here recurses.
"""

from __future__ import annotations

from collections.abc import Iterator
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
from gitops_lint.reader.refusal import DEPTH, DOCUMENTS, NODES, TOO_DEEP, RefusedError, aliases_abound
from gitops_lint.reader.scalars import FALSE, MERGE, TRUE, Keys, Rewritten, Values, key_text, resolve

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


class Composer:
    """The documents of one event stream; what is known when an error ends the reading stays readable.

    `next_event` gives libyaml's events one by one. `compose` raises RefusedError for what sigs.k8s.io/yaml or our limits refuse, and lets
    the parser's own errors through.
    """

    def __init__(self, next_event: Next, path: str) -> None:
        self.roots: list[Root] = []
        self.duplicates: list[Duplicate] = []
        self.merges_after: list[int] = []
        self.truths: list[tuple[int, str]] = []
        self.nodes = 0  # with aliases expanded, as go-yaml counts what it decodes
        self.event: Event = None  # the last one read, for whoever reports an error
        self._next = next_event
        self._path = path
        self._anchors: dict[str, _Anchored] = {}
        self._pending: dict[int, tuple[str, int]] = {}  # by the identity of an open container: its anchor, and the nodes before it
        self._merged: dict[int, set[str]] = {}  # by the identity of a map: keys that only a `<<` has set so far
        self._open: list[Node] = []
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
        self.nodes += 1
        event = self._next()
        try:
            if event.__class__ is ScalarEvent:
                value = self._leaf(event)
            elif event.__class__ is AliasEvent:
                value = self._alias(event)
            else:
                value = self._fill(self._opened(event, _start(event)))
        except RefusedError as error:
            raise error.at(event) from None
        self._next()  # the document's end
        self.roots.append(Root(value, _start(event)))

    def _fill(self, root: Node) -> Node:
        """Read a container to its end, and those in it: each is a generator that stands still while one in it is filled."""
        self._open = stack = [root]
        filling = [self._map(root) if root.__class__ is Map else self._seq(root)]
        while filling:
            child = next(filling[-1], None)
            if child is not None:
                stack.append(child)
                filling.append(self._map(child) if child.__class__ is Map else self._seq(child))
                if len(stack) > DEPTH:
                    raise RefusedError(TOO_DEEP, *unpack(child.at))
                continue
            filling.pop()
            node = stack.pop()
            self.nodes += len(node) if node.__class__ is Seq else 2 * len(node)
            if self.nodes > NODES:
                raise RefusedError(_TOO_MANY, *unpack(node.at))
            if self._pending:
                self._close(node)
        return root

    def _map(self, node: Map) -> Iterator[Node]:  # noqa: C901  the hottest loop: a call for each key would cost a tenth of it
        """Read the entries of a map; yield each container that opens as a value, to be filled before the next entry is read."""
        following, key_at, value_at = self._next, node.key_at, node.value_at
        event: Event = None
        try:
            while True:
                event = following()
                if event.__class__ is ScalarEvent and event.implicit[0] and event.anchor is None:
                    key = _keys[event.value]
                elif event.__class__ is MappingEndEvent:
                    return
                else:
                    key = self._key(event)
                mark = event.start_mark
                at = mark.line << _SHIFT | mark.column
                if (key is TRUE or key is FALSE) and event.__class__ is ScalarEvent:
                    self.truths.append((at, event.value))
                event = following()
                if key is MERGE:
                    yield from self._merge_key(node, at, event)
                    continue
                if key in node:
                    self._again(node, key, at)
                mark = event.start_mark
                key_at[key] = at
                value_at[key] = at = mark.line << _SHIFT | mark.column
                if event.__class__ is ScalarEvent:
                    plain, text = event.implicit[0], event.value
                    ordinary = event.anchor is None and event.tag is None
                    value = self._leaf(event) if not ordinary else _values[text] if plain else text
                    node[key] = value
                    if value.__class__ is not str and plain and _rewritten[text]:
                        _note(node, key, text)
                elif event.__class__ is AliasEvent:
                    node[key] = self._alias(event)
                else:
                    node[key] = value = self._opened(event, at)
                    yield value
        except RefusedError as error:
            raise error.at(event) from None

    def _seq(self, node: Seq) -> Iterator[Node]:
        """Read the items of a list; yield each container that opens as one, to be filled before the next item is read."""
        following, value_at = self._next, node.value_at
        event: Event = None
        try:
            while True:
                event = following()
                if event.__class__ is SequenceEndEvent:
                    return
                mark = event.start_mark
                at = mark.line << _SHIFT | mark.column
                value_at.append(at)
                if event.__class__ is ScalarEvent:
                    plain, text = event.implicit[0], event.value
                    ordinary = event.anchor is None and event.tag is None
                    value = self._leaf(event) if not ordinary else _values[text] if plain else text
                    if value.__class__ is not str and plain and _rewritten[text]:
                        _note(node, len(node), text)
                    node.append(value)
                elif event.__class__ is AliasEvent:
                    node.append(self._alias(event))
                else:
                    value = self._opened(event, at)
                    node.append(value)
                    yield value
        except RefusedError as error:
            raise error.at(event) from None

    def _opened(self, event: Event, at: int) -> Node:
        """The container that an event opens, still empty."""
        node = Map(self._path, at) if event.__class__ is MappingStartEvent else Seq(self._path, at)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(node, 0)
            self._pending[id(node)] = (event.anchor, self.nodes)
        return node

    def _close(self, node: Node) -> None:
        """Let aliases to a container be taken from now on, if it has an anchor."""
        if id(node) in self._pending:
            anchor, before = self._pending.pop(id(node))
            self._anchors[anchor] = _Anchored(node, self.nodes - before + 1)

    def _again(self, node: Map, key: str, at: int) -> None:
        """A key is set already: by a merge, which it may override, or by itself."""
        merged = self._merged.get(id(node), set())
        if key in merged:
            merged.discard(key)
        else:
            self.duplicates.append(Duplicate(key, node.key_at[key], at))
            self.nodes += 2
        if node.written is not None:
            node.written.pop(key, None)

    def _merge_key(self, node: Map, at: int, event: Event) -> Iterator[Node]:
        """Do what an unquoted `<<` asks for; yield the container that opens as its value, if one does, to be filled first."""
        if event.__class__ is ScalarEvent:
            raise RefusedError(_WANT_MAP)
        if event.__class__ is AliasEvent:
            value = self._alias(event)
            if value.__class__ is not Map:
                raise RefusedError(_WANT_MAP)
        else:
            value = self._opened(event, _start(event))
            yield value
        self._merge(node, value, at)

    def _merge(self, node: Map, value: Map | Seq, at: int) -> None:
        """Merge in place, as go-yaml v2 does: over what stands before, under what follows; of a list, the earlier item wins."""
        merged = self._merged.setdefault(id(node), set())
        own = node.keys() - merged
        for source in [value] if isinstance(value, Map) else reversed(value):
            if source.__class__ is not Map:
                raise RefusedError(_WANT_MAP, *unpack(at))
            if own and any(key in source and _differ(source[key], node[key]) for key in own):
                self.merges_after.append(at)
            for key in source:
                if key not in node:
                    merged.add(key)
                    self.nodes -= 2  # not written here: the alias has been counted
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
        """The value of a scalar, which an anchor may keep."""
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
        self.nodes += found.weight
        self._aliased += found.weight
        if self.nodes > NODES:
            raise RefusedError(_TOO_MANY)
        if aliases_abound(self._aliased, self.nodes) and aliases_abound(self._aliased, self.nodes + self._waiting()):
            raise RefusedError("aliases make up too much of the document: Kubernetes tools refuse it as an alias bomb")
        return found.value

    def _waiting(self) -> int:
        """The nodes in containers still open, which are counted once they close."""
        return sum(len(node) if node.__class__ is Seq else 2 * len(node) for node in self._open)


def _note(node: Node, key: str | int, text: str) -> None:
    if node.written is None:
        node.written = {}
    node.written[key] = text


def _differ(one: Node, other: Node) -> bool:
    return one is not other and (one.__class__ in (Map, Seq) or one != other)


def _start(event: Event) -> int:
    return int(event.start_mark.line) << _SHIFT | int(event.start_mark.column)
