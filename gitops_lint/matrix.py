"""Which version runs where: applications by environments, each version beside the one in the stage below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gitops_lint.model import Application, Environment, Repository
from gitops_lint.peers import peers
from gitops_lint.pointer import Motion, Pointer, PointerKind
from gitops_lint.pointers.version_order import order
from gitops_lint.promotion import Run, Track, once, same_artifact, tracks
from gitops_lint.report import Cell, Matrix

_SHORT = 19  # characters of a digest or a commit: enough to tell two apart
_COMMIT = 40


class Line(NamedTuple):
    """One thing that an application deploys, or nothing where it deploys nothing by a version, with a cell for each environment."""

    application: Application
    kind: PointerKind | None
    name: str
    cells: dict[str, Cell]


def lines(repository: Repository) -> list[Line]:
    """The matrix before it is laid out, in the order of the applications."""
    found: dict[int, list[Track]] = {}
    for track in once(tracks(repository)):
        found.setdefault(id(track.application), []).append(track)
    out = []
    for application in repository.applications:
        out += [_line(track) for track in found.get(id(application), ())] or [Line(application, None, "", {})]
    return out


def matrix(repository: Repository) -> Matrix:
    """Applications by environments, for reports: a row for each version that an application has, none for applications without any."""
    shown = [line for line in lines(repository) if line.cells]
    columns = environments([line.application for line in shown])
    several = {id(line.application) for number, line in enumerate(shown) if number and shown[number - 1].application is line.application}
    rows = [(_title(line, several=id(line.application) in several), tuple(line.cells.get(name) for name in columns)) for line in shown]
    return Matrix(columns, tuple(rows))


def environments(applications: Iterable[Application]) -> tuple[str, ...]:
    """The names of all environments, by rank, those without one last."""
    every = {env.name: env for app in applications for env in app.environments}
    return tuple(sorted(every, key=lambda name: (every[name].rank is None, every[name].rank or 0, name)))


def _title(line: Line, *, several: bool) -> str:
    return f"{line.application.name}: {line.name}" if several and line.name else line.application.name


def _line(track: Track) -> Line:
    cells = {}
    runs = {run.environment.name: run for run in track.runs}
    groups = peers(track.application.environments)
    for env in track.application.environments:
        run = runs.get(env.name)
        if run is None:
            cells[env.name] = Cell("", "missing", f"{env.name} deploys no `{track.name}`")
        else:
            cells[env.name] = _cell(run, _measure(env, groups, runs))
    return Line(track.application, track.kind, track.name, cells)


def _measure(env: Environment, groups: Sequence[Sequence[Environment]], runs: dict[str, Run]) -> list[Run]:
    """The runs that a run is measured by: those of the nearest stage below, or of the same stage where there is none."""
    others = [runs[other.name] for group in groups if env in group for other in group if other is not env and other.name in runs]
    lower = [run for run in others if env.rank is not None and run.environment.rank is not None and run.environment.rank < env.rank]
    if lower:
        nearest = max(run.environment.rank or 0 for run in lower)
        return [run for run in lower if (run.environment.rank or 0) == nearest]
    return [run for run in others if run.environment.rank == env.rank]


def _cell(run: Run, measure: Sequence[Run]) -> Cell:
    text, pointer = _text(run.pointer), run.pointer
    if pointer.motion is Motion.MOVING:
        return Cell(text, "mutable", pointer.reason)
    if pointer.motion is Motion.UNKNOWN:
        return Cell(text, "unknown", pointer.reason)
    same = [other for other in measure if same_artifact(run, other)]
    if not measure or any(_said(other.pointer) == _said(pointer) for other in same):
        return Cell(text)
    for sign, state, words in ((-1, "behind", "older than"), (1, "ahead", "newer than")):
        told = next((other for other in same if order(pointer.version, other.pointer.version) == sign), None)
        if told is not None:
            return Cell(text, state, f"{words} {_text(told.pointer)} in {told.environment.name}")
    other = measure[0]
    reason = "nobody can tell which is newer" if same else f"that is `{other.pointer.name}`"
    return Cell(text, "unknown", f"{_text(other.pointer)} in {other.environment.name}: {reason}")


def _said(pointer: Pointer) -> tuple[str, str]:
    return (pointer.version, pointer.digest)


def _text(pointer: Pointer) -> str:
    version = pointer.version or pointer.digest or "no version"
    return version[:_SHORT] if len(version) >= _COMMIT else version
