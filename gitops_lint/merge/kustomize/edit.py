"""Changing read-only trees: copies of the containers on the way to a change, everything else shared, every key still leading home."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.node import Map, Seq, Value, home, pack
from gitops_lint.reader.refusal import DEPTH, TOO_DEEP

LETTERS = 100  # of a text that weigh as much as one value


class Origin(NamedTuple):
    """Where a value that kustomize sets is written: packed positions of a key and its value."""

    path: str
    key_at: int
    value_at: int


def origin_of(node: Map, key: str) -> Origin:
    """Where `key` of `node` is written."""
    source = home(node, key)
    return Origin(source.path, source.key_at.get(key, source.at), source.value_at.get(key, source.at))


def copied(node: Map) -> Map:
    """A map with the same keys and positions, to be changed before anybody else sees it."""
    out = Map(node.path, node.at)
    out.update(node)
    out.key_at = node.key_at
    out.value_at = node.value_at
    out.written = node.written
    out.of = dict(node.of) if node.of else {}
    return out


def put(node: Map, key: str, value: Value, source: Map) -> None:
    """Set `key` of a copy to a value that `source` has under the same key."""
    node[key] = value
    if node.of is None:
        node.of = {}
    node.of[key] = source


def put_new(node: Map, key: str, value: Value, origin: Origin) -> None:
    """Set `key` of a copy to a value that is written at `origin`, under whatever name."""
    put(node, key, value, mark(key, value, origin))


def mark(key: str, value: Value, origin: Origin) -> Map:
    """A map of one key that is written at `origin`."""
    out = Map(origin.path, origin.key_at)
    out[key] = value
    out.key_at[key] = origin.key_at
    out.value_at[key] = origin.value_at
    return out


def dropped(node: Map, key: str) -> Map:
    """The map without a key."""
    if key not in node:
        return node
    out = copied(node)
    del out[key]
    return out


def without(node: Map, other: Map, keys: Iterable[str]) -> Map:
    """The map without those of the keys that say the same in the other map."""
    same = [key for key in keys if key in node and key in other and node[key] == other[key]]
    if not same:
        return node
    out = copied(node)
    for key in same:
        del out[key]
    return out


def sequence(items: list[tuple[Value, Seq, int]], like: Seq) -> Seq:
    """A list made of items of other lists, each with the list and the index that it was written at."""
    out = Seq(like.path, like.at)
    out.extend(value for value, _, _ in items)
    out.value_at = [source.value_at[index] if index < len(source.value_at) else source.at for _, source, index in items]
    out.of = [(source, index) for _, source, index in items]
    return out


def with_items(node: Seq, values: list[Value]) -> Seq:
    """The list with each item changed in place."""
    out = Seq(node.path, node.at)
    out.extend(values)
    out.value_at = node.value_at
    out.written = node.written
    out.of = node.of
    return out


def lone(value: Value, origin: Origin) -> Seq:
    """A list of one item that is written at `origin`."""
    out = Seq(origin.path, origin.value_at)
    out.append(value)
    out.value_at = [origin.value_at]
    return out


def moved(value: Value, origin: Origin) -> Value:
    """A tree with all of its positions at one place: for text that stands quoted or folded in another file."""
    if isinstance(value, Map):
        out = Map(origin.path, origin.value_at)
        out.written = value.written
        for key, inner in value.items():
            out[key] = moved(inner, origin)
            out.key_at[key] = out.value_at[key] = origin.value_at
        return out
    if isinstance(value, Seq):
        items = Seq(origin.path, origin.value_at)
        items.extend(moved(inner, origin) for inner in value)
        items.value_at = [origin.value_at] * len(items)
        items.written = value.written
        return items
    return value


def shifted(value: Value, lines: int) -> Value:
    """A tree with all of its positions that many lines further down."""
    delta = pack(lines, 0)
    if isinstance(value, Map):
        out = Map(value.path, value.at + delta)
        out.update((key, shifted(inner, lines) if isinstance(inner, Map | Seq) else inner) for key, inner in value.items())
        out.key_at = {key: at + delta for key, at in value.key_at.items()}
        out.value_at = {key: at + delta for key, at in value.value_at.items()}
        out.written = value.written
        return out
    if isinstance(value, Seq):
        items = Seq(value.path, value.at + delta)
        items.extend(shifted(inner, lines) if isinstance(inner, Map | Seq) else inner for inner in value)
        items.value_at = [at + delta for at in value.value_at]
        items.written = value.written
        return items
    return value


Weigh = Callable[[int], None]  # account for that many values that are copied; raises TooMuchError when it is too many in all


def weigh(value: Value, account: Weigh) -> Value:
    """A value that is about to be copied into another place, accounted for. Raises BuildError for one that is nested too deeply."""
    if not isinstance(value, Map | Seq):
        account(1 + len(value) // LETTERS if isinstance(value, str) else 1)
        return value
    stack: list[tuple[Map | Seq, int]] = [(value, 1)]
    while stack:
        here, depth = stack.pop()
        account(1 + len(here))
        if depth > DEPTH:
            raise BuildError(TOO_DEEP)
        inner = here.values() if isinstance(here, Map) else here
        stack += [(item, depth + 1) for item in inner if isinstance(item, Map | Seq)]
    return value


Change = Callable[[Value], Value]


def rewrite(node: Value, path: tuple[str, ...], change: Change, origin: Origin | None = None, create: str = "") -> Value:
    """Apply `change` to what stands at `path`, going through every item of the lists on the way.

    A scalar that comes out different is marked as written at `origin`. `create` makes what is missing, and says of which kind the
    last one is: "map" or "scalar". Source: kustomize api/filters/fieldspec/fieldspec.go. Raises BuildError on a scalar in the way.
    """
    if not path:
        return change(node)
    if node is None:
        return None
    if isinstance(node, Seq):
        items = [rewrite(item, path, change, origin, create) for item in node]
        return node if all(new is old for new, old in zip(items, node, strict=True)) else with_items(node, items)
    if not isinstance(node, Map):
        raise BuildError(f"a scalar stands where `{path[0]}` should be")
    return _rewrite_map(node, path, change, origin, create)


def _rewrite_map(node: Map, path: tuple[str, ...], change: Change, origin: Origin | None, create: str) -> Value:
    name = path[0].removesuffix("[]")
    if name == "*":
        raise BuildError("a `*` in the path of a field, which kustomize refuses")
    listed = name != path[0]
    making = create if not listed else ""
    if name not in node and not making:
        return node
    old = node.get(name)
    start = _blank(making if len(path) == 1 else "map" if making else "list" if listed else "", origin) if old is None else old
    new = rewrite(start, path[1:], change, origin, create)
    if new is old and name in node:
        return node
    out = copied(node)
    if origin is None or (isinstance(new, Map | Seq) and old is not None):
        out[name] = new
    else:
        put_new(out, name, new, origin)
    return out


def _blank(kind: str, origin: Origin | None) -> Value:
    if kind == "scalar":
        return ""
    place = origin or Origin("", 0, 0)
    return Map(place.path, place.value_at) if kind == "map" else Seq(place.path, place.value_at) if kind == "list" else None
