"""A version on its way through the environments of an application: which pointer of one environment is the same thing as one of another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from gitops_lint.compare import neutralise
from gitops_lint.finding import Finding, Related
from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.lacking import listed
from gitops_lint.model import Application, Environment, Repository
from gitops_lint.peers import peers
from gitops_lint.pointer import Motion, Pointer, PointerKind
from gitops_lint.pointers.version_order import is_patch, order
from gitops_lint.severity import Severity

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
    neutral: KeyPath  # the same for all: without the environments' names
    runs: tuple[Run, ...]  # in the order of the environments, one for each

    @property
    def name(self) -> str:
        """What it is called where it gets furthest."""
        return self.runs[-1].pointer.name or dotted(self.key)


@lru_cache(maxsize=2)
def tracks(repository: Repository) -> tuple[Track, ...]:
    """Everything that the applications of a repository deploy by a version, application by application; for a base and a head at once."""
    return tuple(track for application in repository.applications for track in tracks_of(repository, application))


def tracks_of(repository: Repository, application: Application) -> Iterator[Track]:
    """The same of one application."""
    return _of(application, _by_environment(repository))


@lru_cache(maxsize=2)
def _by_environment(repository: Repository) -> dict[tuple[str, str], list[Pointer]]:
    found: dict[tuple[str, str], list[Pointer]] = {}
    for pointer in repository.pointers:
        if pointer.environment and not pointer.fault and not pointer.own:
            found.setdefault((pointer.application, pointer.environment), []).append(pointer)
    return found


def _of(application: Application, found: dict[tuple[str, str], list[Pointer]]) -> Iterator[Track]:
    lines: dict[tuple[PointerKind, KeyPath], dict[str, Run]] = {}
    spelling: dict[tuple[PointerKind, KeyPath], KeyPath] = {}
    for env in application.environments:
        for pointer in found.get((application.name, env.name), ()):
            same = (pointer.kind, tuple(neutralise(segment, env) for segment in pointer.key))
            spelling.setdefault(same, pointer.key)
            lines.setdefault(same, {}).setdefault(env.name, Run(env, pointer))
    for same, runs in lines.items():
        yield Track(application, same[0], spelling[same], same[1], tuple(runs.values()))


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
    lower: tuple[Run, ...]  # all stages further down
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
            lower = [run for rank in ranks if rank < low for run in ranked[rank]]
            yield Step(track, tuple(lower), tuple(ranked[low]), tuple(ranked[high]))


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


class Lead(NamedTuple):
    """Environments of one stage that run a newer version than the newest of the stage below."""

    runs: tuple[Run, ...]
    below: Run
    lower: tuple[Run, ...]  # the same thing in every environment of a lower rank


@lru_cache(maxsize=2)
def leads(repository: Repository) -> tuple[Lead, ...]:
    """Every version that is ahead, said once for all environments of a stage that run it and all places where it stands."""
    return tuple(_leads(repository))


def _leads(repository: Repository) -> Iterator[Lead]:
    seen = set()
    for track in once(tracks(repository)):
        for step in steps(track):
            below = newest(step.below)
            ahead_of = [run for run in step.above if below is not None and _passes(run, below)]
            for version in dict.fromkeys(run.pointer.version for run in ahead_of):
                runs = tuple(run for run in ahead_of if run.pointer.version == version)
                mark = (id(track.application), runs[0].pointer.name, version, tuple(run.environment.name for run in runs))
                if below is not None and mark not in seen:
                    seen.add(mark)
                    yield Lead(runs, below, tuple(_lower(track, runs[0])))


def _passes(run: Run, below: Run) -> bool:
    return fixed(run) and same_artifact(run, below) and order(run.pointer.version, below.pointer.version) == 1


def _lower(track: Track, run: Run) -> Iterator[Run]:
    rank = run.environment.rank or 0
    yield from (other for other in track.runs if other.environment.rank is not None and other.environment.rank < rank)


def is_hotfix(lead: Lead) -> bool:
    """Whether a version is a patch of what stands below, and no lower stage has it or a newer one."""
    version = lead.runs[0].pointer.version
    known = any(order(run.pointer.version, version) in (0, 1) for run in lead.lower)
    return not known and is_patch(version, lead.below.pointer.version)


def label(run: Run) -> str:
    """What a run runs, without the digest: nobody reads it, and the version is what is compared."""
    return run.pointer.text.partition("@")[0]


def runs_it(runs: Sequence[Run]) -> str:
    """`prod runs `shop:1.5.0``, or what several do."""
    names = listed(run.environment.name for run in runs)
    return f"{names} {'runs' if len(runs) == 1 else 'run'} `{label(runs[0])}`"


def told(runs: Sequence[Run], message: str, remedy: str, others: Iterable[Run] = ()) -> Finding:
    """A finding about runs of one version, at the first of them, with what others run beside it; a note where none is protected."""
    first = runs[0]
    note = not any(run.environment.protected for run in runs)
    rest = [run for run in runs[1:] if run.pointer.at != first.pointer.at]
    return Finding(
        message,
        at=first.pointer.at,
        key=first.pointer.key,
        application=first.environment.application,
        environments=tuple(run.environment.name for run in runs),
        related=tuple(Related(run.pointer.at, f"`{run.pointer.version}`", run.environment.name) for run in (*rest, *others)),
        help=remedy,
        severity=Severity.INFO if note else Severity.OFF,
        note=note,
    )


def artifact(name: str, environment: Environment) -> str:
    """An image's or chart's name without its registry and its environment's name, the same wherever it was copied to."""
    first, slash, rest = name.partition("/")
    path = rest if slash and ("." in first or ":" in first) else name
    return neutralise(path, environment)


def same_artifact(one: Run, other: Run) -> bool:
    """Whether two runs are of one thing, perhaps from two registries."""
    return artifact(one.pointer.name, one.environment) == artifact(other.pointer.name, other.environment)
