"""What a tree is: a set of files with a label. Everything that is linted is read through one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol


class Entry(NamedTuple):
    """What a tree knows of a file without reading it. `blob` is its git blob id, empty where that would need reading it."""

    mode: int
    blob: str


class UnreadableError(Exception):
    """A file that is there and cannot be read; `reason` says why in one line, without a path outside the tree."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class TreeError(Exception):
    """A tree that cannot be had: no repository, no such commit, git missing. The message says what to do."""


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
