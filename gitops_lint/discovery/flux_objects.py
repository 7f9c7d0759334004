"""Flux's objects as they are written: Kustomizations, the sources that they name, the ConfigMaps that hold variables."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from gitops_lint.files import Files
from gitops_lint.node import Location, Map, Opaque, Value, key_location
from gitops_lint.pointers import remote_url
from gitops_lint.trees.protocol import UnreadableError

GROUP = "kustomize.toolkit.fluxcd.io/"
_SOURCES = "source.toolkit.fluxcd.io/"


class Declaration(NamedTuple):
    """An object of Flux, and where its `spec` is written."""

    node: Map
    at: Location


class Objects:
    """The objects of a tree that Flux is told by."""

    def __init__(self, files: Files) -> None:
        self._files = files

    @cached_property
    def kustomizations(self) -> tuple[Declaration, ...]:
        """Every Kustomization of Flux that says what to build: a patch of another one does not."""
        found = self.of("Kustomization", GROUP)
        return tuple(d for d in found if "path" in inner(d.node, "spec") or "sourceRef" in inner(d.node, "spec"))

    @cached_property
    def _repositories(self) -> dict[str, str]:
        """The address of every git or OCI source, by name."""
        kinds = ("GitRepository", "OCIRepository") if self.kustomizations else ()
        return {
            word(inner(d.node, "metadata"), "name"): remote_url.normal(word(inner(d.node, "spec"), "url"))
            for kind in kinds
            for d in self.of(kind, _SOURCES)
        }

    @cached_property
    def _own(self) -> str:
        """The address that the clusters' own Kustomizations are read from."""
        return self._repositories.get("flux-system", "")

    def ours(self, source: Map) -> bool:
        """Whether a `sourceRef` leads to this repository, as far as can be told."""
        return word(source, "name") not in self.foreign

    @cached_property
    def foreign(self) -> tuple[str, ...]:
        """The names of the sources that are other repositories."""
        return tuple(name for name, url in sorted(self._repositories.items()) if url and self._own and url != self._own)

    def data(self, kind: str, name: str, cluster: str, beside: Map) -> Map | None:
        """What a ConfigMap or Secret holds: one deployed beside the object that asks, or the only one of the cluster, or of the tree.

        None if it is not in the tree. What a Secret holds is known by name alone.
        """
        made = beside.get(f"{kind}/{name}:")
        if isinstance(made, Map):
            data = inner(made, "data") if "apiVersion" in made else made
            return _hidden(made, data) if kind == "Secret" else data
        found = [d for d in self._data if word(d.node, "kind") == kind and word(inner(d.node, "metadata"), "name") == name]
        near = [d for d in found if d.at.path.startswith(cluster + "/")]
        chosen = near if len(near) == 1 else found
        if len(chosen) != 1:
            return None
        node = chosen[0].node
        return _hidden(node, inner(node, "data")) if kind == "Secret" else inner(node, "data")

    @cached_property
    def _data(self) -> tuple[Declaration, ...]:
        return (*self.of("ConfigMap", "v1"), *self.of("Secret", "v1"))

    def of(self, kind: str, group: str) -> tuple[Declaration, ...]:
        """The objects of a kind and API group."""
        return tuple(self._of(kind, group))

    def _of(self, kind: str, group: str) -> Iterator[Declaration]:
        mark = group.encode()
        for path in self._files.with_kind({kind}):
            try:
                held = path in self._files.shared.documents or mark in self._files.data(path)
            except UnreadableError:
                continue
            for root in self._files.document(path).roots if held else ():
                node = root.value
                if isinstance(node, Map) and word(node, "kind") == kind and word(node, "apiVersion").startswith(group):
                    yield Declaration(node, key_location(node, "spec"))


def _hidden(node: Map, data: Map) -> Map:
    """The names in a Secret, with values that nobody sees."""
    out = Map(data.path, data.at)
    for part in (data, inner(node, "stringData")):
        for key in part:
            out[key] = Opaque(key)
            out.key_at[key] = part.key_at.get(key, part.at)
    return out


def inner(node: Value, key: str) -> Map:
    """The map at a key; an empty one for anything else."""
    found = node.get(key) if isinstance(node, Map) else None
    return found if isinstance(found, Map) else Map(node.path if isinstance(node, Map) else "")


def word(node: Value, key: str) -> str:
    """The text at a key; empty for anything else."""
    found = node.get(key) if isinstance(node, Map) else None
    return found if isinstance(found, str) else ""
