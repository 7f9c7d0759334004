"""The other trees that the configuration names: branches of this repository, and checkouts elsewhere."""

from __future__ import annotations

import os.path

from gitops_lint.cli.failure import Failure
from gitops_lint.settings import Settings, TreeSetting
from gitops_lint.trees.mounted import MountedTree
from gitops_lint.trees.open import commit_tree, work_tree
from gitops_lint.trees.protocol import Tree, TreeError

_HERE = "."  # the tree that is linted, under a name


def mounted(tree: Tree, settings: Settings) -> Tree:
    """The tree with the others beside it, each below its name; `path: .` gives the tree itself a name. Raises Failure."""
    if not settings.trees:
        return tree
    try:
        others = {other.name: _opened(tree, other) for other in settings.trees}
        return MountedTree(tree, others, at_top=all(other.path != _HERE for other in settings.trees))
    except TreeError as error:
        raise Failure(f"{settings.path}: {error}") from error


def _opened(tree: Tree, other: TreeSetting) -> Tree:
    if other.path == _HERE:
        return tree
    if other.path:
        return work_tree(os.path.join(tree.root, other.path))  # noqa: PTH118  relative to the repository
    return commit_tree(tree.root, other.branch)
