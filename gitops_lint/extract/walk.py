"""Every mapping of a tree with its key path, without recursion."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import chain, islice
from typing import NamedTuple

from gitops_lint.keypath import KeyPath
from gitops_lint.node import Location, Map, Seq, Value, home, item_location

_LONG = 20_000  # mappings: longer walks are not remembered
_SHORT = 1_000  # mappings: of longer walks none is but the last
_MANY = 200  # walks that are remembered: of the documents of one file, mostly
UNREAD = frozenset({"openAPIV3Schema", "sops"})  # what stands below describes values, or hides them
_NODES = frozenset((Map, Seq))  # by type: the reader makes no others, and isinstance takes three times as long


class Place(NamedTuple):
    """A mapping and how to get there; `parent` is the nearest map key above, whatever lists stand between."""

    path: KeyPath
    node: Map

    @property
    def parent(self) -> str:
        """The last segment that is a map's key, empty at the root."""
        for part in reversed(self.path):
            if part[:1] != "[":
                return part
        return ""


_last: dict[
    tuple[int, KeyPath], tuple[Value, list[Place]]
] = {}  # walks by the identity of trees, which are held: no other is taken for one


def places(root: Value, path: KeyPath = (), skip: Collection[KeyPath] = (), worth: Callable[[Value], int] | None = None) -> Iterator[Place]:
    """Every mapping at and below `root` in document order, leaving out the subtrees of `skip` and those that are not `worth` a look.

    A document is walked by one rule after the other: the last walks of whole trees are remembered, unless they were very long.
    """
    if skip or worth is not None:
        return _walk(root, path, skip, worth)
    known = _last.get((id(root), path))
    if known is None:
        found = _walk(root, path, (), None)
        first = list(islice(found, _LONG))
        if len(first) == _LONG:
            return chain(first, found)
        if len(first) > _SHORT:
            _last.clear()
        elif len(_last) >= _MANY:
            del _last[next(iter(_last))]
        known = _last[id(root), path] = (root, first)
    return iter(known[1])


def _walk(root: Value, path: KeyPath, skip: Collection[KeyPath], worth: Callable[[Value], int] | None) -> Iterator[Place]:
    waiting: list[tuple[KeyPath, Value]] = [(path, root)] if worth is None or worth(root) else []
    while waiting:
        here, value = waiting.pop()
        if skip and here in skip:
            continue
        if type(value) is Map:
            yield Place(here, value)
            below = [
                ((*here, key), child)
                for key, child in value.items()
                if type(child) in _NODES and key not in UNREAD and (worth is None or worth(child))
            ]
        elif type(value) is Seq:
            below = [
                ((*here, f"[{identity(value, number)}]"), child)
                for number, child in enumerate(value)
                if type(child) in _NODES and (worth is None or worth(child))
            ]
        else:
            continue
        waiting += reversed(below)


def identity(items: Seq, index: int) -> str:
    """What names an item of a list: its `name`, or its number."""
    item = items[index]
    name = item.get("name") if isinstance(item, Map) else None
    return name if isinstance(name, str) and name else str(index)


def items(node: Map, key: str) -> Iterator[tuple[int, Value, Location]]:
    """The items of the list at a key, each with its number and place; nothing where there is no list."""
    value = node.get(key)
    if isinstance(value, Seq):
        for index, item in enumerate(value):
            yield index, item, item_location(value, index)


def text(node: Map, key: str) -> str:
    """A scalar as it was written; empty for what is absent, null or no scalar."""
    value = node.get(key)
    if value is None or isinstance(value, Map | Seq):
        return ""
    source = home(node, key)
    return (source.written or {}).get(key) or _printed(value)


def _printed(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def is_object(value: Value) -> bool:
    """Whether a document is a Kubernetes object."""
    return isinstance(value, Map) and isinstance(value.get("apiVersion"), str) and isinstance(value.get("kind"), str)


def subject(value: Value) -> KeyPath:
    """The first segment of every path into a Kubernetes object, `Deployment/shop:`; nothing for other documents."""
    if not isinstance(value, Map) or not is_object(value):
        return ()
    metadata = value.get("metadata")
    name = metadata.get("name") if isinstance(metadata, Map) else None
    return (f"{value['kind']}/{name}:" if isinstance(name, str) and name else f"{value['kind']}:",)
