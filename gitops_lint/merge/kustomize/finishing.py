"""What only the outermost kustomization decides: the order in which objects are printed, and what is noted at each of them.

Source: kustomize api/krusty/kustomizer.go and api/resource/origin.go, v5.8.1.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from gitops_lint.merge.kustomize.edit import Origin, copied, put_new
from gitops_lint.merge.kustomize.kustomization import Kustomization
from gitops_lint.merge.kustomize.resource import Resource
from gitops_lint.model import Unverified
from gitops_lint.node import Map, Seq

_ORIGIN = "config.kubernetes.io/origin"
_MANAGED = ("app.kubernetes.io/managed-by", "kustomize-v5.8.1")
_KNOWN = ("managedByLabel", "originAnnotations", "transformerAnnotations")


def refused(made: Kustomization) -> Iterator[Unverified]:
    """What is wrong with `sortOptions`, and what of `buildMetadata` is not evaluated."""
    options = made.get("sortOptions")
    if isinstance(options, Map):
        known = {key.lower(): options[key] for key in options}
        if known.get("order") not in ("fifo", "legacy"):
            yield Unverified(made.path, made.line("sortOptions"), "`sortOptions.order` is neither fifo nor legacy")
        elif known.get("legacysortoptions") is not None and known["order"] != "legacy":
            yield Unverified(made.path, made.line("sortOptions"), "`sortOptions.legacySortOptions` is for the order legacy only")
    for entry in made.entries("buildMetadata") if isinstance(made.get("buildMetadata"), Seq) else ():
        if entry.value not in _KNOWN:
            yield Unverified(made.path, entry.line, f"`buildMetadata` has an entry `{entry.value}`, which kustomize does not know")
        elif entry.value == "transformerAnnotations":
            yield Unverified(made.path, entry.line, "`transformerAnnotations` under `buildMetadata` is not evaluated")


def asked(made: Kustomization) -> frozenset[str]:
    """What `buildMetadata` asks for."""
    value = made.get("buildMetadata")
    return frozenset(word for word in value if isinstance(word, str)) if isinstance(value, Seq) else frozenset()


def noted(resource: Resource, made: Kustomization, wanted: frozenset[str]) -> Resource:
    """The object with what `buildMetadata` asks for."""
    out = resource.node
    if "managedByLabel" in wanted:
        out = _with(out, "labels", _MANAGED, made.origin("buildMetadata"))
    if "originAnnotations" in wanted:
        out = _with(out, "annotations", (_ORIGIN, _origin(resource, made.folder)), made.origin("buildMetadata"))
    return resource.with_node(out)


def _with(node: Map, field: str, pair: tuple[str, str], at: Origin) -> Map:
    out, meta = copied(node), copied(node["metadata"])
    held = meta.get(field)
    marks = copied(held) if isinstance(held, Map) else Map(at.path, at.value_at)
    put_new(marks, pair[0], pair[1], at)
    if isinstance(held, Map):
        meta[field] = marks
    else:
        put_new(meta, field, marks, at)
    out["metadata"] = meta
    return out


def _origin(resource: Resource, folder: str) -> str:
    if not resource.configured:
        return f"path: {posixpath.relpath(resource.node.path, folder or '.')}\n"
    path, kind, name = resource.configured
    named = f"  name: {name}\n" if name else ""
    return f"configuredIn: {posixpath.relpath(path, folder or '.')}\nconfiguredBy:\n  apiVersion: builtin\n  kind: {kind}\n{named}"
