"""What a repository itself declares to be a version: a marker on a line, or a tool's object that names the key.

Sources: Flux image-automation-controller internal/update/setters.go; argocd-image-updater docs/configuration/images.md; Kargo's
`yaml-update` step; Codefresh's PromotionTemplate. It is better evidence than any name of a key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from gitops_lint.extract.image_text import pointer as image
from gitops_lint.extract.walk import Place, is_object, items, places, text
from gitops_lint.model import Document
from gitops_lint.node import Map, Seq, home, unpack, value_location
from gitops_lint.pointer import Pointer, PointerKind
from gitops_lint.pointers import image as grammar
from gitops_lint.pointers import tag

_UPDATER = "argocd-image-updater.argoproj.io/"
_NAMES = ("repository", "name", "newName", "image", "repo")


@dataclass(frozen=True, slots=True)
class Declared:
    """The lines, by file and number from 0, and the values' keys that hold versions, each with what says so."""

    lines: dict[tuple[str, int], str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)


def declared(documents: Iterable[Document]) -> Declared:
    """Everything that the documents declare to be a version."""
    out = Declared()
    for document in documents:
        for position, policy in document.setters:
            out.lines[document.path, unpack(position)[0]] = policy
        for root in document.roots:
            if isinstance(root.value, Map) and is_object(root.value):
                out.keys.update(_of_object(root.value))
    return out


def versions(place: Place, known: Declared) -> Iterator[Pointer]:
    """The pointers of a mapping that are declared, whatever their keys are called."""
    for key, value in place.node.items():
        if isinstance(value, Map | Seq) or value is None:
            continue
        evidence = known.keys.get(".".join((*place.path, key))) if known.keys else None
        policy = _marked(place.node, key, known) if known.lines else None
        if policy is not None and policy.count(":") > 1 and not policy.endswith(":tag"):
            continue  # sets a name or a digest, which the pointer beside it has
        if evidence or policy:
            found = _version(place, key, whole=policy is not None and policy.count(":") == 1)
            if found is not None:
                yield replace(found, declared=evidence or f"Flux's image policy {policy}")


def _marked(node: Map, key: str, known: Declared) -> str | None:
    source = home(node, key)
    return known.lines.get((source.path, unpack(source.value_at.get(key, 0))[0]))


def _version(place: Place, key: str, *, whole: bool) -> Pointer | None:
    written, at, path = text(place.node, key), value_location(place.node, key), (*place.path, key)
    if whole or "/" in written:
        return image(written, at, path, strict=False)
    name = next((found for other in _NAMES if other != key and (found := text(place.node, other))), "")
    if name:
        return image(f"{name}:{written}", at, path, strict=False)
    if not grammar.valid_tag(written):
        return None
    motion, reason = tag.judge(written)
    return Pointer(PointerKind.IMAGE, written, "", written, motion, reason, at, path)


def _of_object(root: Map) -> Iterator[tuple[str, str]]:
    kind = str(root["kind"])
    for place in (
        places(root)
        if kind in ("Application", "ApplicationSet", "Stage", "PromotionTask", "ClusterPromotionTask", "PromotionTemplate")
        else ()
    ):
        for name, value in place.node.items():
            if name.startswith(_UPDATER) and name.endswith((".helm.image-tag", ".helm.image-spec")) and isinstance(value, str):
                yield value, "Argo CD Image Updater writes it"
        for _, update, _ in items(place.node, "updates"):
            if isinstance(update, Map) and text(update, "key"):
                yield text(update, "key"), "Kargo promotes it"
        for _, path, _ in items(place.node, "jsonPaths"):
            if isinstance(path, str):
                yield path.removeprefix("$").removeprefix("."), "Codefresh promotes it"
