"""A tree with one file's content from elsewhere: what an editor holds and has not saved."""

from __future__ import annotations

from collections.abc import Mapping

from gitops_lint.trees.blob import blob_id
from gitops_lint.trees.entry import Entry
from gitops_lint.trees.protocol import Tree

_FILE = 0o100644


class OverlayTree:
    """The tree `below`, but for one path, which need not be in it: its bytes are `data`."""

    def __init__(self, below: Tree, path: str, data: bytes) -> None:
        self.label = below.label
        self.root = below.root
        self.prefix = below.prefix
        self._below = below
        self._path = path
        self._data = data
        self._blob = blob_id(data)

    def names(self) -> Mapping[str, Entry]:
        """Every file, sorted."""
        return dict(sorted({**self._below.names(), self._path: Entry(_FILE, self._blob)}.items()))

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises UnreadableError."""
        return self._data if path == self._path else self._below.read(path)

    def blob(self, path: str) -> str:
        """The git blob id of what `read` gives. Raises UnreadableError."""
        return self._blob if path == self._path else self._below.blob(path)
