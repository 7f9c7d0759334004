"""What a change does to versions: which environment is given another one, and what it ran before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gitops_lint.keypath import KeyPath
from gitops_lint.model import Application, Change, Pair, Repository
from gitops_lint.pointer import PointerKind
from gitops_lint.promotion import Run, Track, fixed, once, same_artifact, tracks_of

_Past = dict[tuple[int, PointerKind, KeyPath, str], Run]


class Move(NamedTuple):
    """A run of the head, and what the same environment ran of the same thing at the base; `past` is that of every environment."""

    pair: Pair
    track: Track
    run: Run
    before: Run
    past: dict[str, Run]
    alone: bool  # the application deploys nothing else by a version


def moves(change: Change) -> Iterator[Move]:
    """Every version that is fixed and that the change sets in an environment, said once for all places where it stands."""
    if change.settled:
        return
    seen = set()
    pairs = {id(pair.after): pair for pair in change.altered if pair.before is not None}
    past = _past(change.base, [pair.before for pair in pairs.values() if pair.before is not None])
    found = once(track for pair in pairs.values() for track in tracks_of(change.head, pair.after))
    counts = Counter(id(track.application) for track in found)
    for track in found:
        pair = pairs[id(track.application)]
        mine = {run.environment.name: past.get((id(pair.before), track.kind, track.neutral, run.environment.name)) for run in track.runs}
        known = {name: run for name, run in mine.items() if run is not None}
        for run in track.runs:
            before = known.get(run.environment.name)
            if before is None or said(before) == said(run) or not fixed(run) or not same_artifact(run, before):
                continue
            mark = (id(track.application), run.environment.name, run.pointer.name, said(before), said(run))
            if mark not in seen:
                seen.add(mark)
                yield Move(pair, track, run, before, known, counts[id(track.application)] == 1)


def said(run: Run) -> tuple[str, str]:
    """What a run says of its version: tag or range, and digest."""
    return run.pointer.version, run.pointer.digest


def _past(base: Repository, applications: Iterable[Application]) -> _Past:
    found = (track for application in applications for track in tracks_of(base, application))
    return {(id(track.application), track.kind, track.neutral, run.environment.name): run for track in found for run in track.runs}
