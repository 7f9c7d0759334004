"""What kustomize refuses when it decodes a kustomization: fields that it does not know, values of another type, at any depth.

Sources: kustomize api/types, v5.8.1, and encoding/json with `DisallowUnknownFields`, which takes names in any case.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from gitops_lint.model import Unverified
from gitops_lint.node import Map, Seq, Value, item_location, key_location

# a scalar's type, "strings" and "anything" for maps, a struct as its fields, a list as what its items are
Shape: TypeAlias = "str | dict[str, Shape] | list[Shape]"

_ID: Final[dict[str, Shape]] = dict.fromkeys(("group", "version", "kind", "name", "namespace"), "string")
_SELECTOR: Final = "anything"  # `selector` looks at it
_FIELD: Final[dict[str, Shape]] = {"group": "string", "version": "string", "kind": "string", "path": "string", "create": "boolean"}
_PATCH: Final[dict[str, Shape]] = {
    "path": "string",
    "patch": "string",
    "target": _SELECTOR,
    "options": {"allownamechange": "boolean", "allowkindchange": "boolean"},
}
_HOW: Final[dict[str, Shape]] = {"delimiter": "string", "index": "number", "encoding": "string", "create": "boolean"}
_SHAPES: Final[dict[str, Shape]] = {
    "metadata": {"name": "string", "namespace": "string", "labels": "strings", "annotations": "strings"},
    "openapi": "strings",
    "labels": [{"pairs": "strings", "includeselectors": "boolean", "includetemplates": "boolean", "fields": [_FIELD]}],
    "patches": [_PATCH],
    "patchesjson6902": [_PATCH],
    "replacements": [
        {
            "path": "string",
            "sourcevalue": "string",
            "source": {**_ID, "fieldpath": "string", "options": _HOW},
            "targets": [{"select": _SELECTOR, "reject": [_SELECTOR], "fieldpaths": ["string"], "options": _HOW}],
        }
    ],
    "replicas": [{"name": "string", "count": "number"}],
    "vars": [{"name": "string", "objref": {**_ID, "apiversion": "string"}, "fieldref": {"fieldpath": "string"}}],
    "sortoptions": {"order": "string", "legacysortoptions": {"orderfirst": ["string"], "orderlast": ["string"]}},
    "helmglobals": {"charthome": "string", "confighome": "string"},
    "helmcharts": [
        {
            **dict.fromkeys(("name", "version", "repo", "releasename", "namespace", "valuesfile", "valuesmerge"), "string"),
            **dict.fromkeys(("kubeversion", "nametemplate"), "string"),
            **dict.fromkeys(("includecrds", "skiphooks", "skiptests", "debug", "devel"), "boolean"),
            "additionalvaluesfiles": ["string"],
            "apiversions": ["string"],
            "valuesinline": "anything",
        }
    ],
    "buildmetadata": ["string"],
    "crds": ["string"],
    "validators": ["string"],
}


def misfits(root: Map, path: str) -> Iterator[Unverified]:
    """Every place of a kustomization that kustomize would not decode, as far as nothing else in this package looks at it."""
    for key, value in root.items():
        shape = _SHAPES.get(key.lower())
        if shape is not None:
            for node, at, reason in _misfits(value, shape, key, (root, key)):
                place = key_location(node, str(at)) if isinstance(node, Map) else item_location(node, int(at))
                yield Unverified(path, place.line, reason)


def _misfits(value: Value, shape: Shape, name: str, at: tuple[Map | Seq, str | int]) -> Iterator[tuple[Map | Seq, str | int, str]]:
    """The same of one value, which stands in a node at a key or an index: with these, and a reason."""
    if value is None or (isinstance(shape, str) and _fits(value, shape)):
        return
    if isinstance(shape, list) and isinstance(value, Seq):
        for index, item in enumerate(value):
            yield from _misfits(item, shape[0], name, (value, index))
    elif isinstance(shape, dict) and isinstance(value, Map):
        for key, inner in value.items():
            known = shape.get(key.lower())
            if known is None:
                yield value, key, f"`{name}` has a field `{key}`, which kustomize does not know"
            else:
                yield from _misfits(inner, known, key, (value, key))
    else:
        wanted = shape if isinstance(shape, str) else "list" if isinstance(shape, list) else "map"
        yield *at, f"`{name}` is no {_WORDS.get(wanted, wanted)}"


_WORDS = {"strings": "map of strings", "anything": "map", "string": "string: quote it", "number": "whole number"}


def _fits(value: Value, shape: str) -> bool:
    if shape == "strings":
        return isinstance(value, Map) and all(item is None or isinstance(item, str) for item in value.values())
    if shape == "number":
        return isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)
    return isinstance(value, {"string": str, "boolean": bool, "anything": Map}[shape])
