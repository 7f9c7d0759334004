"""A tree whose content is in git's object database: a commit, a branch, the index."""

from __future__ import annotations

import os
import subprocess
import weakref
from collections.abc import Iterable, Iterator, Mapping

from gitops_lint.trees import git, index
from gitops_lint.trees.checkout import Checkout
from gitops_lint.trees.disk import DANGLING, LIMIT, OUTSIDE, TOO_LARGE
from gitops_lint.trees.entry import DAMAGED, Entry, UnreadableError

_MOST_HOPS = 40  # as Linux


class ObjectTree:
    """Files by path and blob id. Links are followed within the tree, as they would be on disk."""

    def __init__(self, checkout: Checkout, label: str, objects: Iterable[git.Object], prefix: str = "") -> None:
        self.label = label
        self.root = checkout.root
        self.prefix = prefix
        self.checkout = checkout
        entries = {path: Entry(mode, blob) for path, mode, blob in objects if mode != index.GITLINK}
        self._links = self._resolve(entries)
        self._entries = {path: entry for path, entry in entries.items() if self._links.get(path) != ""}
        self._process: tuple[int, git.Process] | None = None

    def names(self) -> Mapping[str, Entry]:
        """Every file; links to folders are none."""
        return {path: Entry(entry.mode, "") if path in self._links else entry for path, entry in self._entries.items()}

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises UnreadableError."""
        found = self._ask(self.blob(path))
        if isinstance(found, str):
            raise UnreadableError(path, found)
        return found

    def blob(self, path: str) -> str:
        """The git blob id of what `read` gives. Raises UnreadableError."""
        entry = self._entries.get(self._links.get(path, path))
        if entry is not None and entry.mode != index.LINK:
            return entry.blob
        raise UnreadableError(path, self._links.get(path, "is not there"))

    def _resolve(self, entries: Mapping[str, Entry]) -> dict[str, str]:
        """For each link the path it ends at, `""` if that is a folder, or the reason why it ends nowhere."""
        links = {path: entry.blob for path, entry in entries.items() if entry.mode == index.LINK}
        texts = {path: os.fsdecode(text) for path, (_, text) in zip(links, git.blobs(self.checkout, links.values()), strict=True)}
        folders = {folder for path in entries for folder in _parents(path)} if links else set()
        return {path: _follow(path, texts, entries, folders) for path in links}

    def _ask(self, blob: str) -> bytes | str:
        """The content of a blob, or why there is none, from a git that stays for the next question; each process of a fork has its own."""
        if self._process is None or self._process[0] != os.getpid():
            process = git.start(self.checkout, "cat-file", "--batch", stdin=subprocess.PIPE)
            self._process = (os.getpid(), process)
            weakref.finalize(self, _stop, os.getpid(), process)
        process = self._process[1]
        assert process.stdin is not None  # noqa: S101  it was started with a pipe
        try:
            process.stdin.write(f"{blob}\n".encode())
            process.stdin.flush()
            found = git.receive(process, LIMIT)
        except OSError:
            found = None
        if found is None or found == TOO_LARGE:
            self._process = None
            git.stop(process)
        return DAMAGED if found is None else found


def _stop(owner: int, process: git.Process) -> None:
    if owner == os.getpid() and process.returncode is None:
        git.stop(process)


def _parents(path: str) -> Iterator[str]:
    while path:
        path = path.rpartition("/")[0]
        yield path


def _follow(path: str, texts: Mapping[str, str], entries: Mapping[str, Entry], folders: set[str]) -> str:
    """Where a link ends, found as a file system finds it, part by part: a path, `""` for a folder, or a reason.

    An absolute link leads out: nobody knows where a commit will be checked out.
    """
    waiting = path.split("/")[::-1]
    at: list[str] = []
    hops = 0
    while waiting:
        part = waiting.pop()
        here = "/".join([*at, part])
        if part == "..":
            if not at:
                return OUTSIDE
            at.pop()
        elif here in texts:
            hops += 1
            if texts[here].startswith("/"):
                return OUTSIDE
            if hops > _MOST_HOPS:
                return "is a link that leads round in a circle"
            waiting += texts[here].split("/")[::-1]
        elif here in folders:
            at.append(part)
        elif part not in {"", "."}:
            return here if here in entries and not waiting else DANGLING
    return ""
