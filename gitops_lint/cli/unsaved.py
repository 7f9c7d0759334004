"""One file as an editor holds it: its content comes from standard input, and its findings alone are told."""

from __future__ import annotations

import os
import sys
from dataclasses import replace

from gitops_lint import engine
from gitops_lint.cli.failure import Failure
from gitops_lint.finding import Finding, Related
from gitops_lint.settings import Settings
from gitops_lint.trees.disk import LIMIT
from gitops_lint.trees.open import work_tree
from gitops_lint.trees.overlay import OverlayTree
from gitops_lint.trees.protocol import Tree
from gitops_lint.trees.worktree import Folder

_HERE = (".", "-")  # what PATH is where nobody gave one; `-` is how other linters are told to read standard input


def laid_over(path: str, name: str) -> tuple[Tree, str]:
    """The tree that the file `name` is in, with standard input in its place; and the file's path in the tree.

    `path` is what is linted. Where nobody said so, that is the file's own repository, or the current folder for a file below it that is in
    none. Raises Failure: a file outside `path`, nothing to read. Raises TreeError as `work_tree` does.
    """
    folder, _, base = os.path.abspath(name).rpartition(os.sep)  # noqa: PTH100  a path outside any tree
    real = os.path.realpath(folder) + os.sep + base
    tree = work_tree(_existing(folder) if path in _HERE else path)
    if path in _HERE and isinstance(tree, Folder) and _inside(here := work_tree("."), real):
        tree = here
    if not _inside(tree, real):
        raise Failure(f"`{name}` is neither in `{path}` nor in its repository")
    inside = os.path.relpath(real, os.path.realpath(tree.root)).replace(os.sep, "/")
    return OverlayTree(tree, inside, _standard_input()), inside


def _inside(tree: Tree, real: str) -> bool:
    root = os.path.realpath(tree.root)
    return real.startswith(root.rstrip(os.sep) + os.sep)


def _existing(folder: str) -> str:
    """The folder, or the nearest one above it that is there: a new file may be the first of its folder."""
    while not os.path.isdir(folder):  # noqa: PTH112  as above
        folder = os.path.dirname(folder)  # noqa: PTH120  as above
    return folder


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise Failure("`--stdin-filename` needs the file's content on standard input, which is closed")
    data = sys.stdin.buffer.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise Failure(f"standard input is larger than {LIMIT >> 20} MiB")
    return data


def named(path: str, settings: Settings) -> str:
    """The path of a file of the tree that is linted in what is read: that tree may have got a name (`trees: {dev: {path: .}}`)."""
    name = next((other.name for other in settings.trees if other.path == "."), "")
    return f"{name}/{path}" if name else path


def alone(result: engine.Result, path: str) -> engine.Result:
    """The result with the findings of one file only; a difference that is told elsewhere is told where this file has its part in it."""
    found = (_at(finding, path) for finding in result.findings)
    return replace(result, findings=tuple(sorted((finding for finding in found if finding is not None), key=engine.order)))


def _at(finding: Finding, path: str) -> Finding | None:
    if finding.at.path == path:
        return finding
    place = next((related for related in finding.related if related.at.path == path), None)
    if place is None or finding.facts is None:
        return None
    others = tuple(related for related in finding.related if related is not place)
    there = Related(finding.at, finding.label or "here", finding.environments[0] if len(finding.environments) == 1 else "")
    return replace(finding, at=place.at, label=place.message, related=(there, *others), fix=None)
