"""Kubernetes objects as they stand in an environment's files, each under its subject: nothing is merged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gitops_lint.blueprint import Blueprint, Source
from gitops_lint.files import Files
from gitops_lint.merge.evaluated import Evaluated
from gitops_lint.merge.kustomization_keys import keyed
from gitops_lint.model import Document, Layer, Unverified
from gitops_lint.node import Map, Seq, Value
from gitops_lint.reader import read_env

_SUFFIX = re.compile(r"(?<=.)\.(?:ya?ml|json|env)$")
_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")


class _Entry(NamedTuple):
    """Something that an environment holds, the name that it goes by, and a longer one if that is taken."""

    subject: str
    longer: str
    value: Map | Seq
    path: str


def evaluate(blueprint: Blueprint, files: Files) -> Evaluated:
    """Every object of a blueprint's files by its subject, `Kind/name:`, lists of objects unfolded.

    A kustomization is `kustomization:`, with its lists keyed by what they name; a mapping or list that is no object goes by its file's
    name, `patch:`. `hazy` says which files could not be read.
    """
    words = words_of(blueprint)
    values = Map(blueprint.sources[0].path if blueprint.sources else "")
    values.of = {}
    layers: list[Layer] = []
    hazy: list[Unverified] = []
    for source in blueprint.sources:
        if source.path not in files:
            if not source.optional:
                hazy.append(Unverified(source.path, 1, "the file is not in the tree", "error"))
            continue
        document = _document(source.path, files)
        layers.append(_layer(source, document))
        hazy += _trouble(document)
        for root in document.roots:
            for entry in _entries(root.value, source.path, words):
                _put(values, entry)
    return Evaluated(values, tuple(layers), hazy=tuple(hazy))


def _document(path: str, files: Files) -> Document:
    """A file as YAML, or as `KEY=value` lines if that is what an `.env` file holds."""
    document = files.document(path)
    if path.endswith(".env") and not document.unreadable and not any(isinstance(root.value, Map) for root in document.roots):
        document = files.documents[path] = read_env(files.tree.read(path), path)  # for everyone who asks from now on
    return document


def _layer(source: Source, document: Document) -> Layer:
    first = document.roots[0] if document.roots else None
    return Layer(source.path, source.role, document, first.value if first else None, first.at if first else 0, document.templated)


def _trouble(document: Document) -> Iterator[Unverified]:
    if document.error is not None:
        yield Unverified(document.path, document.error.line, document.error.message, "error")
    elif document.encrypted and not document.roots:
        yield Unverified(document.path, 1, f"encrypted with {document.encrypted}")


def _entries(value: Value, path: str, words: re.Pattern[str]) -> Iterator[_Entry]:
    """What one document of a file gives; nothing for an empty one or a lone scalar."""
    name = path.rpartition("/")[2]
    stem = _SUFFIX.sub("", name)
    if isinstance(value, Map) and _is_kustomization(value, name):
        yield _Entry("kustomization:", f"kustomization/{path}:", keyed(value, words), path)
    elif isinstance(value, Map) and isinstance(value.get("kind"), str) and "apiVersion" in value and not _encrypted(value):
        for item in _unfolded(value):
            yield _object(item, path)
    elif isinstance(value, Map | Seq):
        yield _Entry(f"{words.sub('{env}', stem)}:", f"{path}:", value, path)


def _encrypted(value: Map) -> bool:
    """Whether SOPS has encrypted what an object is, and not just what it holds: two of one kind are not spelled alike then."""
    metadata = value.get("metadata")
    name = metadata.get("name") if isinstance(metadata, Map) else None
    return any(isinstance(text, str) and text.startswith("ENC[") for text in (value["kind"], name))


def _is_kustomization(value: Map, name: str) -> bool:
    """Whether a mapping is one by its file's name, and not another kind of the same name: Flux has its own."""
    group = str(value.get("apiVersion", "")).partition("/")[0]
    return name in _KUSTOMIZATIONS and ("kind" not in value or group == "kustomize.config.k8s.io")


def _unfolded(value: Map) -> Iterator[Map]:
    """The objects of a list of objects, or the object itself."""
    items = value.get("items")
    if not (
        str(value["kind"]).endswith("List") and isinstance(items, Seq) and all(isinstance(item, Map) and "kind" in item for item in items)
    ):
        yield value
        return
    yield from items


def _object(value: Map, path: str) -> _Entry:
    metadata = value.get("metadata")
    about = metadata if isinstance(metadata, Map) else {}
    name = about.get("name", about.get("generateName", ""))
    subject = f"{value['kind']}/{name}" if name != "" else str(value["kind"])
    return _Entry(f"{subject}:", f"{subject}.{about.get('namespace', '')}:", value, path)


def _put(values: Map, entry: _Entry) -> None:
    """Add an entry under a name that is free."""
    subject = entry.subject if entry.subject not in values else entry.longer
    number = 2
    while subject in values:
        subject = f"{entry.longer[:-1]}#{number}:"
        number += 1
    values[subject] = entry.value
    assert values.of is not None  # noqa: S101  set when it was made
    holder = Map(entry.path, entry.value.at)
    holder.key_at[subject] = holder.value_at[subject] = entry.value.at
    values.of[subject] = holder


def words_of(blueprint: Blueprint) -> re.Pattern[str]:
    """What names the environment inside a path, each word as a token of its own."""
    words = {blueprint.stage, blueprint.name, *blueprint.name.split("/"), *(value for _, value in blueprint.axes)} - {""}
    return re.compile(
        r"(?<![A-Za-z0-9])(?:" + "|".join(map(re.escape, sorted(words, key=lambda w: (-len(w), w)))) + r")(?![A-Za-z0-9])"
        if words
        else r"(?!)"
    )
