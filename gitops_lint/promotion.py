"""A version on its way through the environments of an application: which pointer of one environment is the same thing as one of another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from gitops_lint.compare import neutralise
from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.model import Application, Environment, Repository
from gitops_lint.peers import peers
from gitops_lint.pointer import Motion, Pointer, PointerKind
from gitops_lint.pointers.version_order import order

_FIXED = (Motion.VERSION, Motion.DIGEST, Motion.COMMIT)


class Run(NamedTuple):
    """A pointer in the environment that it was found in."""

    environment: Environment
    pointer: Pointer


class Track(NamedTuple):
    """One thing that an application deploys, with its version in every environment that deploys it."""

    application: Application
    kind: PointerKind
    key: KeyPath  # as the first environment spells it
    runs: tuple[Run, ...]  # in the order of the environments, one for each

    @property
    def name(self) -> str:
        """What it is called where it gets furthest."""
        return self.runs[-1].pointer.name or dotted(self.key)


def tracks(repository: Repository) -> Iterator[Track]:
    """Everything that the applications of a repository deploy by a version, application by application."""
    found: dict[tuple[str, str], list[Pointer]] = {}
    for pointer in repository.pointers:
        if pointer.environment and not pointer.fault and not pointer.own:
            found.setdefault((pointer.application, pointer.environment), []).append(pointer)
    for application in repository.applications:
        yield from _of(application, found)


def _of(application: Application, found: dict[tuple[str, str], list[Pointer]]) -> Iterator[Track]:
    lines: dict[tuple[PointerKind, KeyPath], dict[str, Run]] = {}
    spelling: dict[tuple[PointerKind, KeyPath], KeyPath] = {}
    for env in application.environments:
        for pointer in found.get((application.name, env.name), ()):
            same = (pointer.kind, tuple(neutralise(segment, env) for segment in pointer.key))
            spelling.setdefault(same, pointer.key)
            lines.setdefault(same, {}).setdefault(env.name, Run(env, pointer))
    for same, runs in lines.items():
        yield Track(application, same[0], spelling[same], tuple(runs.values()))


def once(found: Iterable[Track]) -> list[Track]:
    """The tracks without those that repeat another of their application: one image that stands at several places, the same everywhere."""
    out: dict[tuple[object, ...], Track] = {}
    for track in found:
        said = tuple((run.environment.name, run.pointer.name, run.pointer.version, run.pointer.digest) for run in track.runs)
        out.setdefault((id(track.application), track.kind, *said), track)
    return list(out.values())


class Step(NamedTuple):
    """A stage that runs something, and the stage before it, with everything else held fixed."""

    track: Track
    below: tuple[Run, ...]
    above: tuple[Run, ...]


def steps(track: Track) -> Iterator[Step]:
    """The steps that a version takes from each stage to the next that deploys it, among environments that are peers."""
    runs = {id(run.environment): run for run in track.runs}
    for group in peers(track.application.environments):
        ranked: dict[int, list[Run]] = {}
        for env in group:
            if env.rank is not None and id(env) in runs:
                ranked.setdefault(env.rank, []).append(runs[id(env)])
        ranks = sorted(ranked)
        for low, high in pairwise(ranks):
            yield Step(track, tuple(ranked[low]), tuple(ranked[high]))


def fixed(run: Run) -> bool:
    """Whether a run says which version it runs, and will run tomorrow."""
    return run.pointer.motion in _FIXED and bool(run.pointer.version)


def newest(runs: Iterable[Run]) -> Run | None:
    """The run with the newest version; None where two of them have no order, or there is none."""
    best: Run | None = None
    for run in runs:
        compared = 1 if best is None else order(run.pointer.version, best.pointer.version)
        if compared is None or not fixed(run):
            return None
        best = run if compared > 0 else best
    return best


def artifact(name: str, environment: Environment) -> str:
    """An image's or chart's name without its registry and its environment's name, the same wherever it was copied to."""
    first, slash, rest = name.partition("/")
    path = rest if slash and ("." in first or ":" in first) else name
    return neutralise(path, environment)


def same_artifact(one: Run, other: Run) -> bool:
    """Whether two runs are of one thing, perhaps from two registries."""
    return artifact(one.pointer.name, one.environment) == artifact(other.pointer.name, other.environment)
