"""What a change does to a difference between environments: who gained the key by it, who lost it, who is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gitops_lint.compare import identity, neutralise
from gitops_lint.keypath import KeyPath, of_kustomization
from gitops_lint.lacking import MANY, trail
from gitops_lint.model import Application, Change, Comparison, Difference, Environment, Gap, Pair, Role, Setting
from gitops_lint.node import Map, Seq, Value

_OWN = (Role.OWN, Role.SHAPE)


class Begun(NamedTuple):
    """An environment that the change gives what a key belongs to, and not the key: `anchor` is the topmost of what it is given."""

    gap: Gap
    anchor: KeyPath


class Opened(NamedTuple):
    """A difference of the head with the part that the change has in it."""

    pair: Pair
    comparison: Comparison
    difference: Difference
    gained: tuple[Setting, ...]  # environments that have the key by this change, though they were there before
    kept: tuple[Setting, ...]  # environments that had it before
    lost: tuple[Gap, ...]  # environments that had it before and lack it now
    fresh: tuple[Gap, ...]  # environments that were not there before
    begun: tuple[Begun, ...]
    narrowed: tuple[Gap, ...]  # environments that lacked it before when others had it, and still do although one more has it now

    @property
    def complete(self) -> bool:
        """Whether all environments have the key but new ones."""
        siblings = {env.name for env in self.comparison.environments} - {gap.environment.name for gap in self.fresh}
        return bool(siblings) and siblings <= {s.environment.name for s in self.difference.have}


def opened(change: Change) -> Iterator[Opened]:
    """Every difference of the head in an application that the base has, too, and has otherwise.

    An application of two environments is one only since the second is there: the first is as it was, if its files are.
    """
    for pair in change.altered:
        known = _known(pair.before, pair.after, change)
        for comparison in pair.after.comparisons if known else ():
            yield from _uncrowded([_opened(pair, comparison, difference, known) for difference in comparison.differences])


def _uncrowded(found: list[Opened]) -> Iterator[Opened]:
    """The differences, without such as are narrowed in an environment that lacks very many of them: it is behind, or built otherwise."""
    counts = Counter(gap.environment.name for one in found for gap in one.narrowed)
    for one in found:
        yield one._replace(narrowed=tuple(gap for gap in one.narrowed if counts[gap.environment.name] <= MANY)) if one.narrowed else one


def _known(before: Application | None, after: Application, change: Change) -> dict[str, Environment]:
    """The environments that the base has, by name."""
    if before is not None:
        return {env.name: env for env in before.environments}
    there = frozenset(change.base.paths)
    own = {env.name: [layer.path for layer in env.layers if layer.role in _OWN] for env in after.environments}
    whole = [env for env in after.environments if own[env.name] and there.issuperset(own[env.name])]
    new = [env for env in after.environments if there.isdisjoint(own[env.name])]
    return {env.name: env for env in whole} if new and len(whole) + len(new) == len(own) else {}


def _opened(pair: Pair, comparison: Comparison, difference: Difference, known: Mapping[str, Environment]) -> Opened:
    path, length = difference.path, len(difference.path)
    spellings = _spellings(path, comparison)
    have = [(s, _reach(known[s.environment.name], _own(s, path), spellings)) for s in difference.have if s.environment.name in known]
    lack = [
        (gap, _before(known[gap.environment.name], gap.environment, path, spellings))
        for gap in difference.lack
        if gap.environment.name in known
    ]
    gained = tuple(s for s, depth in have if depth < length)
    kept = tuple(s for s, depth in have if depth == length)
    certain = [(gap, depth) for gap, depth in lack if depth < length and not known[gap.environment.name].hazy]
    one_more = kept and any(not known[s.environment.name].hazy for s in gained)
    return Opened(
        pair,
        comparison,
        difference,
        gained=gained,
        kept=kept,
        lost=tuple(gap for gap, depth in lack if depth == length),
        fresh=tuple(gap for gap in difference.lack if gap.environment.name not in known),
        begun=tuple(
            Begun(gap, path[: depth + 1])
            for gap, depth in certain
            if depth < length - 1 and _reach(gap.environment, path, spellings) == length - 1
        ),
        narrowed=tuple(gap for gap, _ in certain if one_more and not _left_to_stage(comparison, difference, gap)),
    )


def _spellings(path: KeyPath, comparison: Comparison) -> tuple[set[str], ...]:
    """How each segment of a path may be spelled without an environment's name; `Kind/` for an object of which nobody has two."""
    out = tuple({neutralise(segment, env) for env in comparison.environments} for segment in path)
    kind = path[0].partition("/")[0] + "/"
    counts = (sum(name.startswith(kind) for name in env.values) for env in comparison.environments)
    if path[0].endswith(":") and not of_kustomization(path[0]) and max(counts, default=0) == 1:
        out[0].add(kind)
    return out


def _own(setting: Setting, path: KeyPath) -> KeyPath:
    """A path as the environment of a setting spells its end."""
    if isinstance(setting.node, Map):
        return (*path[:-1], str(setting.key))
    names = identity(setting.node)
    return (*path[:-1], f"[{names[int(setting.key)]}]") if names else path


def _reach(env: Environment, path: KeyPath, spellings: tuple[set[str], ...]) -> int:
    """How many segments of a path an environment has a value at; another environment's name may stand there for its own."""
    node: Value = env.values
    for depth, (segment, neutral) in enumerate(zip(path, spellings, strict=True)):
        names = _names(node)
        here = segment if segment in names else _alike(neutral, names, env)
        step = next(iter(trail(env, node, (here,))), None) if here is not None else None
        if step is None or step.value is None:
            return depth
        node = step.value
    return len(path)


def _before(base: Environment, head: Environment, path: KeyPath, spellings: tuple[set[str], ...]) -> int:
    """How far a path that the head lacks led in the base; what the head has as well, under its own name, is something else."""
    depth = _reach(base, path, spellings)
    return depth if depth < len(path) or _reach(head, path, spellings) < len(path) or has(base, path) else len(path) - 1


def _alike(neutral: set[str], names: tuple[str, ...], env: Environment) -> str | None:
    """The key that is the same but for its environment's name, or the only object of the kind."""
    found = next((name for name in names if neutralise(name, env) in neutral), None)
    rivals = [name for name in names if name.partition("/")[0] + "/" in neutral] if found is None else []
    return rivals[0] if len(rivals) == 1 else found


def _names(node: Value) -> tuple[str, ...]:
    if isinstance(node, Seq):
        return tuple(f"[{name}]" for name in identity(node) or ())
    return tuple(node) if isinstance(node, Map) else ()


def has(env: Environment, path: KeyPath) -> bool:
    """Whether an environment has a value that is not null at a path."""
    steps = list(trail(env, env.values, path))
    return len(steps) == len(path) and steps[-1].value is not None


def _left_to_stage(comparison: Comparison, difference: Difference, gap: Gap) -> bool:
    """Whether nobody of a stage has the key, and the stage is of several: that it lacks there is a choice."""
    stage = {env.name for env in comparison.environments if env.stage == gap.environment.stage}
    return len(stage) > 1 and stage.isdisjoint(s.environment.name for s in difference.have)


def marks(change: Change, found: Opened, gaps: Sequence[Gap]) -> tuple[str, ...]:
    """The evidence that the change gives, for `grade`."""
    out = ["added-by-change"] if found.gained else []
    out += ["narrowed"] if any(gap in found.narrowed for gap in gaps) else []
    own = {layer.path for gap in gaps for layer in gap.environment.layers if layer.role == "environment"}
    return tuple(out + (["touched"] if own & change.touched else []))
