"""What a tree is: a set of files with a label. Everything that is linted is read through one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from gitops_lint.trees.entry import Entry, TreeError, UnreadableError

__all__ = ["Entry", "Tree", "TreeError", "UnreadableError"]


class Tree(Protocol):
    """A set of files. `root` is the folder on disk it belongs to; `prefix` the part of it that the user asked for, `""` for all of it."""

    label: str
    root: str
    prefix: str

    def names(self) -> Mapping[str, Entry]:
        """Every file of the tree by its path, `/`-separated and sorted; directories and submodules are not files."""

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises UnreadableError: gone, too large, not a regular file, leads out of the tree."""

    def blob(self, path: str) -> str:
        """The git blob id of what `read` gives, read only if it is not known. Raises UnreadableError."""
