"""What happened to the files of a repository, commit by commit: the raw material of every question about age."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from gitops_lint.trees import git
from gitops_lint.trees.checkout import Checkout
from gitops_lint.trees.disk import LIMIT, TOO_LARGE
from gitops_lint.trees.entry import TreeError


class Commit(NamedTuple):
    """A commit on the main line, when it was made (seconds since 1970), and the one before it, empty for the first that is known."""

    commit: str
    time: int
    parent: str


class FileChange(NamedTuple):
    """What a commit did to a file: `A`dded, `D`eleted, `M`odified, `T`urned into another kind of file. An absent side's blob is empty."""

    status: str
    path: str
    old: str
    new: str


def commits(checkout: Checkout, head: str, *, limit: int = 0) -> Iterator[Commit]:
    """The commits from `head`, an id, back along first parents: the states that the main line had. Raises TreeError.

    In a shallow clone the last one has no parent, although more happened before it. `limit` counts commits, 0 is all of them.
    """
    most = [f"--max-count={limit}"] if limit else []
    process = git.start(checkout, "rev-list", "--first-parent", "--parents", "--timestamp", *most, "--end-of-options", head)
    assert process.stdout is not None  # noqa: S101  it was started with a pipe
    try:
        for line in process.stdout:
            time, commit, *parents = line.decode().split()
            yield Commit(commit, int(time), parents[0] if parents else "")
        if process.wait():
            raise TreeError(f"the history of `{head}` cannot be read; `git fsck` may say why")
    finally:
        git.stop(process)


def changes(checkout: Checkout, of: Iterable[Commit], paths: Sequence[str] = ()) -> Iterator[tuple[Commit, list[FileChange]]]:
    """What each commit changed against its parent, in the order given; for one without a parent, everything it holds. Raises TreeError.

    Renames are a deletion and an addition. Submodules are left out. With `paths` nothing else is looked at, which takes much less time.
    """
    asked = list(of)
    with tempfile.TemporaryFile() as lines:  # a file, not a pipe: nobody waits for anybody
        lines.write("".join(f"{entry.commit} {entry.parent}".rstrip() + "\n" for entry in asked).encode())
        lines.seek(0)
        arguments = ("diff-tree", "--stdin", "-z", "-r", "--root", "--always", "--no-renames", "--no-ext-diff", "--no-textconv")
        only = ("--", *(f":(literal){path}" for path in paths)) if paths else ()
        process = git.start(checkout, *arguments, *only, stdin=lines.fileno())
        try:
            found = _per_commit(_fields(process))
            for entry in asked:
                commit, files = next(found, ("", []))
                if commit != entry.commit:
                    raise TreeError(f"what commit `{entry.commit}` changed cannot be read; `git fsck` may say why")
                yield entry, files
        finally:
            git.stop(process)


def _per_commit(fields: Iterator[bytes]) -> Iterator[tuple[str, list[FileChange]]]:
    commit, files = "", list[FileChange]()
    for field in fields:
        if not field.startswith(b":"):
            if commit:
                yield commit, files
            commit, files = field.decode().strip(), []
            continue
        old_mode, new_mode, old, new, status = field[1:].decode().split()
        path = os.fsdecode(next(fields))
        if "160000" not in {old_mode, new_mode}:
            files.append(FileChange(status, path, old.replace("0" * len(old), ""), new.replace("0" * len(new), "")))
    if commit:
        yield commit, files


def _fields(process: git.Process) -> Iterator[bytes]:
    """NUL-ended fields of a program's output, as they come."""
    assert process.stdout is not None  # noqa: S101  it was started with a pipe
    rest = b""
    while block := process.stdout.read(65536):
        *fields, rest = (rest + block).split(b"\0")
        yield from fields


@contextmanager
def contents(checkout: Checkout) -> Iterator[Callable[[str], bytes]]:
    """A function from a blob's id to its content, answered by one git that stays meanwhile; empty for one that cannot be had."""
    process = git.start(checkout, "cat-file", "--batch", stdin=subprocess.PIPE)

    def content(blob: str) -> bytes:
        assert process.stdin is not None  # noqa: S101  it was started with a pipe
        try:
            process.stdin.write(f"{blob}\n".encode())
            process.stdin.flush()
        except OSError as error:
            raise TreeError("git stopped answering; `git fsck` may say why") from error
        found = git.receive(process, LIMIT)
        if found is None or found == TOO_LARGE:
            raise TreeError(f"blob `{blob}` cannot be read; `git fsck` may say why")
        return found if isinstance(found, bytes) else b""

    try:
        yield content
    finally:
        git.stop(process)
