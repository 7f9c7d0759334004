"""The one way git is called: plumbing on objects only, and nothing of the checkout's configuration or the caller's environment has a say.

A repository may come from a stranger: its configuration can name programs (fsmonitor, filters, hooks, transports), a directory in it can
pose as a bare repository, and a branch can be called `--output=x`. Every one of these is switched off here, and nowhere else is git called.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple, TypeAlias

from gitops_lint.trees.checkout import Checkout
from gitops_lint.trees.disk import LIMIT, TOO_LARGE
from gitops_lint.trees.entry import DAMAGED, MISSING, TreeError, UnreadableError
from gitops_lint.trees.index import Record

_CONFIG = (
    "safe.bareRepository=explicit",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    "core.untrackedCache=false",
    "protocol.allow=never",
    "gc.auto=0",
)
_ENVIRONMENT = {
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_NO_LAZY_FETCH": "1",
    "LC_ALL": "C",
}
_NO_STAT = (0,) * 10

Process: TypeAlias = subprocess.Popen[bytes]


@cache
def program() -> str:
    """The absolute path of git. Folders of PATH that are relative are passed over: they would be the checkout's. Raises TreeError."""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        found = os.path.join(folder, "git.exe" if os.name == "nt" else "git")
        if os.path.isabs(folder) and os.access(found, os.X_OK):
            return found
    raise TreeError("git is needed for this and is not in PATH")


def command(checkout: Checkout, *arguments: str) -> list[str]:
    """The argument list that runs git's `arguments` in a checkout.

    Naming the git directory keeps git from looking for one, and `safe.directory` lets it read a checkout that another user owns
    (a container's usual case): harmless because nothing that such an owner could have configured is ever run.
    """
    config = [word for setting in (*_CONFIG, f"safe.directory={checkout.root}") for word in ("-c", setting)]
    return [program(), "--no-pager", *config, f"--git-dir={checkout.git}", f"--work-tree={checkout.root}", *arguments]


def environment(checkout: Checkout) -> dict[str, str]:
    """The environment git runs in: no inherited `GIT_*` but the index file of a hook of this very repository."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TMPDIR") if name in os.environ}
    return {**kept, **_ENVIRONMENT, "GIT_INDEX_FILE": checkout.index()}


def start(checkout: Checkout, *arguments: str, stdin: int | None = None) -> Process:
    """A running git whose stdout is a pipe; stdin is closed unless one is given."""
    return subprocess.Popen(
        command(checkout, *arguments),
        env=environment(checkout),
        cwd="/" if os.name == "posix" else None,  # never a directory of the checkout
        stdin=subprocess.DEVNULL if stdin is None else stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def run(checkout: Checkout, *arguments: str, stdin: bytes = b"") -> tuple[int, bytes]:
    """The exit status and stdout."""
    done = subprocess.run(
        command(checkout, *arguments),
        env=environment(checkout),
        cwd="/" if os.name == "posix" else None,
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode, done.stdout


def output(checkout: Checkout, *arguments: str, stdin: bytes = b"") -> bytes:
    """What git prints. Raises TreeError if git says no."""
    status, out = run(checkout, *arguments, stdin=stdin)
    if status:
        raise TreeError(f"`git {arguments[0]}` failed in `{checkout.root}` with status {status}; `git fsck` may say why")
    return out


def list_index(checkout: Checkout) -> list[Record]:
    """The index as git reads it, for forms that we do not; without stat data, so every file will be hashed."""
    out: list[Record] = []
    for line in output(checkout, "ls-files", "-z", "-t", "--stage").split(b"\0")[:-1]:
        about, _, name = line.partition(b"\t")
        tag, mode, blob, stage = about.decode().split()
        out.append((os.fsdecode(name), int(stage), int(mode, 8), blob, _NO_STAT, tag == "S", False))
    return out


class Object(NamedTuple):
    """A blob's path in a tree, its mode and its id."""

    path: str
    mode: int
    blob: str


def list_tree(checkout: Checkout, commit: str) -> list[Object]:
    """Every entry of a commit's tree, submodules included, in git's order. Raises TreeError."""
    out = []
    for line in output(checkout, "ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0")[:-1]:
        about, _, name = line.partition(b"\t")
        mode, _, blob = about.decode().split()
        out.append(Object(os.fsdecode(name), int(mode, 8), blob))
    return out


def blobs(checkout: Checkout, ids: Iterable[str]) -> Iterator[tuple[str, bytes | str]]:
    """The content of each blob, in the order asked, by one git process; a `str` says why there is none: missing, damaged, too large."""
    wanted = list(ids)
    while wanted:
        done = 0
        for found in _batch(checkout, wanted):
            done += 1
            yield found
        if done < len(wanted) and not done:
            yield wanted[0], DAMAGED
            done = 1
        wanted = wanted[done:]


def _batch(checkout: Checkout, ids: list[str]) -> Iterator[tuple[str, bytes | str]]:
    """As `blobs`, but ends early where git died, and after a blob that is too large to be worth reading to its end."""
    with tempfile.TemporaryFile() as asked:  # a file, not a pipe: nobody waits for anybody
        asked.write("".join(f"{blob}\n" for blob in ids).encode())
        asked.seek(0)
        process = start(checkout, "cat-file", "--batch", "--buffer", stdin=asked.fileno())
        try:
            for blob in ids:
                found = receive(process, LIMIT)
                if found is None:
                    return
                yield blob, found
                if found == TOO_LARGE:
                    return
        finally:
            stop(process)


def receive(process: Process, limit: int) -> bytes | str | None:
    """One answer of `cat-file --batch`: content, or why there is none; None if git is gone. After TOO_LARGE git is of no more use."""
    assert process.stdout is not None  # noqa: S101  it was started with a pipe
    head = process.stdout.readline().split()
    if head[-1:] == [b"missing"] or head[-1:] == [b"ambiguous"]:
        return MISSING
    if len(head) != 3:  # noqa: PLR2004  id, type, size
        return None
    size = int(head[2])
    if size > limit:
        return TOO_LARGE
    data = process.stdout.read(size + 1)
    return data[:-1] if len(data) == size + 1 else None


def stop(process: Process) -> None:
    """End a git that may still be talking."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    process.kill()
    process.wait()


def one_blob(checkout: Checkout, path: str, blob: str) -> bytes:
    """The content of one blob. Raises UnreadableError in the name of `path`."""
    for _, found in blobs(checkout, [blob]):
        if isinstance(found, bytes):
            return found
        raise UnreadableError(path, found)
    raise UnreadableError(path, "is not in the git repository")
