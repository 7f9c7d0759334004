"""Which tree a path means."""

from __future__ import annotations

import os

from gitops_lint.trees.checkout import Checkout, find
from gitops_lint.trees.protocol import Tree, TreeError
from gitops_lint.trees.worktree import Folder, WorkTree


def work_tree(path: str) -> Tree:
    """The tree that `path`, a folder or a file, is in.

    Inside a repository its names are relative to the repository's root and `prefix` is the part that was asked for; elsewhere `path`
    itself is the root. Raises TreeError if there is nothing, or a repository that cannot be read.
    """
    checkout = _checkout(path)
    if checkout is not None:
        return WorkTree(checkout, _prefix(checkout.root, path))
    real = os.path.realpath(path)
    if os.path.isdir(real):
        return Folder(real)
    return Folder(os.path.dirname(real), os.path.basename(real))


def index_tree(path: str) -> Tree:
    """What would be committed now: names and content of the git index. Raises TreeError, also outside a repository."""
    from gitops_lint.trees import git  # noqa: PLC0415  the usual run starts no git and need not load what starts it
    from gitops_lint.trees.objects import ObjectTree  # noqa: PLC0415

    checkout = repository(path)
    records = WorkTree(checkout).records()
    objects = (git.Object(name, mode, blob) for name, stage, mode, blob, _, _, added in records if stage in {0, 2} and not added)
    return ObjectTree(checkout, "index", objects, _prefix(checkout.root, path))


def commit_tree(path: str, revision: str) -> Tree:
    """The files of a commit, branch or tag of the repository that `path` is in. Raises TreeError."""
    from gitops_lint.trees import git  # noqa: PLC0415  as above
    from gitops_lint.trees import revision as revisions
    from gitops_lint.trees.objects import ObjectTree  # noqa: PLC0415

    checkout = repository(path)
    commit = revisions.resolve(checkout, revision)
    return ObjectTree(checkout, revision, git.list_tree(checkout, commit), _prefix(checkout.root, path))


def repository(path: str) -> Checkout:
    """The checkout that `path` is in. Raises TreeError outside git."""
    checkout = _checkout(path)
    if checkout is None:
        raise TreeError(f"`{path}` is not in a git repository")
    return checkout


def _checkout(path: str) -> Checkout | None:
    if not os.path.exists(path):
        raise TreeError(f"`{path}` is not there")
    return find(path)


def _prefix(root: str, path: str) -> str:
    inside = os.path.relpath(os.path.realpath(path), root)
    return "" if inside == "." else inside.replace(os.sep, "/")
