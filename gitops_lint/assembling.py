"""From blueprints to applications: each environment's layers merged, siblings put together, when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from weakref import WeakKeyDictionary

from gitops_lint import peers, recalled
from gitops_lint.blueprint import Blueprint
from gitops_lint.compare import compare
from gitops_lint.files import Files
from gitops_lint.merge import absent, flux_releases, flux_variables
from gitops_lint.merge.evaluated import Evaluated
from gitops_lint.model import Application, Comparison, Environment
from gitops_lint.parity import explain
from gitops_lint.plain import Plain
from gitops_lint.settings import Settings
from gitops_lint.stages import Stages
from gitops_lint.watched import Watched

Name = tuple[str, str]  # an application's, and its system's


@dataclass(frozen=True)
class Origin:
    """What an application is made of: so many environments, and the files as it sees them."""

    size: int
    view: Watched


_origins: WeakKeyDictionary[Application, Origin] = WeakKeyDictionary()


def origin(application: Application) -> Origin:
    """What an application that was made here is made of."""
    return _origins[application]


def applications(files: Files, settings: Settings) -> tuple[Application, ...]:
    """The applications of a tree, by name."""
    from gitops_lint.discovery import adapters  # noqa: PLC0415  who only evaluates what is known needs none

    stages = settings.vocabulary()
    grouped = siblings(adapters.discover(files, settings))
    return tuple(made(name, len(some), lambda some=some: some, files, stages) for name, some in grouped.items())  # type: ignore[misc]


def siblings(blueprints: Iterable[Blueprint]) -> dict[Name, list[Blueprint]]:
    """Blueprints by application, in its order."""
    out: dict[Name, list[Blueprint]] = {}
    for blueprint in blueprints:
        out.setdefault((blueprint.application, blueprint.system), []).append(blueprint)
    return dict(sorted(out.items()))


def made(name: Name, size: int, blueprints: Callable[[], Sequence[Blueprint]], files: Files, stages: Stages) -> Application:
    """The application of so many sibling blueprints, which are asked for when it is evaluated."""
    view = Watched(files)

    @cache
    def assemble() -> tuple[Environment, ...]:
        environments = [_environment(blueprint, _evaluate(blueprint, view), stages) for blueprint in blueprints()]
        return tuple(sorted(environments, key=lambda env: (env.rank is None, env.rank or 0, env.name)))

    application = Application(*name, assemble, _compared)
    _origins[application] = Origin(size, view)
    return application


def recall(application: Application, environments: Sequence[Plain]) -> None:
    """Give an application that was evaluated elsewhere the environments that it had there, as `recalled.flat` gave them."""
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
