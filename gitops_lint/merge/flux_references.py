"""What a HelmRelease's `valuesFrom` leads to: the ConfigMaps and Secrets that are built along with it, or why that is not known.

Source: fluxcd/pkg chartutil/values.go, v1.30.0: the key is `values.yaml` if none is named; an optional reference may lead nowhere. Of a
Secret the names are taken, and no value.
"""

from __future__ import annotations

import base64
import binascii
from typing import NamedTuple

from gitops_lint.files import Files
from gitops_lint.keypath import KeyPath
from gitops_lint.merge.chart import document_values
from gitops_lint.merge.flux import Reference
from gitops_lint.merge.kustomize.edit import copied, moved, origin_of, with_items
from gitops_lint.merge.sources import embedded
from gitops_lint.model import Document
from gitops_lint.node import Map, Opaque, Seq, Value, home

UNKNOWN = "\ue000"  # stands at a `targetPath` whose value is not to be seen, until everything is merged
_SECRET = Opaque("${secret}")  # reads as what is filled in later


class Found(NamedTuple):
    """An entry of `valuesFrom` as far as it is known: what it gives, the key of an object that it used up, and why no more is known."""

    reference: Reference | None = None
    used: KeyPath = ()
    why: str = ""
    document: Document | None = None  # the file of values, where a whole one was taken


class _Held(NamedTuple):
    """The map that holds a key of an object, where in the object it is, and whether its texts are base64."""

    node: Map
    path: KeyPath
    coded: bool = False


def found(entry: Map, objects: Map, namespace: str, files: Files) -> Found:
    """One entry; `objects` are those that are built along with the release, by subject, and `namespace` is the release's."""
    kind, name, key = word(entry, "kind"), word(entry, "name"), word(entry, "valuesKey") or "values.yaml"
    target = word(entry, "targetPath")
    what = f"the {kind or 'object'} `{name}` with values for the release"
    subject = next((s for s in (f"{kind}/{name}:", f"{kind}/{namespace}/{name}:") if s in objects), "")
    held = _held(objects[subject], key) if subject and kind in ("ConfigMap", "Secret") else None
    if held is None:
        reason = f"{what} has no key `{key}`" if subject else f"{what} is not built along with it"
        absent = Found(_set(target, entry, UNKNOWN, entry, "targetPath") if target else None, why=reason)
        return Found() if subject and entry.get("optional") is True else absent
    used = (subject, *held.path, key)
    text, why = _text(held, key)
    if target:
        return Found(_set(target, entry, UNKNOWN if why or kind == "Secret" else text, held.node, key), used)
    document = None if why else _document(held, key, text, files)
    values, wrong = (Map(), why) if document is None else document_values(document)
    if wrong:
        return Found(why=f"{what} cannot be read: {wrong}")
    if held.coded:
        lying = moved(values, origin_of(held.node, key))
        values = lying if isinstance(lying, Map) else values
    plain = kind == "ConfigMap" and document is not None and _is_file(held, key, files)
    return Found(Reference(veiled(values) if kind == "Secret" else values), used, document=document if plain else None)


def _set(target: str, entry: Map, text: str, node: Map, key: str) -> Reference:
    at = origin_of(node, key)
    return Reference(target=target, text=text, literal=entry.get("literal") is True, origin=Map(at.path, at.key_at), position=at.value_at)


def _held(node: Value, key: str) -> _Held | None:
    if not isinstance(node, Map):
        return None
    if "apiVersion" not in node:  # of a generated object there are but its keys, with what they stand for
        return _Held(node, ()) if key in node else None
    for field in ("stringData", "data"):
        data = node.get(field)
        if isinstance(data, Map) and data.get(key) is not None:
            return _Held(data, (field,), coded=field == "data" and node.get("kind") == "Secret")
    return None


def _text(held: _Held, key: str) -> tuple[str, str]:
    """The text at a key, and why it is not known."""
    value: Value = held.node[key]
    if isinstance(value, Opaque):
        return "", "it has variables that only the cluster knows"
    if not isinstance(value, str) or value.startswith("ENC["):
        return "", "it is encrypted" if isinstance(value, str) else "it is no text"
    if not held.coded:
        return value, ""
    try:
        return base64.b64decode("".join(value.split()), validate=True).decode(), ""
    except (binascii.Error, UnicodeDecodeError):
        return "", "it is no base64 of a text"


def _document(held: _Held, key: str, text: str, files: Files) -> Document:
    """A text as values, at their places in the file that it was read from, unless it is coded."""
    source = home(held.node, key)
    if held.coded or _is_file(held, key, files):
        return files.parse(text.encode(), source.path)
    standing = Map(source.path, source.at)
    standing[key], standing.value_at[key] = text, source.value_at.get(key, source.at)
    return embedded(files, standing, key)


def _is_file(held: _Held, key: str, files: Files) -> bool:
    """Whether the text is a file that a generator takes whole."""
    source = home(held.node, key)
    return not held.coded and source.value_at.get(key) == 0 and source.path in files


def veiled(node: Map) -> Map:
    """Values with their names alone: every scalar is what nobody sees."""
    out = copied(node)
    out.written = None
    for key, value in out.items():
        out[key] = _veiled(value)
    return out


def _veiled(value: Value) -> Value:
    if isinstance(value, Map):
        return veiled(value)
    if isinstance(value, Seq):
        return with_items(value, [_veiled(item) for item in value])
    return value if value is None else _SECRET


def unveiled(value: Value) -> Value:
    """Values in which what stands for the unknown has become what nobody knows."""
    if isinstance(value, Map):
        out = value
        for key, inner in value.items():
            new = unveiled(inner)
            if new is not inner:
                out = copied(value) if out is value else out
                out[key] = new
        return out
    if isinstance(value, Seq):
        items = [unveiled(item) for item in value]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else with_items(value, items)
    return _SECRET if value == UNKNOWN else value


def word(node: Value, key: str) -> str:
    """The text at a key; empty for anything else."""
    value = node.get(key) if isinstance(node, Map) else None
    return value if isinstance(value, str) else ""
