"""What is known of a file, and what can be wrong with one; apart from the protocol so that a warm run need not import `typing`."""

from __future__ import annotations

MISSING = "is not in the git repository"  # reasons of an UnreadableError
DAMAGED = "is damaged in the git repository"


class Entry(tuple[int, str]):
    """What a tree knows of a file without reading it. `blob` is its git blob id, empty where that would need reading it."""

    __slots__ = ()

    def __new__(cls, mode: int, blob: str) -> Entry:  # noqa: D102, PYI034  as any; `Self` would need what this module avoids
        return tuple.__new__(cls, (mode, blob))

    @property
    def mode(self) -> int:
        """The file's mode as git writes it: 0o100644, 0o100755 or, for a link, 0o120000."""
        return self[0]

    @property
    def blob(self) -> str:
        """The id of the blob that reading it gives, or nothing."""
        return self[1]


class UnreadableError(Exception):
    """A file that is there and cannot be read; `reason` says why in one line, without a path outside the tree."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class TreeError(Exception):
    """A tree that cannot be had: no repository, no such commit, git missing. The message says what to do."""
