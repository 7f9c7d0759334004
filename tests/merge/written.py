"""Short ways to write what merging works on."""

from __future__ import annotations

from collections.abc import Mapping

from gitops_lint.blueprint import Blueprint, Source
from gitops_lint.files import Files
from gitops_lint.model import Evidence, Role
from gitops_lint.node import Map
from gitops_lint.reader import read
from gitops_lint.trees.memory import MemoryTree


def values(text: str, path: str = "values.yaml") -> Map:
    document = read(text.encode(), path)
    assert document.error is None, document.error
    value = document.roots[0].value if document.roots else Map(path)
    assert isinstance(value, Map)
    return value


def tree(files: Mapping[str, bytes | str]) -> Files:
    return Files(MemoryTree(files), read)


def blueprint(*sources: Source | str, root: str = "") -> Blueprint:
    given = tuple(source if isinstance(source, Source) else Source(source, Role.OWN) for source in sources)
    return Blueprint("shop", "dev", "dev", "helm", Evidence("a test"), given, root=root)
