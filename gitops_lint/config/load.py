"""The configuration file, from bytes to Settings."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from typing import Any, cast

from gitops_lint.cache import Cache
from gitops_lint.config.build import build
from gitops_lint.config.error import ConfigError
from gitops_lint.node import Map, unpack
from gitops_lint.reader import read
from gitops_lint.settings import Settings
from gitops_lint.trees.protocol import Tree, UnreadableError
from gitops_lint.trees.worktree import WorkTree

NAMES = (".gitops-lint.yaml", ".gitops-lint.yml", ".gitops-lint.json")

Plain = dict[str, Any]
Once = Callable[[bytes, Callable[[], Plain]], Plain]


def _always(_data: bytes, compute: Callable[[], Plain]) -> Plain:
    return compute()


def remembering(cache: Cache) -> Once:
    """For `load`: judge a file once, and take what it said from the cache from then on."""

    def once(data: bytes, compute: Callable[[], Plain]) -> Plain:
        key = hashlib.blake2b(data, digest_size=20).hexdigest()
        held = cache.get("config", key)
        if held is None:
            held = compute()
            cache.put("config", key, held)
        return cast("Plain", held)

    return once


def load(source: Tree | bytes, path: str = "", *, once: Once = _always) -> Settings:
    """The settings that a file gives: its bytes, or the one at `path` of a tree, or at the usual place of a tree if there is one.

    `once(bytes, compute)` may answer with what `compute()` gave for the same bytes before: pydantic is imported only to compute.
    Raises ConfigError: unreadable, no YAML, an unknown key, rule or option, a value that is none.
    """
    if not isinstance(source, bytes):
        found = path or next((name for name in NAMES if name in source.names() or _beside(source, name)), "")
        if not found:
            return Settings()
        try:
            return load(source.read(found), found, once=once)
        except UnreadableError as error:
            raise ConfigError(found, 1, 1, error.reason) from error
    return build(once(source, lambda: _judged(source, path)), path)


def _beside(tree: Tree, name: str) -> bool:
    """Whether a work tree holds a configuration that nobody has added to git yet: whoever has just written one wants it to hold."""
    return isinstance(tree, WorkTree) and os.path.lexists(f"{tree.root}/{name}")


def _judged(data: bytes, path: str) -> Plain:
    root = _parsed(data, path)
    if root is None:
        return {}
    from gitops_lint.config.validate import validate  # noqa: PLC0415  brings pydantic

    return validate(root)


def _parsed(data: bytes, path: str) -> Map | None:
    document = read(data, path)
    if document.error:
        raise ConfigError(path, document.error.line, document.error.column, document.error.message)
    for duplicate in document.duplicates:
        line, column = unpack(duplicate.again)
        raise ConfigError(path, line + 1, column + 1, f"`{duplicate.key}` is given twice")
    values = [root.value for root in document.roots]
    if not values or values == [None]:
        return None
    if len(values) > 1 or not isinstance(values[0], Map):
        raise ConfigError(path, 1, 1, "a configuration is one mapping, like `parity: staged`")
    return values[0]
