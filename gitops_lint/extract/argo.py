"""What Argo CD's objects point at: git revisions, charts, images, values by URL.

Fields: argo-cd pkg/apis/application/v1alpha1/{types,applicationset_types}.go, 3.6.0-dev. A source is found wherever it stands, in a
template or a generator too; `syncSource` and `hydrateTo` name the branches that Argo CD itself writes, and are none.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.extract.image_text import pointer as image
from gitops_lint.extract.walk import Place, items, text
from gitops_lint.node import Location, Map, key_location, value_location
from gitops_lint.pointer import Motion, Pointer, PointerKind
from gitops_lint.pointers import git_revision, remote_url, tag, version_range
from gitops_lint.regex import regex

_OF_SOURCES = frozenset({"targetRevision", "path", "chart", "ref", "helm", "kustomize"})
_OF_GENERATORS = frozenset({"revision", "directories", "files"})
_NOBODYS = regex(r"[<$%{]")  # the repository itself, most often, filled in where it is installed
_WRITTEN_BY_ARGO = frozenset({"syncSource", "hydrateTo"})


def sources(place: Place) -> Iterator[Pointer]:
    """The pointers of a mapping that is a source or a git generator."""
    node = place.node
    if not text(node, "repoURL") or _WRITTEN_BY_ARGO.intersection(place.path):
        return
    of_argo = bool(place.path) and place.path[0].startswith(("Application/", "Application:", "ApplicationSet/", "ApplicationSet:"))
    if "targetRevision" in node or (of_argo and _OF_SOURCES.intersection(node)):
        yield _source(place)
        yield from _images(place)
        yield from _values_by_url(place)
    elif (of_argo or place.parent == "git") and _OF_GENERATORS.intersection(node):
        yield _git(place, "revision")


def _source(place: Place) -> Pointer:
    node = place.node
    url, chart = text(node, "repoURL"), text(node, "chart")
    if not chart and not url.startswith("oci://"):
        return _git(place, "targetRevision")
    version = text(node, "targetRevision")
    motion, reason = version_range.judge(version)
    if not chart and motion is Motion.VERSION:
        motion, reason = tag.judge(version)
    name = f"{url.rstrip('/')}/{chart}" if chart else url
    return Pointer(PointerKind.CHART, _at(name, version), name, version, motion, reason, *_place(place, "targetRevision"))


def _git(place: Place, key: str) -> Pointer:
    url, revision = text(place.node, "repoURL"), text(place.node, key)
    motion, reason = (Motion.UNKNOWN, "a placeholder") if _NOBODYS.match(url) else git_revision.judge(revision)
    at, path = _place(place, key)
    folder = (text(place.node, "path") or next(_generating(place.node), "")).strip("/")
    name = remote_url.normal(url)
    return Pointer(PointerKind.GIT, _at(url, revision or "HEAD"), name, revision, motion, reason, at, path, folder=folder)


def _generating(node: Map) -> Iterator[str]:
    """The directories and files that a git generator looks for."""
    for name in ("directories", "files"):
        yield from (text(entry, "path") for _, entry, _ in items(node, name) if isinstance(entry, Map))


def _place(place: Place, key: str) -> tuple[Location, tuple[str, ...]]:
    """Where the revision stands, or where it is missing."""
    node = place.node
    return (value_location(node, key) if key in node else key_location(node, "repoURL")), (*place.path, key)


def _images(place: Place) -> Iterator[Pointer]:
    """`kustomize.images`: `[name=]image[:tag][@digest]`; an entry without a version only renames."""
    kustomize = place.node.get("kustomize")
    for index, entry, at in items(kustomize, "images") if isinstance(kustomize, Map) else ():
        written = entry.rpartition("=")[2] if isinstance(entry, str) else ""
        if ":" in written.rpartition("/")[2] or "@" in written:
            key = (*place.path, "kustomize", "images", f"[{index}]")
            found = image(written, at, key, strict=True)
            if found is not None:
                yield found


def _values_by_url(place: Place) -> Iterator[Pointer]:
    helm = place.node.get("helm")
    for index, entry, at in items(helm, "valueFiles") if isinstance(helm, Map) else ():
        remote = remote_url.parse(entry, directory=False) if isinstance(entry, str) and "://" in entry else None
        if remote is not None:
            key = (*place.path, "helm", "valueFiles", f"[{index}]")
            yield Pointer(PointerKind.REMOTE, str(entry), remote.name, remote.revision, remote.motion, remote.reason, at, key)


def _at(name: str, version: str) -> str:
    return f"{name} at {version}" if version else name
