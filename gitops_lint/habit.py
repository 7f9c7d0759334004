"""How a team rolls keys out: everywhere at once, or environment by environment. Counted in its commits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from gitops_lint.compare import leaves
from gitops_lint.keypath import KeyPath
from gitops_lint.model import Application, Document, Role
from gitops_lint.trees.history import Commit, FileChange

TOGETHER = 0.8  # from this share on, adding a key everywhere at once is the rule here
_FEW = 5  # key-adding commits; fewer tell nothing


class Habit(NamedTuple):
    """How many commits added keys to all siblings at once, and how many to some of them only."""

    together: int = 0
    partial: int = 0

    @property
    def share(self) -> float | None:
        """The share of commits that added their keys everywhere; None if too few did add any."""
        total = self.together + self.partial
        return self.together / total if total >= _FEW else None

    @property
    def parity(self) -> str:
        """The policy that fits: `together` for a team that mostly does it so, `staged` for all others."""
        return "together" if self.share is not None and self.share >= TOGETHER else "staged"


def siblings(applications: Iterable[Application]) -> list[dict[str, str]]:
    """For each application the environment that each file of its own belongs to, by path."""
    found = []
    for app in applications:
        own = {layer.path: env.name for env in app.environments for layer in env.layers if layer.role is Role.OWN}
        if len(set(own.values())) > 1:
            found.append(own)
    return found


def habit(
    changes: Iterable[tuple[Commit, list[FileChange]]], families: Sequence[Mapping[str, str]], document: Callable[[str], Document]
) -> Habit:
    """Count the commits; `families` is what `siblings` gave, `document` gives the document of a blob."""
    together = partial = 0
    for _commit, files in changes:
        by_path = {change.path: change for change in files if change.status == "M"}
        for family in families:
            touched = [by_path[path] for path in family if path in by_path]
            if touched:
                gained = [(family[change.path], _gained(change, document)) for change in touched]
                every = set().union(*(keys for _, keys in gained))
                complete = len({env for env, keys in gained if keys == every}) == len(set(family.values()))
                together += bool(every) and complete
                partial += bool(every) and not complete
    return Habit(together, partial)


def _gained(change: FileChange, document: Callable[[str], Document]) -> set[KeyPath]:
    return _keys(document(change.new)) - _keys(document(change.old))


def _keys(document: Document) -> set[KeyPath]:
    return {path for root in document.roots for path in leaves(root.value)}
