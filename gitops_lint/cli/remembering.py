"""What one run found out, for the next: kept by the repository and the settings, in the user's cache."""

from __future__ import annotations

from gitops_lint.cache import Cache
from gitops_lint.earlier import Earlier
from gitops_lint.remembered import Remembered, remembered
from gitops_lint.settings import Settings
from gitops_lint.trees.protocol import Tree, UnreadableError

_SECTION = "surveys"
_LOOKS = "looks"
_MANY = 20_000  # findings, whose looks take tens of megabytes: nobody reads those twice
_FEW = 10  # pieces that are found out again as fast as everything is written down


def recall(cache: Cache, tree: Tree, settings: Settings) -> Remembered | None:
    """What an earlier run found out about the tree, if there was one with these settings."""
    held = cache.get(_SECTION, _key(tree, settings)) if _lasting(tree, settings) else None
    return remembered(held) if isinstance(held, tuple) else None


def keep(cache: Cache, tree: Tree, settings: Settings, found: Remembered | None) -> None:
    """Keep what was found out for the next run, if much of it is new."""
    if cache.lasts and found is not None and found.fresh > _FEW and _lasting(tree, settings):
        try:
            cache.put(_SECTION, _key(tree, settings), found.flat())
        except ValueError:
            return  # a value of a type that cannot be written down: it is found out again


def looks(cache: Cache, tree: Tree) -> Earlier:
    """What the findings of an earlier run looked like."""
    held = cache.get(_LOOKS, tree.root) if _in_git(tree) else None

    def blob(path: str) -> str:
        try:
            return tree.blob(path) if path in tree.names() else ""
        except UnreadableError:
            return ""

    return Earlier(held if isinstance(held, dict) else {}, blob if _in_git(tree) else lambda _path: "")


def keep_looks(cache: Cache, tree: Tree, found: Earlier) -> None:
    """Keep what findings look like for the next run, if many were not known."""
    if found.fresh > _FEW and len(found.shown) < _MANY:
        cache.put(_LOOKS, tree.root, found.shown)


def _lasting(tree: Tree, settings: Settings) -> bool:
    """Whether git knows what is not the same, and nothing else is looked at: other trees change, and so do plugins."""
    return _in_git(tree) and not settings.trees and not settings.plugins


def _in_git(tree: Tree) -> bool:
    return getattr(tree, "checkout", None) is not None


def _key(tree: Tree, settings: Settings) -> str:
    return f"{tree.root}\n{settings!r}"
