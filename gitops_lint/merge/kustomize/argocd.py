"""What an Application's `spec.source.kustomize` makes of an overlay: Argo CD edits the kustomization before it builds.

Source: argo-cd util/kustomize/kustomize.go, v3.6.0, and the `kustomize edit` commands that it runs, kustomize v5.8.1: names and namespace
are set; images and replicas take the place of the entries of their name; labels, annotations, patches and components are added.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from gitops_lint.merge.kustomize.edit import Origin, copied, lone, origin_of, put, put_new, sequence
from gitops_lint.merge.kustomize.kustomization import Kustomization
from gitops_lint.node import Map, Seq, Value

_WORDS = ("namePrefix", "nameSuffix", "namespace")
_ADDED = ("patches", "components")
_IMAGE = re.compile(r"(?:(?P<name>[^=]+)=)?(?P<new>[^@]+?)(?::(?P<tag>[^:/@]+))?(?:@(?P<digest>.+))?")
_ANY = "*"  # keeps what the kustomization says
_FIELDS = {"newName": "new", "newTag": "tag", "digest": "digest"}


class _Item(NamedTuple):
    """An entry of a list, and the list and index that it is written at."""

    value: Value
    at: Seq
    number: int


def edited(made: Kustomization, block: Map) -> Kustomization:
    """The kustomization as an Application's block changes it."""
    root = copied(made.root)
    name = made.fields
    for field in _WORDS:
        if isinstance(block.get(field), str) and block[field]:
            put_new(root, name.get(field.lower(), field), block[field], origin_of(block, field))
    for field in _ADDED:
        items = [*_items(made.get(field)), *_items(block.get(field))]
        _list(root, name.get(field, field), items, block, field)
    _list(root, name.get("images", "images"), _named(made.get("images"), _images(block, made.get("images"))), block, "images")
    _list(root, name.get("replicas", "replicas"), _named(made.get("replicas"), _items(block.get("replicas"))), block, "replicas")
    _pairs(root, name.get("commonannotations", "commonAnnotations"), block, "commonAnnotations")
    if block.get("labelWithoutSelector") is True:
        _list(root, name.get("labels", "labels"), [*_items(made.get("labels")), *_labels(block)], block, "commonLabels")
    else:
        _pairs(root, name.get("commonlabels", "commonLabels"), block, "commonLabels")
    return made._replace(root=root, fields={key.lower(): key for key in root})


def _items(value: Value) -> list[_Item]:
    return [_Item(item, value, index) for index, item in enumerate(value)] if isinstance(value, Seq) else []


def _list(root: Map, key: str, items: list[_Item], block: Map, field: str) -> None:
    given = block.get(field)
    if given:
        like = given if isinstance(given, Seq) else Seq(block.path, block.at)
        put_new(root, key, sequence([(item.value, item.at, item.number) for item in items], like), origin_of(block, field))


def _pairs(root: Map, key: str, block: Map, field: str) -> None:
    """Labels or annotations over those that are there."""
    given, old = block.get(field), root.get(key)
    if not isinstance(given, Map) or not given:
        return
    out = copied(old) if isinstance(old, Map) else Map(given.path, given.at)
    for name in given:
        put(out, name, _text(given, name), given)
    put_new(root, key, out, origin_of(block, field))


def _labels(block: Map) -> list[_Item]:
    """The entry of `labels` that `kustomize edit add label --without-selector` writes."""
    given = block.get("commonLabels")
    if not isinstance(given, Map):
        return []
    at = origin_of(block, "commonLabels")
    entry = Map(at.path, at.key_at)
    put_new(entry, "pairs", given, at)
    if block.get("labelIncludeTemplates") is True:
        put_new(entry, "includeTemplates", value=True, origin=at)
    return [_Item(entry, lone(entry, at), 0)]


def _named(old: Value, new: list[_Item]) -> list[_Item]:
    """The entries of a list with new ones in place of those of their name."""
    names = {item.value.get("name") for item in new if isinstance(item.value, Map)}
    kept = [item for item in _items(old) if not (isinstance(item.value, Map) and item.value.get("name") in names)]
    return [*kept, *new]


def _images(block: Map, old: Value) -> list[_Item]:
    """The entries that `kustomize edit set image` writes for `[name=]image[:tag][@digest]`."""
    known = {item.value.get("name"): item.value for item in _items(old) if isinstance(item.value, Map)}
    out = []
    for text, seq, index in _items(block.get("images")):
        found = _IMAGE.fullmatch(text) if isinstance(text, str) else None
        if found is None:
            continue
        name = found["name"] or found["new"]
        parts = {field: found[group] for field, group in _FIELDS.items() if found[group] and (group != "new" or found["name"])}
        at = Origin(seq.path, seq.value_at[index], seq.value_at[index])
        entry = Map(seq.path, seq.value_at[index])
        put_new(entry, "name", name, at)
        for field, part in parts.items():
            kept = known.get(name, Map())
            if part != _ANY:
                put_new(entry, field, part, at)
            elif field in kept:
                put(entry, field, kept[field], kept)
        out.append(_Item(entry, seq, index))
    return out


def _text(node: Map, key: str) -> str:
    value = node[key]
    return value if isinstance(value, str) else (node.written or {}).get(key) or str(value)
