"""Every mapping of a tree with its key path, without recursion."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import chain, islice
from typing import NamedTuple

from gitops_lint.keypath import KeyPath
from gitops_lint.node import Location, Map, Seq, Value, home, item_location

_LONG = 20_000
_SCHEMAS = frozenset({"openAPIV3Schema", "sops"})  # what stands below describes values, or hides them


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


_last: list[
    tuple[Value, KeyPath, list[Place]]
] = []  # the last walk, if there was one; it holds its tree, so that no other can be taken for it


def places(root: Value, path: KeyPath = (), skip: Collection[KeyPath] = (), worth: Callable[[Value], int] | None = None) -> Iterator[Place]:
    """Every mapping at and below `root` in document order, leaving out the subtrees of `skip` and those that are not `worth` a look.

    A document is walked by one rule after the other: the last walk of a whole tree is remembered, unless it was very long.
    """
    if skip or worth is not None:
        return _walk(root, path, skip, worth)
    if not (_last and _last[0][0] is root and _last[0][1] == path):
        found = _walk(root, path, (), None)
        first = list(islice(found, _LONG))
        if len(first) == _LONG:
            return chain(first, found)
        _last[:] = [(root, path, first)]
    return iter(_last[0][2])


def _walk(root: Value, path: KeyPath, skip: Collection[KeyPath], worth: Callable[[Value], int] | None) -> Iterator[Place]:
    waiting: list[tuple[KeyPath, Value]] = [(path, root)]
    while waiting:
        here, value = waiting.pop()
        if (skip and here in skip) or (worth is not None and not worth(value)):
            continue
        if isinstance(value, Map):
            yield Place(here, value)
            waiting += [
                ((*here, key), below) for key, below in reversed(value.items()) if isinstance(below, Map | Seq) and key not in _SCHEMAS
            ]
        elif isinstance(value, Seq):
            numbers = reversed(range(len(value)))
            waiting += [
                ((*here, f"[{identity(value, number)}]"), value[number]) for number in numbers if isinstance(value[number], Map | Seq)
            ]


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
