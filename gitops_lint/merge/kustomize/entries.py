"""What a kustomization file itself says, as a tree that can be compared: every list by the identity of its entries."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from gitops_lint.merge.kustomize.edit import Origin, mark, origin_of, put
from gitops_lint.merge.kustomize.kustomization import Kustomization
from gitops_lint.merge.kustomize.resource import text
from gitops_lint.node import Map, Seq, Value, item_location

Names: TypeAlias = Callable[[str, Origin], list[str]]
Named: TypeAlias = "tuple[str, Value, Origin]"

_SOURCES = ("literals", "envs", "env", "files")  # compared as the keys that they give
_BY_NAME = ("images", "imagetags", "replicas", "vars", "configmapgenerator", "secretgenerator")
_CHARTS = ("helmcharts", "helmchartinflationgenerator")
_UNSAID = ("apiversion", "kind", "metadata")


def entries(made: Kustomization, patch_names: Names) -> Map:
    """The file's fields, each list as a map of `[entry]`.

    Entries are known by paths without `./`, a slash at the end and `?ref=…`, patches by their path or by whom they mean, images and
    generators by name. `patch_names` gives the objects that an inline patch is about.
    """
    out = Map(made.path, made.root.at)
    for lower, key in made.fields.items():
        value = made.root[key]
        if lower in _UNSAID or value is None:
            continue
        if isinstance(value, Seq):
            put(out, key, _listed(lower, value, made, patch_names), made.root)
        else:
            put(out, key, value, made.root)
    return out


def _listed(field: str, items: Seq, made: Kustomization, patch_names: Names) -> Map:
    out = Map(made.path, items.at)
    for index, item in enumerate(items):
        at = items.value_at[index] if index < len(items.value_at) else items.at
        origin = Origin(item_location(items, index).path or made.path, at, at)
        for name, value, source in _named(field, item, origin, patch_names):
            key = f"[{name}]"
            number = 1
            while key in out:
                number += 1
                key = f"[{name}#{number}]"
            put(out, key, value, mark(key, value, source))
    return out


def _named(field: str, item: Value, origin: Origin, patch_names: Names) -> list[Named]:
    if isinstance(item, Map):
        return _named_map(field, item, origin, patch_names)
    if not isinstance(item, str):
        return [] if isinstance(item, Seq) else [(text(item), item, origin)]
    if "\n" in item:
        return [(name, name, origin) for name in patch_names(item, origin)]
    return [(_stem(item) if field == "patchesstrategicmerge" else plain(item), item, origin)]


def _named_map(field: str, item: Map, origin: Origin, patch_names: Names) -> list[Named]:
    if field in ("patches", "patchesjson6902"):
        name = _patch_name(item, patch_names)
        return [(name, text(item.get("path")) or name, origin)]
    if field == "labels":
        pairs = item.get("pairs")
        return [(key, value, origin_of(pairs, key)) for key, value in pairs.items()] if isinstance(pairs, Map) else []
    if field in _CHARTS:
        name = text(item.get("releaseName") or item.get("name") or item.get("chartName"))
        return [(name, text(item.get("version")) or name, origin)]
    return [(_identity(field, item), _without_sources(item), origin)]


def _identity(field: str, item: Map) -> str:
    if field in _BY_NAME:
        return text(item.get("name"))
    source = item.get("source")
    if field == "replacements" and isinstance(source, Map):
        return f"{text(source.get('kind'))}/{text(source.get('name'))}:{text(source.get('fieldPath')) or 'metadata.name'}"
    return plain(text(item.get("path") or item.get("name")))


def _without_sources(item: Map) -> Map:
    if not any(key in item for key in _SOURCES):
        return item
    out = Map(item.path, item.at)
    for key, value in item.items():
        if key not in _SOURCES:
            put(out, key, value, item)
    return out


def _patch_name(item: Map, patch_names: Names) -> str:
    path, target = text(item.get("path")), item.get("target")
    if path:
        return _stem(path)
    if isinstance(target, Map):
        kind, name = text(target.get("kind")), text(target.get("name"))
        wider = text(target.get("labelSelector")) or text(target.get("annotationSelector")) or text(target.get("namespace"))
        return "/".join(part for part in (kind or "*", name or wider) if part)
    written = item.get("patch")
    if not isinstance(written, str):
        return "patch"
    return (
        "+".join(patch_names(written, Origin(item.path, item.key_at.get("patch", item.at), item.value_at.get("patch", item.at)))) or "patch"
    )


def plain(path: str) -> str:
    """A path without what does not tell it from others: `./`, a slash at the end, a version."""
    bare = path.partition("?")[0].rstrip("/")
    while bare.startswith("./"):
        bare = bare[2:]
    return bare or path


def _stem(path: str) -> str:
    bare = plain(path)
    for suffix in (".yaml", ".yml", ".json"):
        bare = bare.removesuffix(suffix)
    return bare
