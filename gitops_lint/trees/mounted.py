"""Several trees as one: each branch or checkout that stands for an environment is a folder of that environment's name.

So every way of finding environments that knows folders knows branches and repositories as well, and a path says which one it is in.
"""

from __future__ import annotations

from collections.abc import Mapping

from gitops_lint.trees.entry import Entry, TreeError
from gitops_lint.trees.protocol import Tree

RENDERED = "hydrator.metadata"  # Argo CD's hydrator puts it at the top of branches that it writes


class MountedTree:
    """The main tree, and others below folders of their names; without `main` there are the others alone."""

    def __init__(self, main: Tree, others: Mapping[str, Tree], *, at_top: bool = True) -> None:
        self.label = main.label
        self.root = main.root
        self.prefix = main.prefix
        self._trees = dict(others)
        self._main = main if at_top else None
        self._names = self._merged()

    def names(self) -> Mapping[str, Entry]:
        """Every file, sorted."""
        return self._names

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises UnreadableError."""
        tree, inside = self._at(path)
        return tree.read(inside)

    def blob(self, path: str) -> str:
        """The git blob id of what `read` gives. Raises UnreadableError."""
        tree, inside = self._at(path)
        return tree.blob(inside)

    def _at(self, path: str) -> tuple[Tree, str]:
        name, _, inside = path.partition("/")
        if name in self._trees and inside:
            return self._trees[name], inside
        if self._main is None:
            raise TreeError(f"`{path}` is in none of the trees")
        return self._main, path

    def _merged(self) -> dict[str, Entry]:
        found: dict[str, Entry] = dict(self._main.names()) if self._main is not None else {}
        tops = {path.partition("/")[0] for path in found if "/" in path}
        for name, tree in self._trees.items():
            if name in tops:
                raise TreeError(f"the tree `{name}` would hide the folder of that name; call it otherwise")
            files = tree.names()
            if RENDERED in files:
                raise TreeError(f"the tree `{name}` is written by a hydrator ({RENDERED}); name the branch that it is rendered from")
            found |= {f"{name}/{path}": entry for path, entry in files.items()}
        return dict(sorted(found.items()))
