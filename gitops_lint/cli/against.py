"""What a change is compared with: the base named on the command line, HEAD for what is staged, or what the surroundings say."""

from __future__ import annotations

import os
from typing import NamedTuple

from gitops_lint.cli.failure import Failure
from gitops_lint.trees import base
from gitops_lint.trees.open import commit_tree, event, repository
from gitops_lint.trees.protocol import Tree, TreeError


class Against(NamedTuple):
    """The tree to compare with, the revision, and how it was found."""

    tree: Tree
    revision: str
    source: str


def find(path: str, named: str | None, *, staged: bool) -> Against | None:
    """The base of the change; None if this is no check of a change, or the first commit of a repository.

    Raises Failure for one that cannot be had: to lint less than was asked for, and say nothing, would be worse.
    """
    try:
        if named is not None:
            return Against(commit_tree(path, named), named, "--base")
        if staged:
            return Against(commit_tree(path, "HEAD"), "HEAD", "--staged") if _known(path, "HEAD") else None
        return _surrounding(path)
    except TreeError as error:
        raise Failure(str(error)) from error


def _surrounding(path: str) -> Against | None:
    """The base that the CI system or the hook names, at the point where the change left it."""
    found = base.find(os.environ, lambda name: _known(path, name), event)
    if found is None:
        return None
    from gitops_lint.trees import revision  # noqa: PLC0415  it starts git, which most runs need not

    commit = found.revision
    if not found.exact and _known(path, commit):
        commit = revision.fork_point(repository(path), commit)
    return Against(commit_tree(path, commit), found.revision, found.source)


def _known(path: str, name: str) -> str:
    from gitops_lint.trees import revision  # noqa: PLC0415  as above

    try:
        return revision.known(repository(path), name)
    except TreeError:
        return ""
