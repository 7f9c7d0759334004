"""The files of a tree as discovery and merging see them: names to look through, documents each read at most once."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from functools import cached_property

from gitops_lint.model import Document, Problem
from gitops_lint.trees.protocol import Tree, UnreadableError

_KIND = re.compile(rb"^(?:- |  |)kind:[ \t]*[\"']?([A-Za-z0-9.]+)", re.MULTILINE)
YAML = (".yaml", ".yml", ".json")
_FEW = 4096  # bytes: to read so few again costs more than to keep them, and most files have fewer


class Files:
    """A tree's names, and its documents on demand. `parse` turns bytes and a path into a Document."""

    def __init__(self, tree: Tree, parse: Callable[[bytes, str], Document], *, skip: Callable[[str], bool] = lambda _path: False) -> None:
        self.tree = tree
        self.entries = {path: entry for path, entry in tree.names().items() if not skip(path)}
        self._skipped = {path: entry for path, entry in tree.names().items() if path not in self.entries}  # read if something names them
        self.names = sorted(self.entries)
        self.documents: dict[str, Document] = {}
        self._parse = parse
        self._bytes: dict[str, bytes] = {}
        self._kinds: dict[str, frozenset[str]] = {}
        self.like: Files | None = None  # another state of the same tree: what has the same content there is taken from there

    def __contains__(self, path: str) -> bool:
        return path in self.entries or path in self._skipped

    @property
    def shared(self) -> Files:
        """The files as everybody sees them."""
        return self

    def note(self, paths: Iterable[str]) -> None:
        """Somebody depends on these paths, though others may have read them; who keeps an account of that writes it down."""

    def under(self, folder: str) -> list[str]:
        """Every file below a folder, however deep, sorted; `""` is the root."""
        if not folder:
            return self.names
        prefix = folder + "/"
        return self.names[bisect_left(self.names, prefix) : bisect_left(self.names, folder + "0")]  # "0" follows "/" in ASCII

    @cached_property
    def folders(self) -> dict[str, list[str]]:
        """The files directly in each folder that has any, by folder."""
        out: dict[str, list[str]] = {}
        for path in self.names:
            out.setdefault(path.rpartition("/")[0], []).append(path)
        return out

    def data(self, path: str) -> bytes:
        """The bytes of a file, kept until its document is made, and longer if they are few. Raises UnreadableError."""
        held = self._bytes.get(path)
        if held is None:
            same = self._same(path)
            held = self.tree.read(path) if same is None else same.tree.read(path)
            if len(held) <= _FEW or path not in self.documents:
                self._bytes[path] = held
        return held

    def _same(self, path: str) -> Files | None:
        """The other state, if the file is the same there."""
        if self.like is None or path not in self.like:
            return None
        blob = self.blob(path)
        return self.like if blob and blob == self.like.blob(path) else None

    def blob(self, path: str) -> str:
        """What names a file's content: equal where it is equal, empty for a file that cannot be read."""
        try:
            return (self.entries.get(path) or self._skipped[path]).blob or self.tree.blob(path)
        except UnreadableError:
            return ""

    def parse(self, data: bytes, path: str) -> Document:
        """Bytes that are no file of the tree, a member of an archive say, parsed as its files are."""
        return self._parse(data, path)

    def document(self, path: str) -> Document:
        """The file, parsed; a file that cannot be read gives a Document with an `error`."""
        known = self.documents.get(path)
        same = self._same(path) if known is None else None
        if same is not None:
            known = self.documents[path] = same.document(path)
        if known is None:
            try:
                known = self._parse(self.data(path), path)
            except UnreadableError as error:
                known = Document(path, error=Problem(error.reason), unreadable=True)
            self.documents[path] = known
            if len(self._bytes.get(path, b"")) > _FEW:
                del self._bytes[path]
        return known

    def kinds(self, path: str) -> frozenset[str]:
        """The `kind:` words at the left edge of a file's documents, without parsing it; empty for what is no Kubernetes object."""
        known = self._kinds.get(path)
        if known is None:
            try:
                known = frozenset(word.decode() for word in _KIND.findall(self.data(path)))
            except UnreadableError:
                known = frozenset()
            self._kinds[path] = known
        return known

    @property
    def kinds_known(self) -> dict[str, frozenset[str]]:
        """The kinds of those files that somebody asked about."""
        return self._kinds

    def learn(self, kinds: Iterable[tuple[str, frozenset[str]]]) -> None:
        """Take the kinds of files as known."""
        self._kinds.update(kinds)

    def with_kind(self, kinds: Iterable[str]) -> list[str]:
        """The YAML and JSON files that hold an object of one of these kinds, sorted."""
        wanted = frozenset(kinds)
        return [path for path in self.names if path.endswith(YAML) and not wanted.isdisjoint(self.kinds(path))]
