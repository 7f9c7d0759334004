"""What every command begins with: the tree to read, and the settings that hold for it."""

from __future__ import annotations

import os
from typing import NamedTuple

from gitops_lint import reader
from gitops_lint.cache import Cache, location
from gitops_lint.cli import unsaved, watching
from gitops_lint.cli.failure import Failure
from gitops_lint.cli.mounting import mounted
from gitops_lint.config.error import ConfigError
from gitops_lint.config.load import load, remembering
from gitops_lint.discovery import ignored
from gitops_lint.files import Files
from gitops_lint.settings import Settings
from gitops_lint.trees.disk import LIMIT
from gitops_lint.trees.open import index_tree, work_tree
from gitops_lint.trees.protocol import Tree, TreeError


class Begun(NamedTuple):
    """A tree with its settings and its files."""

    tree: Tree
    settings: Settings
    files: Files
    cache: Cache
    alone: str = ""  # the one file whose findings are wanted


def begin(path: str, *, staged: bool = False, config: str | None = None, caching: bool = False, stdin: str = "") -> Begun:
    """Open the tree at a path and read its configuration; with `caching` what is computed is kept for the next run.

    `stdin` names a file whose content comes from standard input. Raises Failure: nothing there, no repository, a wrong configuration.
    """
    alone = ""
    try:
        if stdin:
            tree, alone = unsaved.laid_over(path, stdin)
        else:
            tree = index_tree(path) if staged else work_tree(path)
    except TreeError as error:
        raise Failure(str(error)) from error
    kept = Cache(location(os.environ, outside=tree.root) if caching else None)
    settings = configured(tree, config, kept)
    tree = mounted(tree, settings)
    return Begun(tree, settings, files(tree, settings), kept, unsaved.named(alone, settings) if alone else "")


def _given(config: str) -> bytes:
    """The file that the user named, which may be a pipe, but is not read for ever. Raises Failure and OSError."""
    from pathlib import Path  # noqa: PLC0415, TID251  it comes from where the user says, and few say

    with Path(config).open("rb") as file:
        data = file.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise Failure(f"`{config}` is larger than {LIMIT // 1024 // 1024} MiB, which no configuration is")
    return data


def configured(tree: Tree, config: str | None, cache: Cache) -> Settings:
    """The settings that hold for a tree: of its own configuration file, or of the one the user named."""
    once = remembering(cache)
    try:
        return load(tree, once=once) if config is None else load(_given(config), config, once=once)
    except OSError as error:
        raise Failure(f"cannot read the configuration `{config}`: {error.strerror}") from error
    except ConfigError as error:
        raise Failure(str(error)) from error


def files(tree: Tree, settings: Settings) -> Files:
    """The files of a tree that can matter."""
    return Files(tree, watching.counted(reader.read), skip=ignored.excluded(settings))
