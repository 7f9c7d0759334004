"""From blueprints to applications: each environment's layers merged, siblings put together.

An application's account says what its evaluation looked at. One that looked at the same things in another state of the repository is the
same there, object for object, so that whoever compares two states compares what differs.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import NamedTuple
from weakref import WeakKeyDictionary

from gitops_lint import discovery, peers
from gitops_lint.blueprint import Blueprint
from gitops_lint.compare import compare
from gitops_lint.files import Files
from gitops_lint.merge import absent, flux_releases, flux_variables
from gitops_lint.merge.evaluated import Evaluated
from gitops_lint.model import Application, Comparison, Environment, Repository
from gitops_lint.parity import explain
from gitops_lint.settings import Settings
from gitops_lint.stages import Stages
from gitops_lint.watched import Account, Watched, unchanged


class _Origin(NamedTuple):
    """What an application was made of."""

    blueprints: list[Blueprint]
    account: Account


_origins: WeakKeyDictionary[Application, _Origin] = WeakKeyDictionary()


def applications(files: Files, settings: Settings, like: Repository | None = None) -> tuple[Application, ...]:
    """The applications of a tree, by name; those of `like`, read with the same settings, where they are the same."""
    stages = settings.vocabulary()
    blueprints: dict[tuple[str, str], list[Blueprint]] = {}
    for blueprint in discovery.discover(files, settings):
        blueprints.setdefault((blueprint.application, blueprint.system), []).append(blueprint)
    known = {(app.name, app.system): app for app in (like.applications if like is not None else ())}
    return tuple(_same(known.get(key), one, files) or _made(one, files, stages) for key, one in sorted(blueprints.items()))


def _same(application: Application | None, blueprints: list[Blueprint], files: Files) -> Application | None:
    """The application, if it would come out the same from these blueprints and files."""
    origin = _origins.get(application) if application is not None else None
    if origin is None or origin.blueprints != blueprints or not all(map(_plain, blueprints)):
        return None
    return application if unchanged(origin.account, files) else None


def _plain(blueprint: Blueprint) -> bool:
    """Whether a blueprint says all in itself: values that discovery computed have positions, which equality does not see."""
    return blueprint.substitution is None and all(source.value is None for source in blueprint.sources)


def _made(blueprints: list[Blueprint], files: Files, stages: Stages) -> Application:
    view = Watched(files)
    environments = [_environment(blueprint, _evaluate(blueprint, view), stages) for blueprint in blueprints]
    ordered = sorted(environments, key=lambda env: (env.rank is None, env.rank or 0, env.name))
    first = blueprints[0]
    made = Application(first.application, first.system, tuple(ordered), lambda: _compared(ordered))
    _origins[made] = _Origin(blueprints, view.account())
    return made


def _compared(environments: Iterable[Environment]) -> tuple[Comparison, ...]:
    return tuple(explain(compare(group)) for group in peers.peers(tuple(environments)))


def _evaluate(blueprint: Blueprint, files: Files) -> Evaluated:
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
        noted=evaluated.noted,
        tree=blueprint.tree,
        warnings=evaluated.warnings,
        undefined=evaluated.undefined,
        absent=evaluated.absent,
        beside=blueprint.beside,
        chart=blueprint.root if blueprint.system == "helm" else "",
        words=frozenset(word for word in words if len(word) > 1),
    )
