"""The tree as a kustomization sees it: paths relative to its folder, files that it may read, texts that it holds inline."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field, replace

from gitops_lint.files import Files
from gitops_lint.merge.kustomize.edit import Origin, moved, shifted
from gitops_lint.merge.kustomize.kustomization import Kustomization, load
from gitops_lint.merge.kustomize.loading import objects
from gitops_lint.merge.kustomize.patching import Patch, parse
from gitops_lint.merge.kustomize.resource import Resource
from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.model import Document, Root
from gitops_lint.node import Map, Seq, home, pack, unpack
from gitops_lint.reader import read, read_env
from gitops_lint.trees.protocol import UnreadableError

_TEXTS = 16  # files whose lines are kept: what asks for them comes in runs
REMOTE = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://|git@|git::|gh:|org-\d+@|(?:[\w.-]+@)?[\w-]+(?:\.[\w-]+)*:(?!/*$)[\w~/]|(?:www\.)?(?:github|gitlab|bitbucket)\.(?:com|org)[/:])"
)


@dataclass(slots=True)
class Site:
    """What is known of one tree. `restricted` keeps files within the folder of the kustomization that asks for them.

    The memos make a base that many overlays share cost once.
    """

    files: Files
    restricted: bool = True
    kustomizations: dict[str, Kustomization | BuildError] = field(default_factory=dict)
    resources: dict[str, tuple[Resource, ...] | BuildError] = field(default_factory=dict)
    patches: dict[str, Patch | BuildError] = field(default_factory=dict)
    envs: dict[str, Document] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)

    def kustomization(self, folder: str) -> Kustomization:
        """The kustomization of a folder. Raises BuildError."""
        known = self.kustomizations.get(folder)
        if known is None:
            try:
                known = load(self.files, folder)
            except BuildError as error:
                known = error
            self.kustomizations[folder] = known
        if isinstance(known, BuildError):
            raise known
        return known

    def objects(self, path: str) -> tuple[Resource, ...]:
        """The objects of a file. Raises BuildError."""
        known = self.resources.get(path)
        if known is None:
            try:
                known = objects(self.files.document(path), lambda: self.lines(path))
            except BuildError as error:
                known = BuildError(error.reason, error.path or path, error.line)
            self.resources[path] = known
        if isinstance(known, BuildError):
            raise known
        return known

    def patch(self, path: str) -> Patch:
        """The patches of a file. Raises BuildError."""
        known = self.patches.get(path)
        if known is None:
            try:
                known = parse(self.files.document(path), lambda: self.lines(path))
            except BuildError as error:
                known = BuildError(error.reason, error.path or path, error.line)
            self.patches[path] = known
        if isinstance(known, BuildError):
            raise known
        return known

    def inline_patch(self, text: str, origin: Origin) -> Patch:
        """The patches in a text. Raises BuildError."""
        key = f"{origin.path}\0{origin.value_at}"
        known = self.patches.get(key)
        if known is None:
            try:
                known = self._inline_patch(text, origin)
            except BuildError as error:
                known = error
            self.patches[key] = known
        if isinstance(known, BuildError):
            raise known
        return known

    def _inline_patch(self, text: str, origin: Origin) -> Patch:
        if self._is_block(origin):
            return parse(self.inline(text, origin), lambda: self.lines(origin.path))
        try:
            patch = parse(read(text.encode(), origin.path), lambda: text.split("\n"))  # the text itself tells nulls apart
        except BuildError as error:
            raise BuildError(error.reason, origin.path, unpack(origin.value_at)[0] + 1) from None
        operations = moved(patch.operations, origin)
        strategic = tuple(one._replace(node=node) for one in patch.strategic if isinstance(node := moved(one.node, origin), Map))
        return Patch(strategic, operations if isinstance(operations, Seq) else None)

    def _is_block(self, origin: Origin) -> bool:
        """Whether a text is written as it is, line by line."""
        line, _ = unpack(origin.value_at)
        source = self.lines(origin.path)
        return re.search(r"[|]\d?[-+]?\d?\s*(?:#.*)?\r?$", source[line] if line < len(source) else "") is not None

    def env(self, path: str) -> Document:
        """A `.env` file. Raises BuildError if it cannot be read."""
        known = self.envs.get(path)
        if known is None:
            known = self.envs[path] = read_env(self.data(path), path)
        return known

    def data(self, path: str) -> bytes:
        """The bytes of a file. Raises BuildError."""
        try:
            return self.files.data(path)
        except UnreadableError as error:
            raise BuildError(error.reason, path, 1) from None

    def lines(self, path: str) -> list[str]:
        """The lines of a file, to look at what the tree does not say."""
        known = self.texts.get(path)
        if known is None:
            if len(self.texts) >= _TEXTS:
                self.texts.clear()
            known = self.texts[path] = self.data(path).removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").split("\n")
        return known

    def quoted(self, node: Map, key: str) -> bool:
        """The text at a key is written in quotes or as a block."""
        source = home(node, key)
        line, column = unpack(source.value_at.get(key, source.at))
        if source.path not in self.files:
            return False
        lines = self.lines(source.path)
        return line < len(lines) and lines[line][column : column + 1] in ("'", '"', "|", ">")

    def inline(self, text: str, origin: Origin) -> Document:
        """A text that stands in a file, read so that every position is one of that file."""
        line, _ = unpack(origin.value_at)
        if self._is_block(origin):
            below = self.lines(origin.path)[line + 1 :]
            first = next((row for row in below if row.strip()), "")
            indent = len(first) - len(first.lstrip(" "))
            padded = [" " * indent + row if row and not row.startswith(("---", "...")) else row for row in text.split("\n")]
            document = read("\n".join(padded).encode(), origin.path)
            roots = tuple(Root(shifted(root.value, line + 1), root.at + pack(line + 1, 0)) for root in document.roots)
            error = document.error and document.error._replace(line=document.error.line + line + 1)
        else:
            document = read(text.encode(), origin.path)
            roots = tuple(Root(moved(root.value, origin), origin.value_at) for root in document.roots)
            error = document.error and document.error._replace(line=line + 1, column=1)
        return replace(document, roots=roots, error=error)


def joined(folder: str, path: str) -> str:
    """A path relative to a folder, as a path in the tree. Raises BuildError for one that leads out of it."""
    if path.startswith("/"):
        raise BuildError(f"`{path}` is absolute")
    out = posixpath.normpath(posixpath.join(folder, path))
    if out == ".." or out.startswith("../"):
        raise BuildError(f"`{path}` leads out of the repository")
    return "" if out == "." else out


def within(path: str, folder: str) -> bool:
    """A file or folder is in another folder, or is it."""
    return not folder or path == folder or path.startswith(folder + "/")


def is_remote(text: str) -> bool:
    """The path is one that kustomize would fetch: api/internal/git/repospec.go."""
    return REMOTE.match(text) is not None
