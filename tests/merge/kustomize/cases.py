"""Cases written in Markdown: a heading is a case, a named block is a file, and what kustomize makes of them stands at the end.

`Builds:` with a block holds what kustomize 5.8.1 prints for the folder `overlay`, or for the root if there is none; `Refused.` means that
it stops with an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from gitops_lint.files import Files
from gitops_lint.merge.kustomize.building import build
from gitops_lint.merge.kustomize.site import Site
from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.model import Document
from gitops_lint.node import Map
from gitops_lint.reader import read
from gitops_lint.trees.memory import MemoryTree

_FILE = re.compile(r"^`([^`\n]+)`:\n\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_RESULT = re.compile(r"^Builds:\n\n```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)

Key = tuple[str, str, str, str]


class Case(NamedTuple):
    title: str
    files: dict[str, str]
    expected: str | None  # None: it is refused

    @property
    def root(self) -> str:
        return "overlay" if any(path.startswith("overlay/") for path in self.files) else ""


def cases() -> list[Case]:
    out = []
    for page in sorted(Path(__file__).parent.glob("*.md")):
        for part in re.split(r"^## ", page.read_text(), flags=re.MULTILINE)[1:]:
            result = _RESULT.search(part)
            assert result or part.rstrip().endswith("Refused."), part
            title = f"{page.stem}: {part.partition(chr(10))[0]}"
            out.append(Case(title, dict(_FILE.findall(part)), result[1] if result else None))
    return out


def objects(text: str | bytes, parse: Callable[[bytes, str], Document] = read) -> dict[Key, Map]:
    """The objects that kustomize has printed, by what tells them apart."""
    document = parse(text.encode() if isinstance(text, str) else text, "kustomize")
    assert document.error is None
    return {key(root.value): root.value for root in document.roots if isinstance(root.value, Map)}


def key(node: Map) -> Key:
    meta: dict[str, Any] = node.get("metadata") or {}
    return str(node["apiVersion"]), str(node["kind"]), str(meta.get("namespace")), str(meta["name"])


def built(site: Site, folder: str) -> tuple[dict[Key, Map], list[str]]:
    """What we make of a folder, with hashes, and what we cannot tell."""
    try:
        made = build(site, folder, {}, hashes=True)
    except BuildError as error:
        return {}, [error.reason]
    return {key(resource.node): resource.node for resource in made.resources}, [f"{f.path}:{f.line}: {f.reason}" for f in made.faults]


def site(files: dict[str, str]) -> Site:
    return Site(Files(MemoryTree(files), read))
