"""The one door through which files of a checkout are read: nothing outside it, nothing that is no plain file, nothing too large."""

from __future__ import annotations

import errno
import os
import stat

from gitops_lint.trees.entry import UnreadableError

LIMIT = 5 * 1024 * 1024  # bytes; the largest of 3,940 real YAML files has 1.95 MB

OUTSIDE = "leads out of the repository"
TOO_LARGE = f"is larger than {LIMIT >> 20} MiB"
NOT_A_FILE = "is not a regular file"
DANGLING = "is a link to nothing"

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)  # what was checked is what is opened
    | getattr(os, "O_NONBLOCK", 0)  # a FIFO must not hold us up
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)


_SPECIAL = frozenset(("", ".", "..", ".git"))


class Door:
    """Reads files below one folder. What is known of its sub-folders is kept, for they are shared by many files."""

    def __init__(self, root: str) -> None:
        self.root = os.path.realpath(root)
        self._folders: dict[str, str] = {"": self.root}

    def read(self, path: str) -> bytes:
        """The bytes of the file at `path`, relative to the root. A link is followed as long as it stays in the tree.

        Raises UnreadableError, whose reason tells nothing of places outside the tree.
        """
        return self.look(path)[0]

    def look(self, path: str) -> tuple[bytes, os.stat_result]:
        """As `read`, with what the system says of the very file that was read."""
        folder, _, name = path.rpartition("/")
        where = self._folders.get(folder)
        if where is None:
            where = self._folder(folder, path)
        try:
            descriptor = os.open(f"{where}/{name}", _FLAGS)
        except OSError as error:
            if error.errno not in {errno.ELOOP, errno.EMLINK}:
                raise UnreadableError(path, _reason(error)) from None
            descriptor = self._open_link(path)
        try:
            return _read(descriptor, path)
        finally:
            os.close(descriptor)

    def target(self, path: str) -> str:
        """The path, relative to the root, that a link in the tree ends at. Raises UnreadableError as `read` does."""
        return os.path.relpath(self._inside(path, path), self.root).replace(os.sep, "/")

    def _folder(self, folder: str, path: str) -> str:
        """The real place of a folder in the tree: below that of the one it is in, unless it is a link or has a special name."""
        unknown = [folder]
        while (upper := unknown[-1].rpartition("/")[0]) not in self._folders:
            unknown.append(upper)
        for part in reversed(unknown):
            upper, _, name = part.rpartition("/")
            where = f"{self._folders[upper]}/{name}"
            if name.lower() in _SPECIAL or not _is_folder(where):
                where = self._folders[folder] = self._inside(folder, path)
                break
            self._folders[part] = where
        return where

    def _open_link(self, path: str) -> int:
        try:
            return os.open(self._inside(path, path), _FLAGS)
        except OSError as error:
            raise UnreadableError(path, _reason(error)) from None

    def _inside(self, relative: str, path: str) -> str:
        """The real place of something in the tree. git's own directory is not in it: it may hold the runner's tokens."""
        try:
            real = os.path.realpath(f"{self.root}/{relative}", strict=True)
            os.stat(f"{self.root}/{relative}")  # which, other than realpath, does not go through a file with `..`
        except OSError as error:
            reason = DANGLING if os.path.islink(f"{self.root}/{relative}") and error.errno == errno.ENOENT else _reason(error)
            raise UnreadableError(path, reason) from None
        if real != self.root:
            if os.path.commonpath([self.root, real]) != self.root:
                raise UnreadableError(path, OUTSIDE)
            if ".git" in real[len(self.root) :].lower().split(os.sep):
                raise UnreadableError(path, OUTSIDE)
        return real


def _is_folder(path: str) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except (OSError, ValueError):
        return False


def named(path: str) -> bytes:
    """The bytes of a file that the user, not a repository, has named: it may be anywhere, and a link. Raises UnreadableError."""
    return look_named(path)[0]


def look_named(path: str, limit: int = LIMIT) -> tuple[bytes, os.stat_result]:
    """As `named`, with what the system says of the file, and a limit in bytes of the caller's choice."""
    try:
        descriptor = os.open(path, _FLAGS & ~getattr(os, "O_NOFOLLOW", 0))
    except OSError as error:
        raise UnreadableError(path, _reason(error)) from None
    try:
        return _read(descriptor, path, limit)
    finally:
        os.close(descriptor)


def _read(descriptor: int, path: str, limit: int = LIMIT) -> tuple[bytes, os.stat_result]:
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        raise UnreadableError(path, NOT_A_FILE)
    if found.st_size > limit:
        raise UnreadableError(path, f"is larger than {limit >> 20} MiB")
    try:
        data = os.read(descriptor, limit + 1)
        while len(data) < found.st_size and (more := os.read(descriptor, limit + 1 - len(data))):
            data += more
    except OSError as error:
        raise UnreadableError(path, _reason(error)) from None
    if len(data) > limit:
        raise UnreadableError(path, f"is larger than {limit >> 20} MiB")
    return data, found


def _reason(error: OSError) -> str:
    """The system's words for an error, without its number and without the path, which may lie outside the tree."""
    if error.errno == errno.ENOENT:
        return "is not there"
    if error.errno in {errno.ENXIO, errno.ENODEV}:  # what opening a socket gives
        return NOT_A_FILE
    return f"cannot be read: {error.strerror or type(error).__name__}"
