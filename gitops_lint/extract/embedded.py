"""YAML that stands as a text in an object or a kustomization, and that nothing has evaluated: a chart's values, patches.

What environments are made of is evaluated with exact positions; of the rest only the line is exact, for the file's text is not at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_lint.extract.kustomizations import is_kustomization
from gitops_lint.extract.walk import Place, is_object, items
from gitops_lint.keypath import KeyPath
from gitops_lint.node import Map, Value, unpack
from gitops_lint.reader import read

_PATCHES = ("patches", "patchesStrategicMerge", "patchesJson6902")
_WORTH = re.compile(r"(?:image|tag|repository)[\w-]{0,50}[\"']?:", re.IGNORECASE)
_STEP = 2  # columns that a block is mostly indented by


def embedded(path: str, root: Map) -> Iterator[tuple[KeyPath, Value]]:
    """Each text of a document that may hold an image, read, with the key path that it stands at."""
    for place, key in _blocks(path, root):
        written = place.node.get(key)
        if isinstance(written, str) and "\n" in written and _WORTH.search(written):
            line, _ = unpack(place.node.value_at.get(key, place.node.at))
            indent = " " * (unpack(place.node.key_at.get(key, place.node.at))[1] + _STEP)
            lines = (indent + row if row.strip() else "" for row in written.split("\n"))
            for found in read(("\n" * (line + 1) + "\n".join(lines)).encode(), path).roots:
                yield (*place.path, key), found.value


def _blocks(path: str, root: Map) -> Iterator[tuple[Place, str]]:
    spec = root.get("spec")
    kind = str(root.get("kind"))
    if is_kustomization(path) and "toolkit.fluxcd" not in str(root.get("apiVersion")):
        yield from _patches(Place(("kustomization:",), root))
    elif isinstance(spec, Map) and is_object(root):
        place = Place((f"{kind}:", "spec"), spec)
        if kind == "HelmChart":  # of k3s
            yield place, "valuesContent"
        elif kind == "Kustomization":
            yield from _patches(place)
        elif kind in ("Application", "ApplicationSet"):
            yield from _of_argo(place)


def _of_argo(place: Place) -> Iterator[tuple[Place, str]]:
    template = place.node.get("template")
    spec = template.get("spec") if isinstance(template, Map) else None
    for here in (place, *((Place((*place.path, "template", "spec"), spec),) if isinstance(spec, Map) else ())):
        alone = here.node.get("source")
        found = [("source", alone), *((f"[{index}]", entry) for index, entry, _ in items(here.node, "sources"))]
        for name, source in found:
            helm = source.get("helm") if isinstance(source, Map) else None
            if isinstance(helm, Map):
                yield Place((*here.path, name, "helm"), helm), "values"


def _patches(place: Place) -> Iterator[tuple[Place, str]]:
    for name in _PATCHES:
        for index, entry, _ in items(place.node, name):
            if isinstance(entry, Map):
                yield Place((*place.path, name, f"[{index}]"), entry), "patch"
