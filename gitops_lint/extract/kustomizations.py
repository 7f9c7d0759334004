"""What a kustomization points at: remote bases and files, images, charts.

Fields: kustomize api/types/kustomization.go, image.go, helmchartargs.go, v5.8.1. Flux's own objects carry the same `images` entries.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.extract.image_text import pointer as image
from gitops_lint.extract.walk import Place, items, text
from gitops_lint.keypath import KeyPath
from gitops_lint.node import Map, key_location, value_location
from gitops_lint.pointer import Pointer, PointerKind
from gitops_lint.pointers import remote_url, version_range

_LISTS = ("resources", "bases", "components", "crds", "configurations", "generators", "transformers", "patchesStrategicMerge")
ROOT: KeyPath = ("kustomization:",)


def is_kustomization(path: str) -> bool:
    """Whether kustomize takes a file for a kustomization, by its name."""
    return path.rpartition("/")[2] in ("kustomization.yaml", "kustomization.yml", "Kustomization")


def kustomization(root: Map) -> Iterator[Pointer]:
    """Every pointer of a kustomization file."""
    for name in _LISTS:
        for _, entry, at in items(root, name):
            remote = remote_url.parse(entry) if isinstance(entry, str) and "\n" not in entry else None
            if remote is not None:
                key = (*ROOT, name, f"[{entry}]")
                yield Pointer(PointerKind.REMOTE, str(entry), remote.name, remote.revision, remote.motion, remote.reason, at, key)
    yield from image_entries(Place(ROOT, root))
    yield from _charts(root)


def image_entries(place: Place) -> Iterator[Pointer]:
    """The images that a list of `{name, newName, newTag, digest}` sets; an entry that only renames says nothing of versions."""
    for _, entry, _ in items(place.node, "images"):
        if not isinstance(entry, Map) or not ("newTag" in entry or "digest" in entry):
            continue
        key = "newTag" if "newTag" in entry else "digest"
        tag, digest = text(entry, "newTag"), text(entry, "digest")
        name = text(entry, "newName") or text(entry, "name")
        written = name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")
        if tag or digest:
            found = image(written, value_location(entry, key), (*place.path, "images", f"[{text(entry, 'name')}]", key), strict=False)
            if found is not None:
                yield found


def _charts(root: Map) -> Iterator[Pointer]:
    for _, entry, _ in items(root, "helmCharts"):
        if not isinstance(entry, Map) or "://" not in text(entry, "repo"):
            continue  # a chart in the tree
        name, version = text(entry, "name"), text(entry, "version")
        motion, reason = version_range.judge(version)
        at = value_location(entry, "version") if "version" in entry else key_location(entry, "name")
        key = (*ROOT, "helmCharts", f"[{name}]", "version")
        yield Pointer(
            PointerKind.CHART, f"{name} {version}".strip(), f"{text(entry, 'repo').rstrip('/')}/{name}", version, motion, reason, at, key
        )
