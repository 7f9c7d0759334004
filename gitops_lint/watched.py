"""The files of a tree as one application sees them, and the account of what it looked at: everything that its evaluation depends on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from gitops_lint.files import Files
from gitops_lint.model import Document
from gitops_lint.trees.protocol import Entry


class Account(NamedTuple):
    """What was looked at: blobs by path (empty where there is no file), and digests of the names below folders, and directly in folders.

    `unbounded` says that more was looked at than an account can hold.
    """

    blobs: dict[str, str]
    below: dict[str, str]
    within: dict[str, str]
    unbounded: bool


class _Tree:
    """A tree whose reads are accounted for."""

    def __init__(self, view: Watched) -> None:
        self._view = view
        self._tree = view.below.tree
        self.label, self.root, self.prefix = self._tree.label, self._tree.root, self._tree.prefix

    def names(self) -> Mapping[str, Entry]:
        self._view.unbounded = True
        return self._tree.names()

    def read(self, path: str) -> bytes:
        self._view.note(path)
        return self._tree.read(path)

    def blob(self, path: str) -> str:
        self._view.note(path)
        return self._tree.blob(path)


class _Folders(Mapping[str, list[str]]):
    """The files directly in each folder; who goes through all folders depends on all."""

    def __init__(self, view: Watched) -> None:
        self._view = view
        self._folders = view.below.folders

    def __getitem__(self, folder: str) -> list[str]:
        found = self._folders.get(folder, [])
        self._view.within.setdefault(folder, digest(found))
        return self._folders[folder]

    def __iter__(self) -> Iterator[str]:
        self._view.unbounded = True
        return iter(self._folders)

    def __len__(self) -> int:
        self._view.unbounded = True
        return len(self._folders)


class Watched(Files):
    """The same files. A document is still parsed once for everyone, but what a file is taken for (data, `.env`) is known here alone."""

    def __init__(self, files: Files) -> None:
        self.below = files
        self.unbounded = False
        self._blobs: dict[str, str] = {}
        self._below: dict[str, str] = {}
        self.within: dict[str, str] = {}
        self.documents: dict[str, Document] = {}
        self.tree = _Tree(self)

    def account(self) -> Account:
        """What was looked at until now."""
        return Account(self._blobs, self._below, self.within, self.unbounded)

    def note(self, path: str) -> None:
        """Somebody looks at a path."""
        if path not in self._blobs:
            self._blobs[path] = self.below.blob(path) if path in self.below else ""

    @property
    def entries(self) -> dict[str, Entry]:  # type: ignore[override]  # a plain attribute of Files
        """Every file: who asks for them all depends on all."""
        self.unbounded = True
        return self.below.entries

    @property
    def names(self) -> list[str]:  # type: ignore[override]  # as above
        """Every path, sorted."""
        self.unbounded = True
        return self.below.names

    @property
    def folders(self) -> Mapping[str, list[str]]:  # type: ignore[override]  # as above
        """As Files has it."""
        return _Folders(self)

    def __contains__(self, path: str) -> bool:
        self.note(path)
        return path in self.below

    def under(self, folder: str) -> list[str]:
        """Every file below a folder; its names are what is depended on, not the files' content."""
        found = self.below.under(folder)
        if folder not in self._below:
            self._below[folder] = digest(found)
        return found

    def data(self, path: str) -> bytes:
        """As Files has it. Raises UnreadableError."""
        self.note(path)
        return self.below.data(path)

    def blob(self, path: str) -> str:
        """As Files has it."""
        self.note(path)
        return self.below.blob(path)

    def parse(self, data: bytes, path: str) -> Document:
        """As Files has it."""
        return self.below.parse(data, path)

    def document(self, path: str) -> Document:
        """The file as it was taken for here, else parsed."""
        self.note(path)
        return self.documents.get(path) or self.below.document(path)

    def kinds(self, path: str) -> frozenset[str]:
        """As Files has it."""
        self.note(path)
        return self.below.kinds(path)

    def with_kind(self, kinds: Iterable[str]) -> list[str]:
        """As Files has it."""
        self.unbounded = True
        return self.below.with_kind(kinds)


def digest(names: Iterable[str]) -> str:
    """A list of names in a few bytes."""
    return hashlib.blake2b("\0".join(names).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def unchanged(account: Account, files: Files) -> bool:
    """Whether everything that was looked at is the same in these files."""
    return (
        not account.unbounded
        and all((files.blob(path) if path in files else "") == blob for path, blob in account.blobs.items())
        and all(digest(files.under(folder)) == held for folder, held in account.below.items())
        and all(digest(files.folders.get(folder, [])) == held for folder, held in account.within.items())
    )
