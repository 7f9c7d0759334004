"""Two mappings into one that shares whatever need not change and remembers which of the two wrote each key."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import NamedTuple

from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.node import Map, Seq, Value


class Notes(NamedTuple):
    """What the deploying tool says while it merges: warnings, after which it goes on, and failures, after which it does not."""

    warnings: list[str]
    failures: list[str]


def source(node: Map, key: str) -> Map:
    """The map that `key` of `node` came from, as far as `node` itself knows."""
    return node if node.of is None else node.of.get(key, node)


def edited(node: Map) -> Map:
    """A copy of the top of `node` that may be changed before anybody else sees it; what lies below stays shared."""
    out = Map(node.path, node.at)
    out.update(node)
    out.of = dict.fromkeys(node, node)
    if node.of is not None:
        out.of.update(node.of)
    return out


def put(node: Map, key: str, value: Value, origin: Map) -> None:
    """Set `key` of an edited map to what the map `origin` says, or to what came of merging that."""
    node[key] = value
    if node.of is not None:
        node.of[key] = source(origin, key)


def remove(node: Map, key: str) -> None:
    """Take `key` out of an edited map."""
    del node[key]
    if node.of is not None:
        node.of.pop(key, None)


def overlay(lower: Map, upper: Map) -> Map:
    """`upper` over `lower`: maps merge, everything else replaces, null included (helm pkg/chart/v2/loader/load.go MergeMaps, v4.2.4)."""
    if not upper or lower is upper:
        return lower
    if not lower:
        return upper
    out = edited(lower)
    out.path, out.at = upper.path, upper.at  # where a key that is missing would go
    for key, value in upper.items():
        below = out.get(key)
        put(out, key, overlay(below, value) if isinstance(value, Map) and isinstance(below, Map) else value, upper)
    return out


def merge(layers: Iterable[Map | None]) -> Map:
    """The layers, lowest first, as Helm merges the files of its `-f` options; null is kept. No layer is changed."""
    return reduce(overlay, (layer for layer in layers if layer), Map())


def without_null(node: Map) -> Map:
    """`node` without its null entries, at any depth; `node` itself where it has none (helm coalesce.go cleanNilValues, v4.2.4)."""
    out: Map | None = None
    for key, value in node.items():
        new = without_null(value) if isinstance(value, Map) else value
        if new is None:
            out = out if out is not None else edited(node)
            remove(out, key)
        elif new is not value:
            out = out if out is not None else edited(node)
            out[key] = new
    return node if out is None else out


def under(upper: Map, lower: Map, *, keep_null: bool, notes: Notes, prefix: KeyPath = ()) -> Map:
    """`upper` with what only `lower` has (helm coalesce.go coalesceTablesFullKey, v4.2.4).

    A null of `upper` deletes what `lower` has there, unless `keep_null`; one that meets nothing, or null, stays.
    """
    out: Map | None = None
    for key, default in lower.items():
        if key not in upper:
            out = out if out is not None else edited(upper)
            put(out, key, default, lower)
            continue
        value = upper[key]
        new = _settle(value, default, keep_null=keep_null, notes=notes, prefix=(*prefix, key))
        if new is not value:
            out = out if out is not None else edited(upper)
            out[key] = new
        elif value is None and default is not None and not keep_null:
            out = out if out is not None else edited(upper)
            remove(out, key)
    return upper if out is None else out


def _settle(value: Value, default: Value, *, keep_null: bool, notes: Notes, prefix: KeyPath) -> Value:
    if isinstance(value, Map) and isinstance(default, Map):
        return under(value, default, keep_null=keep_null, notes=notes, prefix=prefix)
    if isinstance(default, Map) and value is not None:
        notes.warnings.append(f"`{dotted(prefix)}` is a map in the defaults and {_kind(value)} above them")
    elif isinstance(value, Map) and default is not None:
        notes.warnings.append(f"`{dotted(prefix)}` is {_kind(default)} in the defaults and a map above them")
    return value


def _kind(value: Value) -> str:
    return "a list" if isinstance(value, Seq) else "a scalar"
