"""Artifacts that Flux assembles out of a repository, and the way back from a path in one to the path it was copied from.

Source: source-watcher api/v1beta1/artifactgenerator_types.go: `from` is `@alias/glob`, `to` is `@artifact/path`.
"""

from __future__ import annotations

import posixpath
import re
from typing import NamedTuple

from gitops_lint.discovery.flux_objects import Objects, inner, word
from gitops_lint.files import Files
from gitops_lint.node import Map, Seq, Value

_GLOB = re.compile(r"[*?\[{]")


class Copy(NamedTuple):
    """One rule of an artifact: what lies below `source` in the repository comes to lie below `target`."""

    source: str
    target: str


class Artifacts:
    """The artifacts that the ArtifactGenerators of a tree declare."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._copies: dict[str, list[Copy]] | None = None

    def folder(self, name: str, path: str) -> str | None:
        """The folder of the repository that a path in an artifact was copied from; None if no rule says so."""
        if self._copies is None:
            self._copies = self._read()
        wanted = posixpath.normpath(path.lstrip("/") or ".")
        for copy in self._copies.get(name, ()):
            if copy.target in (".", wanted) or wanted.startswith(copy.target + "/"):
                found = posixpath.normpath(posixpath.join(copy.source, posixpath.relpath(wanted, copy.target)))
                if self._files.under("" if found == "." else found):
                    return "" if found == "." else found
        return None

    def _read(self) -> dict[str, list[Copy]]:
        out: dict[str, list[Copy]] = {}
        for declaration in Objects(self._files).of("ArtifactGenerator", "source.extensions.fluxcd.io/"):
            for artifact in _maps(inner(declaration.node, "spec").get("artifacts")):
                copies = [_copy(word(rule, "from"), word(rule, "to")) for rule in _maps(artifact.get("copy"))]
                out.setdefault(word(artifact, "name"), []).extend(copies)
        return out


def _copy(source: str, target: str) -> Copy:
    """A rule without its aliases; of a glob, the folder that all of its matches are below."""
    parts = source.split("/")[1:]
    fixed = next((number for number, part in enumerate(parts) if _GLOB.search(part)), None)
    below = "/".join(target.split("/")[1:])
    if fixed is None:  # a folder is copied by its name, a file as it is, unless the target names a folder
        base = posixpath.normpath("/".join(parts) or ".")
        return Copy(base, posixpath.normpath(posixpath.join(below, posixpath.basename(base)) if target.endswith("/") else below or "."))
    return Copy(posixpath.normpath("/".join(parts[:fixed]) or "."), posixpath.normpath(below or "."))


def _maps(value: Value) -> list[Map]:
    return [item for item in value if isinstance(item, Map)] if isinstance(value, Seq) else []
