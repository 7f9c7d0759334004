"""JSON 6902 patches, with the liberties of the library that kustomize uses.

Source: github.com/evanphx/json-patch v4 (patch.go): `replace` of an absent key sets it, negative indices count from the end, and whatever
stands before the first slash of a path is ignored. What is added leads to the place in the patch that holds it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from gitops_lint.merge.kustomize.edit import Origin, Weigh, copied, lone, mark, origin_of, put, sequence, weigh
from gitops_lint.merge.kustomize.trouble import BuildError, TooMuchError
from gitops_lint.node import Map, Seq, Value, key_location
from gitops_lint.reader.refusal import DEPTH, TOO_DEEP

_INDEX = re.compile(r"[-+]?[0-9]+")  # what Go's Atoi reads
_DIGITS = 18  # and a longer one is out of range
_TOLD = 200  # letters of an operation in a message
_MANY = 200  # operations that never need a second look
_COPIES = 5_000_000  # entries of maps and lists, copied on the way to a change


def is_patch(value: Value) -> bool:
    """The value has the form of a JSON 6902 patch: a list of maps, or nothing."""
    return isinstance(value, Seq) and all(isinstance(item, Map) for item in value)


def applied(node: Map, operations: Seq, account: Weigh) -> Map:
    """The object with the operations applied in order. Raises BuildError for the first that does not apply.

    `account` is told of what is copied; it raises TooMuchError.
    """
    if len(operations) > _MANY and len(operations) * _widest(node, operations) > _COPIES:
        raise BuildError("the patch has too many operations for what it patches")
    out: Value = node
    for operation in operations:
        try:
            out = _apply(out, operation, account)
        except TooMuchError:
            raise
        except BuildError as error:
            place = key_location(operation, "path")
            told = f"{operation.get('op')} {operation.get('path')}"[:_TOLD]
            raise BuildError(f"`{told}`: {error.reason}", place.path, place.line) from None
    if not isinstance(out, Map):
        raise BuildError("the patch leaves no object")
    return out


def _widest(*trees: Value) -> int:
    """The size of the largest map or list in the trees."""
    widest, stack = 0, list(trees)
    while stack:
        here = stack.pop()
        if isinstance(here, Map | Seq):
            widest = max(widest, len(here))
            stack.extend(here.values() if isinstance(here, Map) else here)
    return widest


class _Change(NamedTuple):
    """What to do at the end of a path: `add`, `replace` or `remove`, with the value and where it is written."""

    name: str
    value: Value
    origin: Origin


def _apply(node: Value, operation: Map, account: Weigh) -> Value:
    name = operation.get("op")
    path = _path(operation, "path", whole=name in ("replace", "test"))
    if name in ("add", "replace"):
        return _change(node, path, _Change(str(name), operation.get("value"), origin_of(operation, "value")))
    if name == "remove":
        return _change(node, path, _Change("remove", None, origin_of(operation, "path")))
    if name == "test":
        if not _same(_lookup(node, path), operation.get("value")):
            raise BuildError("the value is another one")
        return node
    if name in ("copy", "move"):
        start = _path(operation, "from")
        value = weigh(_lookup(node, start), account)
        base = _change(node, start, _Change("remove", None, origin_of(operation, "path"))) if name == "move" else node
        return _change(base, path, _Change("add", value, origin_of(operation, "path")))
    raise BuildError("no such operation")


def _path(operation: Map, field: str, *, whole: bool = False) -> list[str]:
    """The parts of a pointer; only some operations may be about the `whole` object."""
    pointer = operation.get(field)
    if not isinstance(pointer, str) or ("/" not in pointer and not (whole and not pointer)):
        raise BuildError(f"`{field}` is no JSON pointer")
    if pointer.count("/") > DEPTH:
        raise BuildError(TOO_DEEP)
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def _lookup(node: Value, path: list[str]) -> Value:
    for part in path:
        if isinstance(node, Map):
            node = node.get(part)
        elif isinstance(node, Seq):
            node = node[_index(part, len(node))]
        else:
            raise BuildError("the path is missing")
    return node


def _same(one: Value, other: Value) -> bool:
    """Equal as JSON: 1 is 1.0, and true is not 1."""
    waiting = [(one, other)]
    while waiting:
        left, right = waiting.pop()
        if isinstance(left, Map) and isinstance(right, Map):
            if left.keys() != right.keys():
                return False
            waiting += [(left[key], right[key]) for key in left]
        elif isinstance(left, Seq) and isinstance(right, Seq):
            if len(left) != len(right):
                return False
            waiting += zip(left, right, strict=True)
        elif left != right or isinstance(left, bool) != isinstance(right, bool):
            return False
    return True


def _index(part: str, size: int) -> int:
    if not _INDEX.fullmatch(part) or len(part) > _DIGITS:
        raise BuildError(f"`{part}` is no index")
    index = int(part)
    if not -size <= index < size:
        raise BuildError(f"there is no item {index}")
    return index % size


def _change(node: Value, path: list[str], change: _Change) -> Value:
    if not path:
        if not isinstance(change.value, Map | Seq):
            raise BuildError("a whole object is replaced by an object only")
        return change.value
    if isinstance(node, Map):
        return _change_key(node, path[0], path[1:], change)
    if isinstance(node, Seq):
        return _change_item(node, path[0], path[1:], change)
    raise BuildError("the path is missing")


def _change_key(node: Map, key: str, rest: list[str], change: _Change) -> Map:
    out = copied(node)
    if rest:
        if not isinstance(node.get(key), Map | Seq):
            raise BuildError("the path is missing")
        out[key] = _change(node[key], rest, change)
    elif change.name != "remove":
        put(out, key, change.value, mark(key, change.value, change.origin))
    elif key in node:
        del out[key]
    else:
        raise BuildError("there is nothing to remove")
    return out


def _change_item(node: Seq, part: str, rest: list[str], change: _Change) -> Seq:
    items: list[tuple[Value, Seq, int]] = [(item, node, index) for index, item in enumerate(node)]
    if rest:
        index = _index(part, len(node))
        items[index] = (_change(node[index], rest, change), node, index)
    elif change.name == "remove":
        del items[_index(part, len(node))]
    elif change.name == "replace":
        items[_index(part, len(node))] = (change.value, lone(change.value, change.origin), 0)
    else:
        items.insert(len(node) if part == "-" else _index(part, len(node) + 1), (change.value, lone(change.value, change.origin), 0))
    return sequence(items, node)
