"""The tree that is on disk: in a repository the tracked names with the content that is there, elsewhere every file of a folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping

from gitops_lint.trees import attributes, index
from gitops_lint.trees.blob import blob_id
from gitops_lint.trees.checkout import Checkout
from gitops_lint.trees.disk import Door, look_named, named
from gitops_lint.trees.entry import Entry, TreeError, UnreadableError

lent: dict[str, WorkTree] = {}  # by root: trees that were looked through before anybody opened them, for `open.work_tree` to give out once
_MOST_INDEX = 512 * 1024 * 1024  # bytes: five million files
MOST_FILES = 1_000_000  # of a folder that is no repository: somebody named the wrong one


class WorkTree:
    """What a repository's index names, as it is on disk.

    A tracked file that was deleted is no name. One that a sparse checkout left out is, and is read from the repository.
    """

    label = ""

    def __init__(self, checkout: Checkout, prefix: str = "") -> None:
        self.root = checkout.root
        self.prefix = prefix
        self.checkout = checkout
        self.doubtful = False  # whether a file was found to be another one than when it was first seen, or not to be had
        self._seen: dict[str, os.stat_result] = {}
        self._door = Door(checkout.root)
        self._names: dict[str, Entry] | None = None
        self._absent: dict[str, str] = {}  # left out by a sparse checkout: path -> blob
        self._digest = checkout.digest()

    def names(self) -> Mapping[str, Entry]:
        """Every tracked file that is there; links to folders are none. Raises TreeError for an index nobody can read."""
        if self._names is None:
            self._names = dict(self._found())
        return self._names

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises UnreadableError."""
        self.names()
        blob = self._absent.get(path)
        if blob is not None:
            from gitops_lint.trees.git import one_blob  # noqa: PLC0415  only a sparse checkout needs git here

            return one_blob(self.checkout, path, blob)
        try:
            data, about = self._door.look(path)
        except UnreadableError:
            self.doubtful = True
            raise
        self.doubtful |= _differ(self._seen.setdefault(path, about), about)
        return data

    def blob(self, path: str) -> str:
        """The git blob id of what `read` gives: from the index if the file is unchanged, else computed. Raises UnreadableError."""
        entry = self.names().get(path)
        if entry is not None and entry.blob:
            return entry.blob
        blob = blob_id(self.read(path), self._digest)
        if entry is not None and self._names is not None:
            self._names[path] = Entry(entry.mode, blob)
        return blob

    def records(self) -> list[index.Record]:
        """What the index holds. Raises TreeError."""
        return _records(self.checkout, self._digest)[0]

    def _found(self) -> Iterator[tuple[str, Entry]]:
        records, written = _records(self.checkout, self._digest)
        doubtful = attributes.converted(self._attributes(records))
        start = self.root.rstrip("/") + "/"
        last = ""
        for path, _, mode, blob, known, skipped, _ in records:
            if mode == index.GITLINK or path == last:
                continue
            last = path
            try:
                found = os.lstat(start + path)
            except (FileNotFoundError, NotADirectoryError):
                if skipped and mode != index.LINK:
                    self._absent[path] = blob
                    yield path, Entry(mode, blob)
                continue
            except OSError:
                yield path, Entry(mode, "")  # it may well be there: reading it says what is wrong
                continue
            kind = found.st_mode
            if stat.S_ISREG(kind):
                self._seen[path] = found
                same = index.unchanged(known, found, written) and not path.endswith(doubtful)
                yield path, Entry(mode, blob if same else "")
            elif not self._is_folder(path, kind):
                yield path, Entry(index.LINK if stat.S_ISLNK(kind) else mode, "")

    def _is_folder(self, path: str, kind: int) -> bool:
        """Whether a name stands for files that have names of their own; a link to a folder outside does not, and cannot be read."""
        if not stat.S_ISLNK(kind):
            return stat.S_ISDIR(kind)
        try:
            self._door.target(path)
            return os.path.isdir(f"{self.root}/{path}")
        except UnreadableError:
            return False

    def _attributes(self, records: list[index.Record]) -> list[str]:
        texts = []
        for path in [record[0] for record in records if record[0].endswith(".gitattributes")]:
            try:
                texts.append(os.fsdecode(self._door.read(path)))
            except UnreadableError:
                texts.append("* filter=unknown")
        try:
            texts.append(os.fsdecode(named(f"{self.checkout.common}/info/attributes")))
        except UnreadableError:
            return texts  # few repositories have one
        return texts


def _differ(one: os.stat_result, other: os.stat_result) -> bool:
    return one is not other and (
        one.st_mtime_ns != other.st_mtime_ns
        or one.st_ctime_ns != other.st_ctime_ns
        or one.st_size != other.st_size
        or one.st_ino != other.st_ino
    )


def _records(checkout: Checkout, digest: str) -> tuple[list[index.Record], int]:
    """What the index holds, and when it was written, in nanoseconds; nothing where nothing was ever added."""
    path = checkout.index()
    if not os.path.lexists(path):
        return [], 0
    try:
        data, about = look_named(path, _MOST_INDEX)
        return index.parse(data, 32 if digest == "sha256" else 20), about.st_mtime_ns
    except UnreadableError as error:
        raise TreeError(f"the git index {error.reason}") from None
    except index.IndexDamagedError:
        raise TreeError("the git index is damaged; `git read-tree HEAD` writes it anew") from None
    except index.IndexFormatError:
        from gitops_lint.trees.git import list_index  # noqa: PLC0415  git is started only for what we cannot read

        return list_index(checkout), 0


class Folder:
    """Every file below a folder that is in no repository."""

    label = ""

    def __init__(self, root: str, prefix: str = "") -> None:
        self.root = root
        self.prefix = prefix
        self.failures: list[UnreadableError] = []  # folders that could not be listed; complete once `names` was called
        self._door = Door(root)
        self._names: dict[str, Entry] | None = None

    def names(self) -> Mapping[str, Entry]:
        """Every file, sorted; `.git` and links to folders are left out. Raises TreeError if there is no end to them."""
        if self._names is None:
            self._names = {path: Entry(mode, "") for path, mode in sorted(self._walk())}
        return self._names

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises UnreadableError."""
        return self._door.read(path)

    def blob(self, path: str) -> str:
        """The git blob id of what `read` gives. Raises UnreadableError."""
        return blob_id(self.read(path))

    def _walk(self) -> Iterator[tuple[str, int]]:
        waiting = [""]
        count = 0
        while waiting:
            folder = waiting.pop()
            for entry in self._list(folder):
                path = folder + entry.name
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(path + "/")
                elif not _leads_to_folder(entry):
                    count += 1
                    yield path, index.LINK if entry.is_symlink() else 0o100644
            if count > MOST_FILES:
                raise TreeError(f"`{self.root}` holds more than {MOST_FILES:,} files; name a folder further down")

    def _list(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(f"{self.root}/{folder}") as entries:
                return [entry for entry in entries if entry.name != ".git"]
        except OSError as error:
            if not folder:
                raise TreeError(f"`{self.root}` cannot be listed: {error.strerror}") from None
            self.failures.append(UnreadableError(folder.rstrip("/"), f"cannot be listed: {error.strerror}"))
            return []


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle: reading it says so
        return False
