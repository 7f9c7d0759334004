"""From blueprints to applications: each environment's layers merged, siblings put together, when somebody asks for them.

An application's account says what its evaluation looked at. One that looked at the same things in another state of the repository is the
same there, object for object, so that whoever compares two states compares what differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any
from weakref import WeakKeyDictionary

from gitops_lint import discovery, peers, recalled
from gitops_lint.blueprint import Blueprint
from gitops_lint.compare import compare
from gitops_lint.files import Files
from gitops_lint.merge import absent, flux_releases, flux_variables
from gitops_lint.merge.evaluated import Evaluated
from gitops_lint.model import Application, Comparison, Environment, Repository
from gitops_lint.parity import explain
from gitops_lint.settings import Settings
from gitops_lint.stages import Stages
from gitops_lint.watched import Account, Between, Watched, between, unchanged


@dataclass
class Origin:
    """What an application is made of: its blueprints, the files as it sees them, and its account, once it has been evaluated anywhere."""

    blueprints: list[Blueprint]
    view: Watched
    account: Account | None = None


_origins: WeakKeyDictionary[Application, Origin] = WeakKeyDictionary()


def origin(application: Application) -> Origin:
    """What an application that was made here is made of."""
    return _origins[application]


def applications(files: Files, settings: Settings, like: Repository | None = None) -> tuple[Application, ...]:
    """The applications of a tree, by name; those of `like`, read with the same settings, where they are the same."""
    stages = settings.vocabulary()
    blueprints: dict[tuple[str, str], list[Blueprint]] = {}
    for blueprint in discovery.discover(files, settings):
        blueprints.setdefault((blueprint.application, blueprint.system), []).append(blueprint)
    known = {(app.name, app.system): app for app in (like.applications if like is not None else ())}
    differing: dict[int, Between] = {}
    return tuple(_same(known.get(key), one, files, differing) or made(one, files, stages) for key, one in sorted(blueprints.items()))


def _same(application: Application | None, blueprints: list[Blueprint], files: Files, differing: dict[int, Between]) -> Application | None:
    """The application, if it would come out the same from these blueprints and files; `differing` holds what is known between states."""
    known = _origins.get(application) if application is not None else None
    if known is None or known.account is None or known.blueprints != blueprints:
        return None
    other = known.view.below
    if id(other) not in differing:
        differing[id(other)] = between(other, files)
    return application if unchanged(known.account, differing[id(other)]) else None


def made(blueprints: list[Blueprint], files: Files, stages: Stages) -> Application:
    """The application of sibling blueprints."""
    known = Origin(blueprints, Watched(files))

    @cache
    def assemble() -> tuple[Environment, ...]:
        environments = [_environment(blueprint, _evaluate(blueprint, known.view), stages) for blueprint in blueprints]
        known.account = known.view.account()
        return tuple(sorted(environments, key=lambda env: (env.rank is None, env.rank or 0, env.name)))

    application = Application(blueprints[0].application, blueprints[0].system, assemble, _compared)
    _origins[application] = known
    return application


def size(application: Application) -> int:
    """How many environments an application has, before they are merged."""
    return len(_origins[application].blueprints)


def recall(application: Application, environments: Sequence[recalled.Plain], account: tuple[Any, ...]) -> None:
    """Give an application that was evaluated elsewhere the environments that it had there, as `recalled.flat` gave them."""
    _origins[application].account = Account(*account)
    if "environments" not in vars(application):
        again = (lambda number=number: application.assemble()[number] for number in range(len(environments)))
        vars(application)["environments"] = tuple(map(recalled.environment, environments, again))


def _compared(environments: tuple[Environment, ...]) -> tuple[Comparison, ...]:
    return tuple(explain(compare(group)) for group in peers.peers(environments))


def _evaluate(blueprint: Blueprint, files: Watched) -> Evaluated:
    files.note(blueprint.read())  # what discovery computed from it has positions, which are the same while the file is
    module = import_module(f"gitops_lint.merge.{blueprint.system}")
    evaluated: Evaluated = module.evaluate(blueprint, files)
    evaluated = absent.marked(evaluated, blueprint, files)
    evaluated = evaluated if blueprint.substitution is None else flux_variables.apply(evaluated, blueprint.substitution)
    return flux_releases.applied(evaluated, blueprint, files)


def _environment(blueprint: Blueprint, evaluated: Evaluated, stages: Stages) -> Environment:
    stage = stages.named(blueprint.stage) or stages.within(blueprint.stage)
    named = (blueprint.stage, *blueprint.name.split("/"), *(value for _, value in blueprint.axes))
    words = {word.lower() for word in named} | ({stage.name, *stage.aliases} if stage is not None else set())
    return Environment(
        application=blueprint.application,
        name=blueprint.name,
        stage=stage.name if stage else blueprint.stage,
        rank=stage.rank if stage else None,
        system=blueprint.system,
        evidence=blueprint.evidence,
        layers=evaluated.layers,
        values=evaluated.values,
        axes=blueprint.axes,
        protected=stage.protected if stage else False,
        disabled=evaluated.disabled,
        hazy=(*blueprint.hazy, *evaluated.hazy),
        noted=(*blueprint.noted, *evaluated.noted),
        tree=blueprint.tree,
        warnings=evaluated.warnings,
        undefined=evaluated.undefined,
        absent=evaluated.absent,
        beside=blueprint.beside,
        chart=blueprint.root if blueprint.system == "helm" else "",
        words=frozenset(word for word in words if len(word) > 1),
    )
