"""Labels and annotations made text, as happens whenever kustomize takes them out of an object and puts them back.

Source: kustomize kyaml/yaml/rnode.go `setMapInMetadata`, v5.8.1: every value becomes the string it is written as, a null too.
"""

from __future__ import annotations

from gitops_lint.merge.kustomize.edit import copied, dropped
from gitops_lint.merge.kustomize.resource import text
from gitops_lint.node import Map, home


def lettered(node: Map, fields: tuple[str, ...] = ("labels", "annotations")) -> Map:
    """The object with text in these fields of its metadata; a field that has nothing in it is dropped."""
    meta = node.get("metadata")
    if not isinstance(meta, Map):
        return node
    new = meta
    for field in fields:
        pairs = meta.get(field)
        if isinstance(pairs, Map) and pairs:
            if not all(isinstance(value, str) for value in pairs.values()):
                new = copied(new) if new is meta else new
                new[field] = _texts(pairs)
        elif field in meta:
            new = dropped(new, field)
    if new is meta:
        return node
    out = copied(node)
    out["metadata"] = new
    return out


def _texts(pairs: Map) -> Map:
    out = copied(pairs)
    for key, value in pairs.items():
        if not isinstance(value, str):
            out[key] = written(pairs, key)
    return out


def written(node: Map, key: str) -> str:
    """A scalar as it is written."""
    found = (home(node, key).written or {}).get(key)
    return found if found is not None else "null" if node[key] is None else text(node[key])
