"""A state of a repository as its units say: what rules of the whole repository look at, and what was found in each unit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gitops_lint import plain, recalled, units
from gitops_lint.discovery.order import Order
from gitops_lint.files import Files
from gitops_lint.model import Application, Document, Problem, Repository, Unverified
from gitops_lint.plain import Plain
from gitops_lint.remembered import Piece, Remembered, Since
from gitops_lint.units import FileUnit, Told, Unit
from gitops_lint.watched import Watched

_WHOLE = "whole"  # the piece of what is found in all of the repository
_OF_ALL = ("discovery", "keys", "templates", "orders")  # the other pieces that are of no application


@dataclass(frozen=True, eq=False)
class Made:
    """The units: of applications, of the files that environments are made of, and of others that may say something."""

    applications: Mapping[Application, Unit]
    own: Mapping[str, FileUnit]
    loose: Mapping[str, FileUnit | None]  # None for a file that says nothing

    @cached_property
    def files(self) -> tuple[tuple[str, FileUnit], ...]:
        """The files that say something, by path."""
        found = [*self.own.items(), *((path, unit) for path, unit in self.loose.items() if unit is not None)]
        return tuple(sorted(found, key=lambda pair: pair[0]))


@dataclass(frozen=True, eq=False)
class Survey:
    """A state of a repository as its units say, and what of it holds for another state."""

    repository: Repository
    tree: Files
    orders: tuple[Order, ...]
    remembered: Remembered
    _made: Made
    _since: Since
    _view: Watched  # the files as the whole repository sees them

    def told(self, base: Survey | None = None) -> Iterator[Told]:
        """What the rules found that look at one application or file; it is not new where these are one and the same at a base."""
        known = base._parts if base is not None else {}  # noqa: SLF001  of its own kind
        for part, found in self._parts.items():
            new = known.get(part) != found
            yield from (units.told(one, new=new) for one in found)

    def beyond(self, other: Survey) -> Iterator[Told]:
        """The same of those applications and files that are not one and the same in another state."""
        known = other._parts
        return (units.told(one) for part, found in self._parts.items() if known.get(part) != found for one in found)

    @cached_property
    def _parts(self) -> dict[Application | str, tuple[Plain, ...]]:
        """What was found in each application and each file, by path."""
        parts: dict[Application | str, tuple[Plain, ...]] = {app: unit.told for app, unit in self._made.applications.items()}
        parts.update((path, tuple((one, ()) for one in file.findings)) for path, file in self._made.files if file.findings)
        return parts

    @cached_property
    def spoken(self) -> Mapping[str, Sequence[tuple[int, str]]]:
        """The comments about findings, by path."""
        return {path: file.comments for path, file in self._made.files if file.comments}

    @property
    def environments(self) -> tuple[tuple[str, str], ...]:
        """The names of every application and its environments, in the order of a report."""
        made = self._made.applications.items()
        return tuple((app.name, recalled.name(environment)) for app, unit in made for environment in unit.environments)

    @cached_property
    def named(self) -> Mapping[str, Application]:
        """The applications by name; of several with one name the first."""
        return {app.name: app for app in reversed(self.repository.applications)}

    def whole(self, make: Callable[[Repository, Files], tuple[Plain, ...]], *, anew: bool) -> tuple[Plain, ...]:
        """What `make` finds in all of the repository, unless nothing that our rules look at has changed: units without values, and files.

        `anew` is for rules that may look at anything.
        """
        held = None if anew else self._since.held(_WHOLE, where=self._alike)
        if held is None:
            found = make(self.repository, self._view)
            held = Piece(self._view.account(), found)
            self._since.made(_WHOLE, held)
        self.remembered.pieces[_WHOLE] = held
        return held.value  # type: ignore[no-any-return]  # what `make` gave

    def same_pointers(self, other: Survey) -> bool:
        """Whether every version pointer is the same in another state, place and all."""
        mine, theirs = (
            (
                {(app.name, app.system): unit.pointers for app, unit in made.applications.items()},
                {path: (file.pointers, file.trace) for path, file in made.files},
            )
            for made in (self._made, other._made)
        )
        return mine == theirs and self.repository.paths == other.repository.paths

    def _alike(self, state: Remembered) -> bool:
        """Whether all that the rest of the repository may know of a unit is the same in another state."""
        now = self.remembered
        return (
            now.pieces.keys() - {_WHOLE} == state.pieces.keys() - {_WHOLE}
            and all(_outline(name, piece) == _outline(name, state.pieces[name]) for name, piece in now.pieces.items() if name != _WHOLE)
            and _outlines(now.own) == _outlines(state.own)
            and _outlines(now.loose) == _outlines(state.loose)
        )

    @property
    def clauses(self) -> frozenset[int]:
        """The lines of the contract's clauses that speak of a key which some environment has."""
        return frozenset[int]().union(*(unit.clauses for unit in self._made.applications.values()))


def _outline(name: str, piece: Piece) -> object:
    """What rules of the whole repository may know of a piece: of an application's, not what its own rules have found."""
    if name in _OF_ALL:
        return piece.value
    unit = Unit(*piece.value[1])
    return unit.environments, unit.pointers, unit.unread, unit.files


def _outlines(files: Mapping[str, tuple[Any, ...] | None]) -> dict[str, object]:
    """The same of units of files."""
    whole = ((path, FileUnit(*flat)) for path, flat in files.items() if flat is not None)
    return {path: (unit.error, unit.unreadable, unit.empty, unit.pointers, unit.trace) for path, unit in whole}


def pointers(made: Made, files: Files) -> tuple[Any, ...]:
    """All version pointers, with what the whole tree says of them."""
    from gitops_lint.extract.collect import gathered  # noqa: PLC0415  as long as nothing is new, nobody asks
    from gitops_lint.extract.surroundings import Surroundings, Trace  # noqa: PLC0415  as above

    placed = (plain.pointer(one) for unit in made.applications.values() for one in unit.pointers)
    loose = (plain.pointer(one) for _, file in made.files for one in file.pointers)
    return gathered(placed, loose, Surroundings.of((Trace(*file.trace) for _, file in made.files), files.entries))


def unverified(made: Made, declared: tuple[Unverified, ...]) -> tuple[Unverified, ...]:
    """What could not be evaluated or read, with what is `declared` and could not be followed, sorted."""
    unknown = (Unverified(*entry) for unit in made.applications.values() for env in unit.environments for entry in recalled.unknown(env))
    found = {*declared, *(entry for entry in unknown if entry.severity != "absent")}
    found |= {Unverified(*entry) for unit in made.applications.values() for entry in unit.unread}
    failed = ((path, Problem(*file.error)) for path, file in made.files if file.unreadable and file.error is not None)
    return tuple(sorted(found | {Unverified(path, 1, problem.message, "error") for path, problem in failed}))


class Documents(Mapping[str, Document]):
    """The documents that mattered, by path, each parsed when somebody asks for it."""

    def __init__(self, paths: Iterable[str], files: Files) -> None:
        self._paths = dict.fromkeys(paths)
        self._files = files

    def __getitem__(self, path: str) -> Document:
        if path not in self._paths:
            raise KeyError(path)
        return self._files.document(path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)
