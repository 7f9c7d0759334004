"""How far apart two environments are: the share of the leaves of their effective configuration that differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations
from typing import NamedTuple

from gitops_lint.compare import identity, neutralise
from gitops_lint.keypath import KeyPath
from gitops_lint.model import Application, Environment, Setting
from gitops_lint.node import Map, Opaque, Seq, Value
from gitops_lint.peers import peers


class Leaf(NamedTuple):
    """A leaf of an environment's effective configuration: its path, where it is set, and what it is compared by."""

    path: KeyPath
    setting: Setting
    mark: tuple[type, str]


Flat = dict[KeyPath, Leaf]


class Divergence(NamedTuple):
    """Two environments, how many leaves they have together, and how many of these are not the same in both."""

    one: str
    other: str
    leaves: int
    differing: int

    @property
    def share(self) -> float:
        """From 0, all the same, to 1."""
        return self.differing / self.leaves if self.leaves else 0.0


def divergences(application: Application) -> Iterator[Divergence]:
    """Each pair of environments that are peers, in the order of the environments."""
    flats = {id(env): flat(env) for env in application.environments}
    seen = set()
    for group in peers(application.environments):
        for one, other in combinations(group, 2):
            if (id(one), id(other)) not in seen:
                seen.add((id(one), id(other)))
                yield _between(one, other, flats[id(one)], flats[id(other)])


def _between(one: Environment, other: Environment, mine: Flat, theirs: Flat) -> Divergence:
    same = sum(mine[path].mark == theirs[path].mark for path in mine.keys() & theirs.keys())
    together = len(mine.keys() | theirs.keys())
    return Divergence(one.name, other.name, together, together - same)


def flat(env: Environment) -> Flat:
    """Every leaf in written order, by its path in which the environment's own name does not count.

    What a disabled sub-chart is given is no leaf. A value that nobody knows before deployment is the same as any other such value.
    """
    spelled = cache(lambda segment: neutralise(segment, env))
    out: Flat = {}
    waiting: list[tuple[KeyPath, KeyPath, Setting]] = list(_below((), (), env, env.values, spelled))
    while waiting:
        real, path, setting = waiting.pop()
        if real in env.disabled:
            continue
        value = setting.value
        below = list(_below(real, path, env, value, spelled))
        if not below:
            out[path] = Leaf(real, setting, (type(value), "" if isinstance(value, Opaque) else repr(value)))
        waiting += below
    return out


def _below(
    real: KeyPath, path: KeyPath, env: Environment, node: Value, spelled: Callable[[str], str]
) -> Iterator[tuple[KeyPath, KeyPath, Setting]]:
    """What stands directly below a node, the last first; two keys that are one without the environment's name keep it."""
    keys: list[tuple[str, str | int]] = []
    if isinstance(node, Map):
        keys = [(key, key) for key in node]
    elif isinstance(node, Seq):
        keys = [(f"[{name}]", index) for index, name in enumerate(identity(node) or ())]
    neutral = [spelled(segment) for segment, _ in keys]
    counts = Counter(neutral)
    for (segment, key), word in zip(reversed(keys), reversed(neutral), strict=True):
        assert isinstance(node, Map | Seq)  # noqa: S101  it has keys
        yield (*real, segment), (*path, word if counts[word] == 1 else segment), Setting(env, node, key)
