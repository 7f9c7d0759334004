"""Artifacts that Flux assembles out of a repository, and the way back from a path in one to the path it was copied from.

Source: source-watcher api/v1beta1/artifactgenerator_types.go and internal/builder/builder.go, 825fa15: `from` is `@alias/glob`, `to` is
`@artifact/path`.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from gitops_lint.discovery.flux_objects import Objects, inner, word
from gitops_lint.files import Files
from gitops_lint.node import Map, Seq, Value

_GLOB = re.compile(r"[*?\[{]")


class Copy(NamedTuple):
    """One rule of an artifact: what lies below `source` in the repository comes to lie below `target`."""

    source: str
    target: str


PACKED = frozenset(("OCIRepository", "Bucket", "ExternalArtifact"))  # sources whose root need not be the repository's


def root(paths: Iterable[str], files: Files) -> str:
    """The folder that artifacts are made of, as by a pipeline that pushes one: most of the paths in them that are nowhere are below it."""
    lost = [path for path in dict.fromkeys(posixpath.normpath(path.lstrip("/")) for path in paths) if path != "." and not files.under(path)]
    votes: Counter[str] = Counter()
    for path in lost:
        votes.update({folder.removesuffix("/" + path) for folder in _folders(files) if folder.endswith("/" + path)})
    best = max(sorted(votes), key=lambda folder: votes[folder], default="")
    return best if votes[best] * 2 > len(lost) else ""


def _folders(files: Files) -> set[str]:
    out: set[str] = set()
    for deepest in files.folders:
        folder = deepest
        while folder and folder not in out:
            out.add(folder)
            folder = folder.rpartition("/")[0]
    return out


class Artifacts:
    """The artifacts that the ArtifactGenerators of a tree declare; `below` is the folder that their sources are made of."""

    def __init__(self, files: Files, below: str = "") -> None:
        self._files = files
        self._below = below
        self._copies: dict[str, list[Copy]] | None = None

    def folder(self, name: str, path: str) -> str | None:
        """The folder of the repository that a path in an artifact was copied from; None if no rule says so.

        For a path above the only thing that was copied it is that.
        """
        if self._copies is None:
            self._copies = self._read()
        wanted = posixpath.normpath(path.lstrip("/") or ".")
        for copy in self._copies.get(name, ()):
            if copy.target in (".", wanted) or wanted.startswith(copy.target + "/"):
                found = self._found(posixpath.join(copy.source, posixpath.relpath(wanted, copy.target)))
            elif copy.target.startswith(wanted + "/") and len(self._copies[name]) == 1:
                found = self._found(copy.source)
            else:
                continue
            if found is not None:
                return found
        return None

    def _found(self, source: str) -> str | None:
        """A path of a source in the repository, if it is a folder there."""
        for path in map(posixpath.normpath, (source, posixpath.join(self._below, source))):
            if self._files.under("" if path == "." else path):
                return "" if path == "." else path
        return None

    def _read(self) -> dict[str, list[Copy]]:
        out: dict[str, list[Copy]] = {}
        for declaration in Objects(self._files).of("ArtifactGenerator", "source.extensions.fluxcd.io/"):
            for artifact in _maps(inner(declaration.node, "spec").get("artifacts")):
                copies = [self._copy(word(rule, "from"), word(rule, "to")) for rule in _maps(artifact.get("copy"))]
                out.setdefault(word(artifact, "name"), []).extend(copies)
        return out

    def _copy(self, source: str, target: str) -> Copy:
        """A rule without its aliases; of a glob, the folder that all of its matches are below."""
        parts = source.split("/")[1:]
        fixed = next((number for number, part in enumerate(parts) if _GLOB.search(part)), None)
        below = "/".join(target.split("/")[1:])
        if fixed is not None:
            return Copy(posixpath.normpath("/".join(parts[:fixed]) or "."), posixpath.normpath(below or "."))
        base = posixpath.normpath("/".join(parts) or ".")
        inside = target.endswith("/") or self._found(base) is not None  # a folder is copied by its name, whatever the target looks like
        return Copy(base, posixpath.normpath(posixpath.join(below, posixpath.basename(base)) if inside else below or "."))


def _maps(value: Value) -> list[Map]:
    return [item for item in value if isinstance(item, Map)] if isinstance(value, Seq) else []
