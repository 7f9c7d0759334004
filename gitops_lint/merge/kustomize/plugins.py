"""Kustomize's own generators and transformers, where they are configured as objects: each told as the field that does the same.

Sources: kustomize api/internal/plugins/builtinhelpers/builtins.go and api/internal/builtins, v5.8.1.
"""

from __future__ import annotations

from typing import NamedTuple

from gitops_lint.merge.kustomize.edit import Origin, lone, origin_of, put, put_new
from gitops_lint.merge.kustomize.fields import Field, Fields, split, table_of
from gitops_lint.merge.kustomize.generating import ARGUMENTS
from gitops_lint.merge.kustomize.kustomization import string
from gitops_lint.merge.kustomize.resource import Resource, text
from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.node import Map, Seq, Value

GENERATORS = {"ConfigMapGenerator": "ConfigMap", "SecretGenerator": "Secret"}
_LONE = {  # kind -> the table it has of its own, its own field, and the field of a kustomization that is a list of such
    "ImageTagTransformer": ("images", "imageTag", "images"),
    "ReplicaCountTransformer": ("replicas", "replica", "replicas"),
}
_PLAIN = {  # kind -> the table, the field, the field of a kustomization
    "PrefixTransformer": ("namePrefix", "prefix", "namePrefix"),
    "SuffixTransformer": ("nameSuffix", "suffix", "nameSuffix"),
    "AnnotationsTransformer": ("commonAnnotations", "annotations", "commonAnnotations"),
    "LabelTransformer": ("commonLabels", "labels", "commonLabels"),
    "ReplacementTransformer": ("", "replacements", "replacements"),
}


class Plugin(NamedTuple):
    """What a transformer does: fields of a kustomization, and the tables that it goes by."""

    root: Map
    fields: Fields


def built_in(config: Resource) -> bool:
    """The object configures something that kustomize has built in, not a program."""
    return (config.id.group, config.id.version) == ("", "builtin")


def generator(config: Resource) -> Map:
    """The entry of `configMapGenerator` or `secretGenerator` that does the same as a generator."""
    node, meta = config.node, config.node["metadata"]
    out = Map(node.path, node.at)
    for key in ("name", "namespace"):
        if key in meta:
            put(out, key, meta[key], meta)
    for key in node:
        if key.lower() in ARGUMENTS:
            put(out, key, node[key], node)
    return out


def transformer(config: Resource) -> Plugin:
    """The kustomization that does the same as a transformer. Raises BuildError for one that is not evaluated."""
    kind, node = config.id.kind, config.node
    root = Map(node.path, node.at)
    specs = _specs(node.get("fieldSpecs"))
    if kind in _PLAIN:
        table, own, field = _PLAIN[kind]
        _take(root, field, node, own)
        if not specs and kind in ("PrefixTransformer", "SuffixTransformer"):
            raise BuildError(f"a {kind} has no `fieldSpecs`")
        return Plugin(root, table_of(table, specs) if table else Fields())
    if kind == "PrefixSuffixTransformer" and specs:
        _take(root, "namePrefix", node, "prefix")
        _take(root, "nameSuffix", node, "suffix")
        return Plugin(root, Fields(namePrefix=specs, nameSuffix=specs))
    if kind in _LONE:
        table, own, field = _LONE[kind]
        at = origin_of(node, own) if own in node else Origin(node.path, node.at, node.at)
        put_new(root, field, lone(node.get(own), at), at)
        return Plugin(root, table_of(table, specs))
    if kind == "NamespaceTransformer":
        _take(root, "namespace", node["metadata"], "namespace")
        _take(root, "unsetOnly", node, "unsetOnly")
        _take(root, "setRoleBindingSubjects", node, "setRoleBindingSubjects")
        return Plugin(root, Fields(namespace=specs))
    if kind in ("PatchTransformer", "PatchJson6902Transformer", "PatchStrategicMergeTransformer"):
        _take_patches(root, kind, node)
        return Plugin(root, Fields())
    raise BuildError(f"a {kind} is not evaluated")


def _take(root: Map, field: str, node: Map, own: str) -> None:
    if own in node:
        put_new(root, field, node[own], origin_of(node, own))


def _take_patches(root: Map, kind: str, node: Map) -> None:
    at = Origin(node.path, node.at, node.at)
    if kind == "PatchTransformer":
        put_new(root, "patches", lone(node, at), at)
        return
    if kind == "PatchJson6902Transformer":
        entry = Map(node.path, node.at)
        for field, own in (("target", "target"), ("path", "path"), ("patch", "jsonOp")):
            _take(entry, field, node, own)
        put_new(root, "patchesJson6902", lone(entry, at), at)
        return
    entries = Seq(node.path, node.at)
    paths, patches = node.get("paths"), string(node.get("patches"), "patches")
    if isinstance(paths, Seq):
        entries.extend(paths)
        entries.value_at.extend(paths.value_at)
    if patches:
        entries.append(patches)
        entries.value_at.append(origin_of(node, "patches").value_at)
    put_new(root, "patchesStrategicMerge", entries, at)


def _specs(value: Value) -> tuple[Field, ...]:
    items = value if isinstance(value, Seq) else ()
    return tuple(
        Field(split(text(i.get("path"))), text(i.get("kind")), text(i.get("group")), text(i.get("version")), i.get("create") is True)
        for i in items
        if isinstance(i, Map)
    )
