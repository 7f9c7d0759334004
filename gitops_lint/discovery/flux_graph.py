"""Who deploys what in Flux: every Kustomization object in effect, as the clusters' own Kustomizations build and substitute it.

A cluster starts at a Kustomization that deploys itself (what `flux bootstrap` writes), or at one that nobody in the tree deploys.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple
from weakref import WeakKeyDictionary

from gitops_lint.blueprint import Substitution
from gitops_lint.discovery.flux_artifacts import PACKED, Artifacts, root
from gitops_lint.discovery.flux_objects import GROUP, Declaration, Objects, inner, word
from gitops_lint.files import Files
from gitops_lint.merge.flux_build import built, resources
from gitops_lint.merge.flux_variables import filled
from gitops_lint.merge.kustomize import reach
from gitops_lint.model import Unverified
from gitops_lint.node import Location, Map, Seq, key_location

_MOST = 5000  # objects in effect, as many as the largest fleets have


class Deployed(NamedTuple):
    """A Kustomization in effect: who it is, which cluster it is on, the folder it builds, and what fills in that folder's variables."""

    name: str
    cluster: str  # the folder, or the file without its suffix, that the cluster's own objects are in
    folder: str
    spec: Map
    at: Location
    substitution: Substitution | None


class Graph(NamedTuple):
    """All of a tree's Kustomizations in effect, and what is known not to be known."""

    deployed: tuple[Deployed, ...] = ()
    clusters: tuple[str, ...] = ()
    unverified: tuple[Unverified, ...] = ()
    foreign: tuple[str, ...] = ()  # the sources that are other repositories
    reached: dict[str, tuple[Deployed, ...]] = {}  # noqa: RUF012  by file: who builds it; filled once


_known: WeakKeyDictionary[Files, Graph] = WeakKeyDictionary()
_read: WeakKeyDictionary[Files, dict[str, tuple[str, ...]]] = WeakKeyDictionary()


def graph(files: Files) -> Graph:
    """The Kustomizations of a tree, worked out once."""
    known = _known.get(files)
    if known is None:
        known = _known[files] = _Walk(files).graph()
    return known


def read_by(files: Files, folder: str) -> tuple[str, ...]:
    """The files that building a folder reads: what its kustomization leads to, or everything below it if it has none."""
    known = _read.setdefault(files, {})
    if folder not in known:
        known[folder] = reach(files, folder) or _below(files, folder)
    return known[folder]


def _below(files: Files, folder: str) -> tuple[str, ...]:
    out: dict[str, None] = {}
    for name in resources(files, folder):
        path = f"{folder}/{name}" if folder else name
        out.update(dict.fromkeys([path] if path in files else reach(files, path)))
    return tuple(out)


class _Start(NamedTuple):
    declaration: Declaration
    cluster: str
    itself: bool  # it is among what it deploys


class _Walk:
    """One pass over a tree's Kustomizations."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.objects = Objects(files)
        self.packed = root(self._packed(), files)
        self.artifacts = Artifacts(files, self.packed)
        self.unverified: list[Unverified] = []
        self.declaring = {declaration.at.path for declaration in self.objects.kustomizations}

    def _packed(self) -> Iterator[str]:
        """The paths that are in artifacts and that no variable is a part of."""
        for declaration in self.objects.kustomizations:
            spec = inner(declaration.node, "spec")
            if word(inner(spec, "sourceRef"), "kind") in PACKED and "${" not in word(spec, "path"):
                yield word(spec, "path")

    def graph(self) -> Graph:
        """Everything that is deployed from the starts, those first that deploy themselves."""
        starts = [start for start in map(self._start, self.objects.kustomizations) if start is not None]
        trees: list[tuple[_Start, list[Deployed]]] = []
        below: set[Location] = set()
        for start in sorted(starts, key=lambda start: not start.itself):
            if start.itself or start.declaration.at not in below:
                tree = list(self._cluster(start))
                trees.append((start, tree))
                below.update(each.at for each in tree if each.at != start.declaration.at)
        kept = [each for start, tree in trees if start.itself or start.declaration.at not in below for each in tree]
        deployed = list({(each.cluster, each.name, each.folder, each.at): each for each in reversed(kept)}.values())[::-1]
        reached: dict[str, list[Deployed]] = {}
        for each in deployed:
            for path in read_by(self.files, each.folder):
                reached.setdefault(path, []).append(each)
        clusters = tuple(sorted({each.cluster for each in deployed}))
        unverified = tuple(dict.fromkeys(self.unverified))
        return Graph(tuple(deployed), clusters, unverified, self.objects.foreign, {p: tuple(e) for p, e in reached.items()})

    def _start(self, declaration: Declaration) -> _Start | None:
        """Where a cluster may start; None where another object has to fill in the folder, by a variable or as the base of a patch."""
        path = word(inner(declaration.node, "spec"), "path")
        folder = self.folder(declaration.node, declaration.at) if path and "${" not in path else None
        if folder is None:
            return None
        itself = declaration.at.path in read_by(self.files, folder)
        if not itself and not inner(inner(declaration.node, "spec"), "sourceRef"):
            return None  # a patch
        return _Start(declaration, folder if itself else _place(declaration.at.path), itself)

    def _cluster(self, start: _Start) -> Iterator[Deployed]:
        """The start and everything that is deployed through it."""
        queue = [self._deployed(start.declaration.node, start.declaration.at, start.cluster, Map())]
        seen: set[tuple[str, str]] = set()
        for each in queue:  # grows on the way
            if each is None or (each.name, each.folder) in seen or len(seen) > _MOST:
                continue
            seen.add((each.name, each.folder))
            if self.declaring.isdisjoint(read_by(self.files, each.folder)):
                yield each
                continue
            values = built(self.files, each.folder, each.spec).values
            if start.itself and len(seen) == 1:
                each = self._patched(each, values, start)  # noqa: PLW2901  what it says of itself is what holds in the end
            yield each
            for node in _kustomizations(values):
                given = node if each.substitution is None else filled(node, each.substitution)
                queue.append(self._deployed(given, key_location(node, "spec"), start.cluster, values))

    def _patched(self, each: Deployed, values: Map, start: _Start) -> Deployed:
        """A start as the overlay that it deploys changes it."""
        for node in _kustomizations(values):
            if word(inner(node, "metadata"), "name") == each.name and self.folder(node, each.at) == each.folder:
                return self._deployed(node, each.at, start.cluster, values) or each
        return each

    def _deployed(self, node: Map, at: Location, cluster: str, beside: Map) -> Deployed | None:
        folder = self.folder(node, at)
        if folder is None:
            return None
        spec = inner(node, "spec")
        name = word(inner(node, "metadata"), "name")
        return Deployed(name, cluster, folder, spec, at, self._substitution(spec, at, cluster, beside))

    def folder(self, node: Map, at: Location) -> str | None:
        """The folder that a Kustomization builds; None where it is not in the tree."""
        spec = inner(node, "spec")
        source, path = inner(spec, "sourceRef"), word(spec, "path")
        if word(source, "kind") == "ExternalArtifact":
            return self.artifacts.folder(word(source, "name"), path)
        folder = posixpath.normpath(path.lstrip("/") or ".")
        folder = "" if folder == "." else folder
        if word(source, "kind") in PACKED and not folder and self.objects.ours(source):
            reason = "an artifact is deployed whole, and what of this repository is in it no file tells"
            self.unverified.append(Unverified(at.path, key_location(spec, "path").line if "path" in spec else at.line, reason, "info"))
            return None
        if self.packed and word(source, "kind") in PACKED and not self.files.under(folder):
            folder = posixpath.normpath(posixpath.join(self.packed, folder))
        if folder.startswith("..") or not self.files.under(folder) or not self.objects.ours(source):
            if "${" not in path and self.objects.ours(source) and word(source, "name"):
                self.unverified.append(Unverified(at.path, key_location(spec, "path").line, f"there is no `{path}` in this repository"))
            return None
        return folder

    def _substitution(self, spec: Map, at: Location, cluster: str, beside: Map) -> Substitution | None:
        """What fills in the variables of the folder; None where nothing is filled in."""
        post = inner(spec, "postBuild")
        given, sources = inner(post, "substitute"), post.get("substituteFrom")
        if not given and not sources and word(spec, "substituteStrategy") != "Always":
            return None
        variables, complete = Map(at.path, spec.at), True
        variables.of = {}
        for source in sources if isinstance(sources, Seq) else ():
            data = self.objects.data(word(source, "kind"), word(source, "name"), cluster, beside)
            complete = complete and data is not None
            _add(variables, data or Map())
        _add(variables, given)
        return Substitution(variables, complete, key_location(spec, "postBuild"))


def _add(variables: Map, more: Map) -> None:
    for name, value in more.items():
        variables[name] = value
        assert variables.of is not None  # noqa: S101  set when it was made
        variables.of[name] = more


def _kustomizations(values: Map) -> Iterator[Map]:
    """Flux's Kustomizations among objects by subject."""
    for subject, node in values.items():
        if subject.startswith("Kustomization") and isinstance(node, Map) and str(node.get("apiVersion", "")).startswith(GROUP):
            yield node


def _place(path: str) -> str:
    """Where an object that nobody deploys stands."""
    return path.rpartition("/")[0]
