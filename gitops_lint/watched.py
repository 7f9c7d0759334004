"""The files of a tree as one application sees them, and the account of what it looked at: everything that its evaluation depends on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from gitops_lint.files import Files
from gitops_lint.model import Document
from gitops_lint.trees.protocol import Entry


class Account(NamedTuple):
    """What was looked at: paths, whether there is a file or not, and the names below folders, and directly in folders.

    `names` says that every name was looked at, and `kinds` that the kinds of every file were.
    """

    paths: frozenset[str] = frozenset()
    below: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()
    names: bool = False
    kinds: bool = False


class Between(NamedTuple):
    """What lies between two states of a tree: the paths whose content is not the same, and the folders whose names are not.

    `below` are all folders that a file came to or went from, however deep, and `within` those that it stands in. `kinds` says that some
    file holds objects of other kinds.
    """

    paths: frozenset[str]
    below: frozenset[str]
    within: frozenset[str]
    kinds: bool


class _Tree:
    """A tree whose reads are accounted for."""

    def __init__(self, view: Watched) -> None:
        self._view = view
        self._tree = view.below.tree
        self.label, self.root, self.prefix = self._tree.label, self._tree.root, self._tree.prefix

    def names(self) -> Mapping[str, Entry]:
        self._view.every_name = True
        return self._tree.names()

    def read(self, path: str) -> bytes:
        self._view.note((path,))
        return self._tree.read(path)

    def blob(self, path: str) -> str:
        self._view.note((path,))
        return self._tree.blob(path)


class _Folders(Mapping[str, list[str]]):
    """The files directly in each folder; who goes through all folders depends on all."""

    def __init__(self, view: Watched) -> None:
        self._view = view
        self._folders = view.below.folders

    def __getitem__(self, folder: str) -> list[str]:
        self._view.within.add(folder)
        return self._folders[folder]

    def __iter__(self) -> Iterator[str]:
        self._view.every_name = True
        return iter(self._folders)

    def __len__(self) -> int:
        self._view.every_name = True
        return len(self._folders)


class Watched(Files):
    """The same files. A document is still parsed once for everyone, but what a file is taken for (data, `.env`) is known here alone."""

    def __init__(self, files: Files) -> None:
        self.below = files
        self.every_name = False
        self.every_kind = False
        self._paths: set[str] = set()
        self._below: set[str] = set()
        self.within: set[str] = set()
        self.documents: dict[str, Document] = {}
        self.tree = _Tree(self)

    def account(self) -> Account:
        """What was looked at until now."""
        return Account(frozenset(self._paths), frozenset(self._below), frozenset(self.within), self.every_name, self.every_kind)

    @property
    def shared(self) -> Files:
        """As Files has it."""
        return self.below

    def note(self, paths: Iterable[str]) -> None:
        """As Files has it."""
        self._paths.update(paths)

    @property
    def entries(self) -> dict[str, Entry]:  # type: ignore[override]  # a plain attribute of Files
        """Every file: who asks for them all depends on all."""
        self.every_name = True
        return self.below.entries

    @property
    def names(self) -> list[str]:  # type: ignore[override]  # as above
        """Every path, sorted."""
        self.every_name = True
        return self.below.names

    @property
    def folders(self) -> Mapping[str, list[str]]:  # type: ignore[override]  # as above
        """As Files has it."""
        return _Folders(self)

    def __contains__(self, path: str) -> bool:
        self._paths.add(path)
        return path in self.below

    def under(self, folder: str) -> list[str]:
        """Every file below a folder; its names are what is depended on, not the files' content."""
        self._below.add(folder)
        return self.below.under(folder)

    def data(self, path: str) -> bytes:
        """As Files has it. Raises UnreadableError."""
        self._paths.add(path)
        return self.below.data(path)

    def blob(self, path: str) -> str:
        """As Files has it."""
        self._paths.add(path)
        return self.below.blob(path)

    def parse(self, data: bytes, path: str) -> Document:
        """As Files has it."""
        return self.below.parse(data, path)

    def document(self, path: str) -> Document:
        """The file as it was taken for here, else parsed."""
        self._paths.add(path)
        return self.documents.get(path) or self.below.document(path)

    def kinds(self, path: str) -> frozenset[str]:
        """As Files has it."""
        self.every_kind = True
        return self.below.kinds(path)

    def with_kind(self, kinds: Iterable[str]) -> list[str]:
        """As Files has it."""
        self.every_name = self.every_kind = True
        return self.below.with_kind(kinds)


def differing(modified: Iterable[str], came_or_went: Collection[str], *, kinds: bool) -> Between:
    """What lies between two states of which one has files that the other has not, and some with another content."""
    within = {path.rpartition("/")[0] for path in came_or_went}
    below = {""} if within else set[str]()
    for folder in within:
        while folder and folder not in below:
            below.add(folder)
            folder = folder.rpartition("/")[0]  # noqa: PLW2901  upwards
    return Between(frozenset((*modified, *came_or_went)), frozenset(below), frozenset(within), kinds)


def unchanged(account: Account, between: Between) -> bool:
    """Whether everything that was looked at is the same in another state of the tree."""
    return (
        not (account.names and between.within)
        and not (account.kinds and between.kinds)
        and account.paths.isdisjoint(between.paths)
        and account.below.isdisjoint(between.below)
        and account.within.isdisjoint(between.within)
    )
