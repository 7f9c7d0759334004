"""The sources of a blueprint turned into layers: files looked up, blocks found in them, text that is YAML inside YAML parsed in place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gitops_lint.blueprint import Blueprint, Source
from gitops_lint.files import Files
from gitops_lint.keypath import dotted
from gitops_lint.merge.argocd import with_parameters
from gitops_lint.merge.chart import document_values
from gitops_lint.merge.tables import edited, remove
from gitops_lint.model import Document, Layer, Role, Unverified
from gitops_lint.node import Map, Seq, Value, unpack

_BREAKS = ("---", "...", "%")  # at the left edge these are no content


class Found(NamedTuple):
    """What became of a blueprint's sources: layers, the lowest first, those among them that set single keys, and what could not be had."""

    layers: list[Layer]
    parameters: dict[Layer, Seq]
    hazy: list[Unverified]


def found(blueprint: Blueprint, files: Files) -> Found:
    """The sources of a blueprint whose files hold Helm values. A list is a list of parameters, each with `name` and `value`."""
    layers, parameters, hazy = out = Found([], {}, [])
    for source in blueprint.sources:
        if source.value is None and source.path not in files:
            if not source.optional:
                hazy.append(Unverified(source.path, 1, "the values file is not in the tree", "error"))
            continue
        layer, why = _layer(source, files, parameters)
        layers.append(layer)
        if why:
            error = layer.document.error
            hazy.append(Unverified(source.path, error.line if error else 1, why, "error"))
    return out


def layer_values(layers: Iterable[Layer]) -> Iterator[Map | None]:
    """What each layer gives to the merge; the metadata that sops leaves in a file is no value."""
    for layer in layers:
        value = layer.value
        if isinstance(value, Map) and layer.document.encrypted == "sops" and "sops" in value:
            value = edited(value)
            remove(value, "sops")
        yield value if isinstance(value, Map) else None


def _layer(source: Source, files: Files, parameters: dict[Layer, Seq]) -> tuple[Layer, str]:
    document = files.document(source.path) if source.path in files else Document(source.path)
    value, why = (source.value, "") if source.value is not None else _value(source, document, files)
    if isinstance(value, Seq) and (source.value is not None or source.role is Role.INLINE):
        alone, _ = with_parameters(Map(source.path, value.at), value)
        layer = Layer(source.path, source.role, document, alone, value.at, document.templated)
        parameters[layer] = value
        return layer, why
    if not why and not isinstance(value, Map | None):
        value, why = None, "Helm values have to be a mapping"
    return Layer(source.path, source.role, document, value, value.at if isinstance(value, Map) else 0, document.templated), why


def _value(source: Source, document: Document, files: Files) -> tuple[Value, str]:
    if document.error is not None or not (source.within or source.document):
        return document_values(document)
    if source.document >= len(document.roots):
        return None, f"there is no document number {source.document + 1} in it"
    value: Value = document.roots[source.document].value
    parent: Map | Seq | None = None
    for key in source.within:
        if not isinstance(value, Map | Seq):
            return None, f"`{dotted(source.within)}` is not in it"
        parent, value = value, _step(value, key)
    if isinstance(value, str) and isinstance(parent, Map):
        return document_values(embedded(files, parent, source.within[-1]))
    return value, ""


def _step(node: Map | Seq, key: str) -> Value:
    if isinstance(node, Map):
        value: Value = node.get(key)
        return value
    index = key[1:-1]
    item: Value = node[int(index)] if index.isdigit() and int(index) < len(node) else None
    return item


def embedded(files: Files, node: Map, key: str) -> Document:
    """The text at `key` of a map that was read from a file, parsed as YAML whose positions are those in that file.

    A block scalar keeps its lines and its indentation; any other text keeps the line it starts on.
    """
    text = str(node[key])
    line, _ = unpack(node.value_at.get(key, node.at))
    lines = files.tree.read(node.path).decode("utf-8", "replace").splitlines() if node.path in files else []
    head = lines[line].rstrip() if line < len(lines) else ""
    if "|" in head.rpartition(":")[2] and line + 1 < len(lines):
        first = next((found for found in lines[line + 1 :] if found.strip()), "")
        indent = len(first) - len(first.lstrip(" "))
        line += 1
        if not any(row.startswith(_BREAKS) for row in text.splitlines()):
            text = "\n".join(" " * indent + row if row.strip() else "" for row in text.split("\n"))
    return files.parse(("\n" * line + text).encode(), node.path)
