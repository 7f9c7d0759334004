"""What a change does to a difference between environments: who gained the key by it, who lost it, who is new."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gitops_lint.keypath import KeyPath
from gitops_lint.lacking import trail
from gitops_lint.model import Change, Comparison, Difference, Environment, Gap, Pair, Setting


class Opened(NamedTuple):
    """A difference of the head with the part that the change has in it."""

    pair: Pair
    comparison: Comparison
    difference: Difference
    gained: tuple[Setting, ...]  # environments that have the key by this change, though they were there before
    lost: tuple[Gap, ...]  # environments that had it before
    fresh: tuple[Gap, ...]  # environments that were not there before


def opened(change: Change) -> Iterator[Opened]:
    """Every difference of the head in an application that the base has, too, and has otherwise."""
    for pair in change.altered:
        if pair.before is not None:
            known = {env.name: env for env in pair.before.environments}
            for comparison in pair.after.comparisons:
                for difference in comparison.differences:
                    yield _opened(pair, comparison, difference, known)


def _opened(pair: Pair, comparison: Comparison, difference: Difference, known: dict[str, Environment]) -> Opened:
    path = difference.path
    gained = tuple(s for s in difference.have if s.environment.name in known and not has(known[s.environment.name], path))
    lost = tuple(gap for gap in difference.lack if gap.environment.name in known and has(known[gap.environment.name], path))
    fresh = tuple(gap for gap in difference.lack if gap.environment.name not in known)
    return Opened(pair, comparison, difference, gained, lost, fresh)


def has(env: Environment, path: KeyPath) -> bool:
    """Whether an environment has a value that is not null at a path."""
    steps = list(trail(env, env.values, path))
    return len(steps) == len(path) and steps[-1].value is not None


def marks(change: Change, found: Opened, gaps: tuple[Gap, ...]) -> tuple[str, ...]:
    """The evidence that the change gives, for `grade`."""
    out = ["added-by-change"] if found.gained else []
    own = {layer.path for gap in gaps for layer in gap.environment.layers if layer.role == "environment"}
    return tuple(out + (["touched"] if own & change.touched else []))
