"""Which tree a path means."""

from __future__ import annotations

import os
from collections.abc import Mapping

from gitops_lint.trees.checkout import Checkout, find
from gitops_lint.trees.disk import named
from gitops_lint.trees.protocol import Tree, TreeError, UnreadableError
from gitops_lint.trees.worktree import Folder, WorkTree, lent


def work_tree(path: str) -> Tree:
    """The tree that `path`, a folder or a file, is in.

    Inside a repository its names are relative to the repository's root and `prefix` is the part that was asked for; elsewhere `path`
    itself is the root. Raises TreeError if there is nothing, or a repository that cannot be read.
    """
    checkout = _checkout(path)
    if checkout is not None:
        tree = lent.pop(checkout.root, None) or WorkTree(checkout)
        tree.prefix = _prefix(checkout.root, path)
        return tree
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
    from gitops_lint.trees.objects import ObjectTree  # noqa: PLC0415
    from gitops_lint.trees.revision import resolve  # noqa: PLC0415

    checkout = repository(path)
    commit = resolve(checkout, revision)
    return ObjectTree(checkout, revision, git.list_tree(checkout, commit), _prefix(checkout.root, path))


def repository(path: str) -> Checkout:
    """The checkout that `path` is in. Raises TreeError outside git."""
    checkout = _checkout(path)
    if checkout is None:
        raise TreeError(f"`{path}` is not in a git repository")
    return checkout


def event(path: str) -> Mapping[str, object]:
    """GitHub's event file; empty if it is none."""
    import json  # noqa: PLC0415  few runs have such a file

    try:
        content = json.loads(named(path))
    except (UnreadableError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _checkout(path: str) -> Checkout | None:
    if not os.path.exists(path):
        raise TreeError(f"`{path}` is not there")
    return find(path)


def _prefix(root: str, path: str) -> str:
    inside = os.path.relpath(os.path.realpath(path), root)
    return "" if inside == "." else inside.replace(os.sep, "/")
