"""What a run looks at, gathered from units: an application each, a file each, made by several processes where there is much to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from gitops_lint import assembling, discovery, plain, units, workers
from gitops_lint.extract import candidate
from gitops_lint.extract.collect import gathered
from gitops_lint.extract.surroundings import Surroundings, Trace
from gitops_lint.extract.template_calls import templates
from gitops_lint.files import Files
from gitops_lint.judging import ByScope
from gitops_lint.model import Application, Document, Problem, Repository, Unverified
from gitops_lint.settings import Settings
from gitops_lint.units import Desk, FileUnit, Told, Unit
from gitops_lint.watched import between

Applications = Mapping[Application, Unit]
FileUnits = Mapping[str, FileUnit | None]  # by path; None for a file that says nothing

_WORTH_A_FORK = 100  # environments, or files that are not read yet: a quarter of a second
_CHUNK = 40


class Known(NamedTuple):
    """Units that need not be made again: `own` are of files that environments are made of, `loose` of others."""

    applications: Applications
    own: FileUnits
    loose: FileUnits


NOTHING = Known({}, {}, {})


@dataclass(frozen=True, eq=False)
class Survey:
    """A state of a repository as its units say."""

    repository: Repository
    tree: Files
    units: Known

    def told(self) -> Iterator[Told]:
        """What the rules found that look at one application or file."""
        for unit in self.units.applications.values():
            yield from map(units.told, unit.told)
        for _, file in _read(self.units):
            yield from (Told(plain.finding(one)) for one in file.findings)

    @property
    def spoken(self) -> Mapping[str, Sequence[tuple[int, str]]]:
        """The comments about findings, by path."""
        return {path: file.comments for path, file in _read(self.units) if file.comments}

    @property
    def clauses(self) -> frozenset[int]:
        """The lines of the contract's clauses that speak of a key which some environment has."""
        return frozenset[int]().union(*(unit.clauses for unit in self.units.applications.values()))

    def known(self, files: Files) -> Known:
        """What holds in another state of the tree, too: applications that are the same object there, and files with the same content."""
        other = between(self.tree, files).paths
        own, loose = ({path: unit for path, unit in some.items() if path not in other} for some in self.units[1:])
        return Known(self.units.applications, own, loose)


def survey(repository: Repository, files: Files, settings: Settings, rules: ByScope, known: Known = NOTHING) -> Survey:
    """The survey of a repository that was built of these files. What is `known`, by the same rules, is not looked at again."""
    desk = Desk(files, settings, rules)
    applications, own = _applications(repository.applications, desk, known)
    loose = _loose([path for path in files.names if path not in own and candidate(path)], desk, known)
    made = Known(applications, own, loose)
    surveyed = Repository(
        repository.applications,
        lambda: _Documents(made, files),
        lambda: _pointers(made, files),
        unverified=_unverified(made, repository, discovery.unverified(files, settings)),
        paths=tuple(files.names),
        templates=tuple(templates(files)),
        files_found=sum(1 for _ in _read(made)),
        files_failed=sum(file.error is not None for _, file in _read(made)),
    )
    return Survey(surveyed, files, made)


def _applications(every: Sequence[Application], desk: Desk, known: Known) -> tuple[Applications, FileUnits]:
    """The units of applications, in order, and those of the files that their environments are made of."""
    fresh = [app for app in every if app not in known.applications]
    fresh.sort(key=assembling.size, reverse=True)
    many = sum(map(assembling.size, fresh)) >= _WORTH_A_FORK
    made: dict[Application, Unit] = {}
    own: dict[str, FileUnit] = {}
    for app, answer in zip(fresh, workers.each(fresh, lambda app: _flat(*desk.unit(app)), parallel=many), strict=True):
        made[app], files = _round(answer)
        assembling.recall(app, made[app].environments, made[app].account)
        own |= {path: unit for path, unit in files.items() if path not in own or own[path].empty}
    applications = {app: made[app] if app in made else known.applications[app] for app in every}
    paths = dict.fromkeys(path for unit in applications.values() for path in unit.files)
    return applications, {path: own.get(path) or known.own.get(path) or desk.own(path) for path in paths}


def _loose(paths: Sequence[str], desk: Desk, known: Known) -> FileUnits:
    """The units of the files of no environment that may say something."""
    fresh = [path for path in paths if path not in known.loose]
    chunks = [fresh[start : start + _CHUNK] for start in range(0, len(fresh), _CHUNK)]
    answers = workers.each(chunks, lambda chunk: [_flat_file(desk.loose(path)) for path in chunk], parallel=len(fresh) >= _WORTH_A_FORK)
    made = {path: _file(unit) for chunk, answer in zip(chunks, answers, strict=True) for path, unit in zip(chunk, answer, strict=True)}
    return {path: made[path] if path in made else known.loose[path] for path in paths}


def _flat(unit: Unit, files: Mapping[str, FileUnit]) -> tuple[Any, ...]:
    return tuple(unit), {path: tuple(file) for path, file in files.items()}


def _round(plainly: tuple[Any, ...]) -> tuple[Unit, dict[str, FileUnit]]:
    unit, files = plainly
    return Unit(*unit), {path: FileUnit(*file) for path, file in files.items()}


def _flat_file(unit: FileUnit | None) -> tuple[Any, ...] | None:
    return None if unit is None else tuple(unit)


def _file(plainly: tuple[Any, ...] | None) -> FileUnit | None:
    return None if plainly is None else FileUnit(*plainly)


def _read(made: Known) -> Iterator[tuple[str, FileUnit]]:
    """The files that say something, by path."""
    found = [(path, unit) for some in (made.own, made.loose) for path, unit in some.items() if unit is not None]
    return iter(sorted(found, key=lambda pair: pair[0]))


def _pointers(made: Known, files: Files) -> tuple[Any, ...]:
    placed = (plain.pointer(one) for unit in made.applications.values() for one in unit.pointers)
    loose = (plain.pointer(one) for _, file in _read(made) for one in file.pointers)
    return gathered(placed, loose, Surroundings.of((Trace(*file.trace) for _, file in _read(made)), files.entries))


def _unverified(made: Known, repository: Repository, declared: tuple[Unverified, ...]) -> tuple[Unverified, ...]:
    environments = (env for app in repository.applications for env in app.environments)
    found = {*declared, *(entry for env in environments for entry in (*env.hazy, *env.noted) if entry.severity != "absent")}
    found |= {Unverified(*entry) for unit in made.applications.values() for entry in unit.unread}
    failed = ((path, Problem(*file.error)) for path, file in _read(made) if file.unreadable and file.error is not None)
    return tuple(sorted(found | {Unverified(path, 1, problem.message, "error") for path, problem in failed}))


class _Documents(Mapping[str, Document]):
    """The documents that mattered, by path, each parsed when somebody asks for it."""

    def __init__(self, made: Known, files: Files) -> None:
        self._paths = dict(_read(made))
        self._files = files

    def __getitem__(self, path: str) -> Document:
        if path not in self._paths:
            raise KeyError(path)
        return self._files.document(path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)
