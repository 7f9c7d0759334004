"""Labels and annotations that kustomize makes in several places of an object at once: from then on they change together.

It puts one and the same node wherever one pass makes a key (api/filters/filtersutil/setters.go `SetEntry`), and whoever sets a key that is
there changes the node in place (kyaml/yaml/fns.go `FieldSetter`, v5.8.1). So an overlay that gives a Deployment another label than its base
has also changes the selector and the pods, if the base has made all three. A JSON patch, which reads the object anew, unties them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gitops_lint.merge.kustomize.edit import copied, put, with_items
from gitops_lint.node import Map, Seq, Value

_PARTS = ("metadata", "spec")  # where labels and annotations are in most objects


class Tie(NamedTuple):
    """A key, and the maps in which it is one node."""

    key: str
    paths: tuple[tuple[str, ...], ...]


def tied(made: Mapping[str, list[tuple[str, ...]]]) -> tuple[Tie, ...]:
    """The ties of keys that a pass has made, each in these maps."""
    return tuple(Tie(key, tuple(paths)) for key, paths in made.items() if len(paths) > 1)


def carried(ties: tuple[Tie, ...], old: Map, new: Map) -> Map:
    """The object after a change, with what the change does to one place done to all that are tied to it."""
    if all(old.get(part) is new.get(part) for part in _PARTS):
        return new
    for tie in ties:
        pairs = ((before, after) for path in tie.paths for before, after in zip(_maps(old, path), _maps(new, path), strict=False))
        changed = [after for before, after in pairs if tie.key in before and tie.key in after and before[tie.key] != after[tie.key]]
        for path in tie.paths if changed else ():
            out = _set(new, path, tie.key, changed[-1])
            new = out if isinstance(out, Map) else new
    return new


def _maps(node: Value, path: tuple[str, ...]) -> Iterator[Map]:
    """The maps at a path, in every item of the lists on the way."""
    if isinstance(node, Seq):
        for item in node:
            yield from _maps(item, path)
    elif isinstance(node, Map):
        if not path:
            yield node
        else:
            yield from _maps(node.get(path[0].removesuffix("[]")), path[1:])


def _set(node: Value, path: tuple[str, ...], key: str, source: Map) -> Value:
    if isinstance(node, Seq):
        return with_items(node, [_set(item, path, key, source) for item in node])
    if not isinstance(node, Map):
        return node
    name = path[0].removesuffix("[]") if path else key
    if name not in node:
        return node
    out = copied(node)
    if path:
        out[name] = _set(node[name], path[1:], key, source)
    else:
        put(out, key, source[key], source)
    return out
