"""What a change does to each environment: the effective values that come, go and become others, whichever layer was edited."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gitops_lint.divergence import Leaf, flat
from gitops_lint.keypath import KeyPath
from gitops_lint.model import Application, Change, Environment


class Effect(NamedTuple):
    """A value before and after a change; None where it is not set."""

    path: KeyPath
    before: Leaf | None
    after: Leaf | None

    @property
    def verb(self) -> str:
        """What happens to it: `added`, `removed` or `altered`."""
        return "added" if self.before is None else "removed" if self.after is None else "altered"


class Impact(NamedTuple):
    """What a change does to one environment; `verb` is `added` or `removed` where the environment itself comes or goes."""

    application: Application
    environment: Environment
    verb: str
    effects: tuple[Effect, ...]


def impacts(change: Change) -> Iterator[Impact]:
    """Each environment whose effective values are not what they were, in the order of the head; then those that are gone."""
    for pair in change.pairs:
        known = {env.name: env for env in pair.before.environments} if pair.before is not None else {}
        for env in pair.after.environments:
            before = known.pop(env.name, None)
            effects = tuple(effected(before, env))
            if effects or before is None:
                yield Impact(pair.after, env, "altered" if before is not None else "added", effects)
        for env in known.values():
            yield Impact(pair.after, env, "removed", tuple(effected(env, None)))
    for app in change.removed:
        if not any(pair.before is app for pair in change.pairs):
            for env in app.environments:
                yield Impact(app, env, "removed", tuple(effected(env, None)))


def effected(before: Environment | None, after: Environment | None) -> Iterator[Effect]:
    """The values that are not the same in two states of an environment, those of the second in written order first."""
    if before is not None and after is not None and before.values is after.values:
        return
    old = flat(before) if before is not None else {}
    new = flat(after) if after is not None else {}
    for path, leaf in new.items():
        was = old.get(path)
        if was is None or was.mark != leaf.mark:
            yield Effect(leaf.path, was, leaf)
    yield from (Effect(leaf.path, leaf, None) for path, leaf in old.items() if path not in new)
