"""What a run looks at, gathered from units: an application each, a file each, made by several processes where there is much to do."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from gitops_lint import assembling, packing, workers
from gitops_lint.blueprint import Blueprint
from gitops_lint.extract.relevant import candidate
from gitops_lint.files import Files
from gitops_lint.model import Application, Repository, Unverified
from gitops_lint.plain import Plain
from gitops_lint.policy import Policy
from gitops_lint.remembered import Piece, Remembered, Since
from gitops_lint.settings import Settings
from gitops_lint.survey import Documents, Made, Survey, pointers, unverified
from gitops_lint.units import FileUnit, Unit
from gitops_lint.watched import Account, Watched

if TYPE_CHECKING:
    from gitops_lint.desk import Desk

_WORTH_A_FORK = 100  # environments, or files that are not read yet: a quarter of a second
_CHUNK = 40


def survey(files: Files, settings: Settings, policy: Policy, *pasts: Remembered | None) -> Survey:
    """The survey of a tree. What of its `pasts`, surveyed under the same policy, holds for it is not looked at again."""
    since = Since(files, *pasts)
    names, declared = _names(settings, since)
    keys = since.piece("keys", _declared_keys, rough=True)
    since.only("keys", keys)  # what they say of versions concerns everybody
    desk = _desk(files, settings, policy, keys)
    applications, own = _applications(names, settings, desk, since)
    made = Made(applications, own, _loose([path for path in files.names if path not in own and candidate(path)], desk, since))
    since.now.own = {path: tuple(unit) for path, unit in made.own.items()}
    since.now.loose = {path: _flat_file(unit) for path, unit in made.loose.items()}
    view = Watched(files)
    repository = Repository(
        tuple(applications),
        lambda: Documents(dict(made.files), view),
        lambda: pointers(made, view),
        unverified=unverified(made, declared),
        paths=tuple(view.names),
        templates=packing.unpacked(since.piece("templates", _templates)),
        files_found=len(made.files),
        broken=frozenset(path for path, file in made.files if file.error is not None and not file.unreadable),
        files_failed=sum(file.error is not None for _, file in made.files),
    )
    orders = packing.unpacked(since.piece("orders", _orders))
    return Survey(repository, files, orders, since.now, made, since, view)


def _desk(files: Files, settings: Settings, policy: Policy, keys: Mapping[str, str]) -> Callable[[], Desk]:
    """Where units are made, which takes a good part of the program: most runs make few."""

    @cache
    def desk() -> Desk:
        from gitops_lint.desk import Desk  # noqa: PLC0415  as said

        return Desk(files, settings, policy, keys)

    return desk


class _Named(NamedTuple):
    """An application by its name and its system, with the number of its environments and the digest of their blueprints."""

    name: str
    system: str
    size: int
    digest: str

    @property
    def key(self) -> str:
        """What its unit is called."""
        return f"{self.system} {self.name}"


def _names(settings: Settings, since: Since, *, anew: bool = False) -> tuple[list[_Named], tuple[Unverified, ...]]:
    """The applications of a tree, and what is declared and cannot be evaluated.

    Values are not written down, so that their blueprints have to be found `anew` for an application that is to be evaluated.
    """

    def discovered(view: Watched) -> tuple[Plain, bytes]:
        from gitops_lint.discovery import adapters  # noqa: PLC0415  most runs know what there is

        names = []
        for (name, system), some in assembling.siblings(adapters.discover(view, settings)).items():
            data = packing.attempted(some)
            digest = os.urandom(16).hex() if data is None else hashlib.blake2b(data, digest_size=16).hexdigest()
            one = _Named(name, system, len(some), digest)
            valued = any(True for blueprint in some for _ in blueprint.read())  # there may be secrets among the values
            since.now.blueprints[one.key] = (data or some, valued or data is None)
            names.append(tuple(one))
        return tuple(names), packing.packed(adapters.unverified(view, settings))

    names, unverified = since.renewed("discovery", discovered) if anew else since.piece("discovery", discovered, rough=True)
    if "discovery" in since.source:
        since.now.blueprints.update(since.source["discovery"].blueprints)
    return [_Named(*one) for one in names], packing.unpacked(unverified)


def _applications(
    names: Sequence[_Named], settings: Settings, desk: Callable[[], Desk], since: Since
) -> tuple[dict[Application, Unit], dict[str, FileUnit]]:
    """The units of applications, in order, and those of the files that their environments are made of."""
    made = dict(_held(names, since))
    apps = {one.key: (since.known(one.key) if one.key in made else None) or _application(one, settings, since) for one in names}
    fresh = sorted((one for one in names if one.key not in made), key=lambda one: -one.size)
    many = sum(one.size for one in fresh) >= _WORTH_A_FORK
    if fresh:
        desk()  # before there are several processes
    own: dict[str, FileUnit] = {}
    for one, answer in zip(fresh, workers.each(fresh, lambda one: _flat(*desk().unit(apps[one.key])), parallel=many), strict=True):
        account, unit, files = answer
        made[one.key] = Unit(*unit)
        since.made(one.key, Piece(Account(*account), (one.digest, unit), made[one.key].private))
        own |= {path: FileUnit(*file) for path, file in files.items() if path not in own or own[path].empty}
    for key, app in apps.items():
        assembling.recall(app, made[key].environments)
    since.now.applications = apps
    known = since.same(lambda state: state.own)
    paths = dict.fromkeys(path for key in apps for path in made[key].files)
    files = {path: own.get(path) or _file(known.get(path)) or desk().own(path) for path in paths}
    return {app: made[key] for key, app in apps.items()}, files


def _held(names: Iterable[_Named], since: Since) -> Iterator[tuple[str, Unit]]:
    """The units that hold."""
    for one in names:
        held = since.held(one.key)
        if held is not None and held.value[0] == one.digest:
            since.now.pieces[one.key] = held
            yield one.key, Unit(*held.value[1])


def _application(one: _Named, settings: Settings, since: Since) -> Application:
    def blueprints() -> list[Blueprint]:
        if one.key not in since.now.blueprints:
            _names(settings, since, anew=True)
        held = since.now.blueprints[one.key][0]
        found: list[Blueprint] = packing.unpacked(held) if isinstance(held, bytes) else held
        return found

    return assembling.made((one.name, one.system), one.size, blueprints, since.files, settings.vocabulary())


def _loose(paths: Sequence[str], desk: Callable[[], Desk], since: Since) -> dict[str, FileUnit | None]:
    """The units of the files of no environment that may say something."""
    known = since.same(lambda state: state.loose)
    fresh = [path for path in paths if path not in known]
    chunks = [fresh[start : start + _CHUNK] for start in range(0, len(fresh), _CHUNK)]
    answers = workers.each(chunks, lambda chunk: [_flat_file(desk().loose(path)) for path in chunk], parallel=len(fresh) >= _WORTH_A_FORK)
    made = {path: unit for chunk, answer in zip(chunks, answers, strict=True) for path, unit in zip(chunk, answer, strict=True)}
    return {path: _file(made[path] if path in made else known[path]) for path in paths}


def _flat(account: Account, unit: Unit, files: Mapping[str, FileUnit]) -> tuple[Any, ...]:
    return tuple(account), tuple(unit), {path: tuple(file) for path, file in files.items()}


def _flat_file(unit: FileUnit | None) -> tuple[Any, ...] | None:
    return None if unit is None else tuple(unit)


def _file(plainly: tuple[Any, ...] | None) -> FileUnit | None:
    return None if plainly is None else FileUnit(*plainly)


def _declared_keys(files: Files) -> dict[str, str]:
    from gitops_lint.desk import declared_keys  # noqa: PLC0415  as for `_desk`

    return declared_keys(files)


def _templates(files: Files) -> bytes:
    from gitops_lint.extract.template_calls import templates  # noqa: PLC0415  as above

    return packing.packed(tuple(templates(files)))


def _orders(files: Files) -> bytes:
    from gitops_lint.discovery.precedences import declared_orders  # noqa: PLC0415  as above

    return packing.packed(declared_orders(files))
