"""What the rest of a tree says about a pointer: a lock pins it, an overlay replaces it, it leads back to the repository itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from gitops_lint.extract.kustomizations import is_kustomization
from gitops_lint.extract.walk import is_object, items, subject, text
from gitops_lint.model import Document
from gitops_lint.node import Map
from gitops_lint.pointer import Motion, Pointer, PointerKind
from gitops_lint.pointers import remote_url

LOCKS = {"Chart.yaml": "Chart.lock", "requirements.yaml": "requirements.lock"}
_FLUX_ITSELF = "flux-system"  # the source that `flux bootstrap` makes of the repository that it writes to


class Trace(NamedTuple):
    """What a document says of pointers elsewhere: images that it replaces, (folder, source) of what Flux builds, images that it builds."""

    images: tuple[str, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    built: tuple[str, ...] = ()


def trace(document: Document) -> Trace:
    """What a document says about pointers elsewhere."""
    return Trace(tuple(_replaced(document)), tuple(_sources(document)), tuple(_built(document)))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The tree's paths and directories, the images that kustomizations replace, and the sources that Flux reads this tree from."""

    paths: Collection[str]
    folders: frozenset[str]
    images: frozenset[str]
    sources: frozenset[str]
    built: frozenset[str] = frozenset()

    @classmethod
    def of(cls, traces: Iterable[Trace], paths: Collection[str]) -> Surroundings:
        """What there is to know before any pointer is found."""
        traces = list(traces)
        folders = frozenset(_folders(paths))
        images = frozenset(name for one in traces for name in one.images)
        built = frozenset(name for one in traces for name in one.built)
        sources = frozenset({_FLUX_ITSELF, *(s for one in traces for head, s in one.sources if head in folders)})
        return cls(paths, folders, images, sources, built)

    def replaced(self, pointer: Pointer) -> Pointer:
        """An image of a base that some kustomization gives another version is none that runs."""
        moving = pointer.kind is PointerKind.IMAGE and pointer.motion is Motion.MOVING
        if moving and pointer.name in self.images and "images" not in pointer.key:
            return replace(pointer, motion=Motion.UNKNOWN, reason="a kustomization sets its version")
        return pointer

    def placed(self, found: Iterable[Pointer]) -> tuple[Pointer, ...]:
        """The pointers with what locks pin, and with those marked that lead back to this repository.

        One that names a directory of this tree does, and so do all that name the same URL.
        """
        found = list(found)
        own = {pointer.name for pointer in found if pointer.kind is PointerKind.GIT and self._leads_here(pointer)}
        return tuple(self._placed(pointer, own) for pointer in found)

    def _leads_here(self, pointer: Pointer) -> bool:
        named = pointer.key[0].removeprefix("GitRepository/").removesuffix(":") if pointer.key else ""
        return _head(pointer.folder) in self.folders or (pointer.key[:1] == (f"GitRepository/{named}:",) and named in self.sources)

    def _placed(self, pointer: Pointer, own: set[str]) -> Pointer:
        if pointer.kind is PointerKind.IMAGE and not pointer.version and pointer.name in self.built:
            return replace(pointer, motion=Motion.UNKNOWN, reason="Skaffold sets its version")
        if pointer.kind in (PointerKind.CHART, PointerKind.INCLUDE) and pointer.motion is Motion.MOVING:
            lock = next((lock for lock in _locks(pointer) if lock in self.paths), "")
            return replace(pointer, motion=Motion.VERSION, reason=f"pinned by {lock}") if lock else pointer
        if pointer.kind in (PointerKind.GIT, PointerKind.REMOTE) and _repository(pointer.name) in own:
            return replace(pointer, own=True)
        return pointer


def _locks(pointer: Pointer) -> Iterator[str]:
    """The files that pin a chart or a pipeline, should they be there: a lock beside it, or Jenkins X's version stream."""
    if pointer.kind is PointerKind.INCLUDE:
        if pointer.version == "versionStream":
            yield f"versionStream/git/github.com/{'/'.join(pointer.name.split('/')[:2])}.yml"
        return
    folder, slash, name = pointer.at.path.rpartition("/")
    if name in LOCKS:
        yield f"{folder}{slash}{LOCKS[name]}"
    elif name.startswith("helmfile"):
        yield f"{folder}{slash}{name.partition('.')[0]}.lock"
        if not pointer.version:
            yield f"versionStream/charts/{pointer.name}/defaults.yaml"


def _replaced(document: Document) -> Iterator[str]:
    """The names of the images for which a kustomization sets a version."""
    if is_kustomization(document.path):
        for root in document.roots:
            for _, entry, _ in items(root.value, "images") if isinstance(root.value, Map) else ():
                if isinstance(entry, Map) and ("newTag" in entry or "digest" in entry):
                    yield text(entry, "name")


def _built(document: Document) -> Iterator[str]:
    """The names of the images that Skaffold builds, and puts the version into whatever it deploys."""
    for root in document.roots:
        if isinstance(root.value, Map) and is_skaffold(root.value):
            for part in (root.value, *(profile for _, profile, _ in items(root.value, "profiles"))):
                build = part.get("build") if isinstance(part, Map) else None
                for _, entry, _ in items(build, "artifacts") if isinstance(build, Map) else ():
                    if isinstance(entry, Map):
                        yield text(entry, "image")


def is_skaffold(root: Map) -> bool:
    """Whether a document configures Skaffold."""
    return str(root.get("apiVersion")).startswith("skaffold/")


def _sources(document: Document) -> Iterator[tuple[str, str]]:
    """The folders that Flux builds, and the names of the sources that they are in."""
    for root in document.roots:
        if isinstance(root.value, Map) and is_object(root.value) and subject(root.value)[0].startswith("Kustomization"):
            spec = root.value.get("spec")
            source = spec.get("sourceRef") if isinstance(spec, Map) else None
            if isinstance(source, Map) and isinstance(spec, Map):
                yield _head(text(spec, "path").strip("/")), text(source, "name")


def _repository(name: str) -> str:
    return remote_url.normal(name.partition("//")[0] if "://" not in name else name)


def _folders(paths: Iterable[str]) -> set[str]:
    out: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in out:
            out.add(folder)
            folder = folder.rpartition("/")[0]
    return out


def _head(folder: str) -> str:
    """The part of a path before its first placeholder or pattern; the root is no evidence."""
    kept = []
    for part in folder.removeprefix("./").split("/"):
        if any(mark in part for mark in "*{[$"):
            break
        kept.append(part)
    return "/".join(kept) or "?"
