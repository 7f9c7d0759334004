"""What was found out about a state of a tree, piece by piece, each with the account of what it depends on.

Nothing is looked at again unless something that it depends on is not the same. What discovery makes of a file does not depend on its
comments, nor on the tags that a kustomization sets: those change every day, and the environments do not.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from sys import intern
from typing import Any, NamedTuple, TypeVar

from gitops_lint.blueprint import Blueprint
from gitops_lint.files import YAML, Files
from gitops_lint.model import Application
from gitops_lint.trees.protocol import UnreadableError
from gitops_lint.watched import Account, Between, Watched, differing, unchanged

Value = TypeVar("Value")

_COMMENT = re.compile(rb"^[ \t]*#[^\n]*$", re.MULTILINE)
_TAG = re.compile(rb"^([ \t]*(?:- )?(?:newTag|digest):)[^\n]*$", re.MULTILINE)
_TELLING = re.compile(rb"[|>]|gitops-lint|imagepolicy")  # a text of several lines, in which `#` begins no comment, or comments that count
_FLUX = b"toolkit.fluxcd.io"  # its Kustomizations are no kustomizations, whatever their file is called


class Piece(NamedTuple):
    """Something that was found out, and what it depends on."""

    account: Account
    value: Any
    private: bool = False  # it holds what must not be written down


class Remembered:
    """A state of a tree: what names each file's content, and the pieces that were found out about it, plain data by name.

    `own` and `loose` are what single files give, by path, and hold as long as the file does; the last word of each says that it is private.
    """

    def __init__(self, blobs: Mapping[str, str] | None = None, tree: Files | None = None) -> None:
        self._blobs = blobs
        self.tree = tree  # if it is still at hand
        self.kinds: dict[str, frozenset[str]] = tree.kinds_known if tree is not None else {}
        self.gists: dict[str, str] = {}
        self.pieces: dict[str, Piece] = {}
        self.blueprints: dict[str, tuple[bytes | list[Blueprint], bool]] = {}  # of each application; whether they must not be written down
        self.applications: dict[str, Application] = {}  # those of the pieces, as far as somebody has made them
        self.own: Mapping[str, tuple[Any, ...] | None] = {}
        self.loose: Mapping[str, tuple[Any, ...] | None] = {}
        self.fresh = 0  # how much was found out anew

    @property
    def blobs(self) -> Mapping[str, str]:
        """What names each file's content; looked at when somebody compares, because where there is no git all has to be read for it."""
        if self._blobs is None:
            self._blobs = {path: self.tree.blob(path) for path in self.tree.names} if self.tree is not None else {}
        return self._blobs

    def gist(self, path: str) -> str:
        """The part of a file's content that discovery may depend on."""
        if path not in self.gists and self.tree is not None:
            self.gists[path] = gist(self.tree, path)
        return self.gists.get(path, "unknown")

    def flat(self) -> tuple[Any, ...]:
        """The state as marshal takes it."""
        of_discovery = (path for piece in self.pieces.values() if piece.account.names for path in piece.account.paths if path in self.blobs)
        gists = {path: self.gist(path) for path in of_discovery}
        pieces = {name: (_shared(piece.account), piece.value) for name, piece in self.pieces.items() if not piece.private}
        blueprints = {name: (data, private) for name, (data, private) in self.blueprints.items() if not private}
        own, loose = ({path: unit for path, unit in some.items() if unit is None or not unit[-1]} for some in (self.own, self.loose))
        return (dict(self.blobs), dict(self.kinds), gists, pieces, blueprints, own, loose)


def _shared(account: Account) -> tuple[Any, ...]:
    """The account with each path being one object for all accounts, of which marshal writes and reads but one."""
    paths, below, within, *rest = account
    return (*(frozenset(map(intern, some)) for some in (paths, below, within)), *rest)


def remembered(plain: tuple[Any, ...]) -> Remembered:
    """The state that `flat` gave."""
    blobs, kinds, gists, pieces, blueprints, own, loose = plain
    out = Remembered(blobs)
    out.kinds, out.gists, out.blueprints, out.own, out.loose = kinds, gists, blueprints, own, loose
    out.pieces = {name: Piece(Account(*account), value) for name, (account, value) in pieces.items()}
    return out


class _Past(NamedTuple):
    """An earlier state, and what lies between it and now: all of it, and without what discovery does not see."""

    state: Remembered
    exact: Between
    rough: Between


class Since:
    """These files, and what was found out about other states of them: as much of it as holds, the first state's before the next one's."""

    def __init__(self, files: Files, *pasts: Remembered | None) -> None:
        self.files = files
        self.now = Remembered(tree=files)
        self.source: dict[str, Remembered] = {}  # the states that pieces were found in
        self._pasts = [self._past(past) for past in pasts if past is not None]

    def _past(self, past: Remembered) -> _Past:
        before, now = past.blobs, self.now.blobs
        moved = before.keys() ^ now.keys()
        modified = {path for path, blob in now.items() if before.get(path, blob) != blob}
        self.files.learn((path, kinds) for path, kinds in past.kinds.items() if path not in modified and path not in moved)
        kinds = any(path.endswith(YAML) and self.files.kinds(path) != past.kinds.get(path) for path in modified)
        known = {path for path in modified if gist(self.files, path) == past.gist(path)}
        self.now.gists |= {path: held for path, held in past.gists.items() if path not in modified}
        return _Past(past, differing(modified, moved, kinds=kinds), differing(modified - known, moved, kinds=kinds))

    def piece(self, name: str, make: Callable[[Watched], Value], *, rough: bool = False) -> Value:
        """What `make` finds in the files, unless it is known. With `rough` it sees no comments and no tags."""
        held = self.held(name, rough=rough)
        if held is None:
            return self.renewed(name, make)
        self.now.pieces[name] = held
        return held.value  # type: ignore[no-any-return]  # what `make` gave

    def renewed(self, name: str, make: Callable[[Watched], Value]) -> Value:
        """What `make` finds in the files, known or not."""
        view = Watched(self.files)
        value = make(view)
        self.made(name, Piece(view.account(), value))
        return value

    def made(self, name: str, piece: Piece) -> None:
        """Take a piece that was found out elsewhere."""
        self.now.pieces[name] = piece
        self.now.fresh += 1
        self.source.pop(name, None)

    def held(self, name: str, *, rough: bool = False, where: Callable[[Remembered], bool] = lambda _state: True) -> Piece | None:
        """A piece, if it holds; of a state that is as it has to be."""
        for past in self._pasts:
            piece = past.state.pieces.get(name)
            if piece is not None and unchanged(piece.account, past.rough if rough else past.exact) and where(past.state):
                self.source[name] = past.state
                return piece
        return None

    def known(self, name: str) -> Application | None:
        """The application of a piece that holds, if it was made already."""
        return self.source[name].applications.get(name) if name in self.source else None

    def only(self, name: str, value: object) -> None:
        """Go by no state any more whose piece of this name has another value."""
        self._pasts = [past for past in self._pasts if name not in past.state.pieces or past.state.pieces[name].value == value]

    def same(self, units: Callable[[Remembered], Mapping[str, Value]]) -> Mapping[str, Value]:
        """Those of the states' units that are of files with the same content."""
        out: dict[str, Value] = {}
        for past in reversed(self._pasts):
            out |= {path: unit for path, unit in units(past.state).items() if path not in past.exact.paths}
        return out


def gist(files: Files, path: str) -> str:
    """The part of a file's content that discovery may depend on, hashed; empty where it cannot be read."""
    try:
        data = files.data(path)
    except UnreadableError:
        return ""
    if not _TELLING.search(data) and not _quoting(data):
        data = _COMMENT.sub(b"#", data).rstrip(b"#\n \t")
        if path.rpartition("/")[2].startswith("kustomization.") and _FLUX not in data:
            data = _TAG.sub(rb"\1", data)
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _quoting(data: bytes) -> bool:
    """Whether a quoted text may go over several lines."""
    return any(mark in data and any(line.count(mark) % 2 for line in data.split(b"\n")) for mark in (b'"', b"'"))
