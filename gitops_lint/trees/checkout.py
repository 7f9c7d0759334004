"""Where a repository's parts are, found without running git, so that a warm run and a hostile checkout cost nothing.

Only `.git` counts: a directory that merely looks like a bare repository is content like any other, whatever git would make of it.
"""

from __future__ import annotations

import os

from gitops_lint.trees.disk import named
from gitops_lint.trees.entry import TreeError, UnreadableError


class Checkout:
    """A work tree with its git directories, all absolute. `git` is the work tree's own, `common` the one that holds objects and refs."""

    __slots__ = ("common", "git", "root")

    def __init__(self, root: str, git: str, common: str) -> None:
        self.root = root
        self.git = git
        self.common = common

    @property
    def shallow(self) -> bool:
        """Whether history was cut off when it was cloned."""
        return os.path.exists(f"{self.common}/shallow")

    def digest(self) -> str:
        """The hash that names objects: `sha1`, or `sha256` where the repository says so (gitformat-repository: extensions.objectFormat)."""
        config = _text(f"{self.common}/config").lower().replace(" ", "").replace("\t", "")
        return "sha256" if "\nobjectformat=sha256" in config else "sha1"

    def index(self, environment: dict[str, str] | None = None) -> str:
        """The index file: the one a hook is told to use, if it lies in this repository's git directory, else its own.

        git gives a hook `GIT_INDEX_FILE`, relative to where the hook runs (githooks(5)); `commit -a` names `index.lock` there.
        """
        named = (os.environ if environment is None else environment).get("GIT_INDEX_FILE", "")
        if named:
            absolute = os.path.realpath(named)
            if os.path.dirname(absolute) == os.path.realpath(self.git) and os.path.isfile(absolute):
                return absolute
        return f"{self.git}/index"


def find(path: str) -> Checkout | None:
    """The checkout that `path`, which exists, is in; None outside git.

    Raises TreeError for a `.git` that leads nowhere, and for a repository above `path` that belongs to neither us nor the owner of `path`:
    a `.git` that a stranger put into a shared folder must not decide what is linted below it.
    """
    start = os.path.realpath(path)
    folder = start if os.path.isdir(start) else os.path.dirname(start)
    while True:
        git = _git_directory(folder)
        if git:
            _check_owner(folder, start)
            return Checkout(folder, git, _common(git))
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def _git_directory(folder: str) -> str:
    """The git directory of a work tree's top folder, or nothing if the folder is none (gitrepository-layout(5))."""
    dot_git = f"{folder}/.git" if folder != "/" else "/.git"
    if os.path.isfile(f"{dot_git}/HEAD"):
        return dot_git
    if not os.path.isfile(dot_git):
        return ""
    keyword, _, target = _text(dot_git).partition(":")
    git = os.path.normpath(os.path.join(folder, target.strip()))
    if keyword != "gitdir" or not os.path.isfile(f"{git}/HEAD"):
        raise TreeError(f"`{dot_git}` does not lead to a git directory; repair it (`git worktree repair`) or clone again")
    return git


def _common(git: str) -> str:
    """Where a linked work tree's repository keeps what all its work trees share."""
    return os.path.normpath(os.path.join(git, _text(f"{git}/commondir").strip() or "."))


def _check_owner(root: str, start: str) -> None:
    if os.name != "posix" or root == start:
        return
    owner = os.stat(root).st_uid
    if owner not in {os.geteuid(), os.stat(start).st_uid, 0}:
        raise TreeError(f"`{root}` is a git repository of another user; to lint it, name it")


def _text(path: str) -> str:
    """One of git's own small files; nothing if it is not there, which means the same as git's default."""
    try:
        return os.fsdecode(named(path))
    except UnreadableError:
        return ""
