"""Helmfile's environment values: maps merge, null yields to what is there, and a list with nulls fills in item by item.

Follows pkg/maputil/maputil.go MergeMaps and pkg/state/envvals_loader.go, v1.8.0.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from gitops_lint.merge.tables import edited, merge, put
from gitops_lint.node import Map, Seq, Value


def values(entries: Iterable[Map | None], *, fallback: bool = False) -> Map:
    """The `values` of one environment, in the order written; the last wins, or the first with `mergeStrategy: fallback`.

    Where the last wins, mergo merges them, as Helm would; `fallback` alone goes through MergeMaps.
    """
    given = [entry for entry in entries if entry is not None]
    if fallback:
        return reduce(lambda over, entry: overlay(entry, over), given, Map())
    return merge(given)


def overlay(lower: Map, upper: Map) -> Map:
    """Layers of an environment: root values under `defaults` under `values`, each merged so (MergeMaps with sparse lists)."""
    out = edited(lower)
    out.path, out.at = upper.path, upper.at
    for key, value in upper.items():
        if value is None and key in out:
            continue
        put(out, key, _settled(out.get(key), value), upper)
    return out


def _settled(old: Value, new: Value) -> Value:
    if isinstance(old, Map) and isinstance(new, Map):
        return overlay(old, new)
    if isinstance(old, Seq) and isinstance(new, Seq) and any(item is None for item in new):
        return _filled(old, new)
    return new


def _filled(base: Seq, sparse: Seq) -> Seq:
    out = Seq(sparse.path, sparse.at)
    out.of = []
    for index in range(max(len(base), len(sparse))):
        given: Value = sparse[index] if index < len(sparse) else None
        below: Value = base[index] if index < len(base) else None
        if isinstance(given, Map) and isinstance(below, Map):
            out.append(overlay(below, given))
        else:
            out.append(below if given is None else given)
        out.of.append((sparse, index) if given is not None or index >= len(base) else (base, index))
    return out
