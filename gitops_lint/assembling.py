"""From blueprints to applications: each environment's layers merged, siblings put together, when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from weakref import WeakKeyDictionary

from gitops_lint import recalled
from gitops_lint.blueprint import Blueprint
from gitops_lint.files import Files
from gitops_lint.model import Application, Comparison, Environment
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
        from gitops_lint.evaluating import environments  # noqa: PLC0415  most runs remember what most applications are

        return environments(blueprints(), view, stages)

    application = Application(*name, assemble, _compared)
    _origins[application] = Origin(size, view)
    return application


def recall(application: Application, environments: Sequence[Plain]) -> None:
    """Give an application that was evaluated elsewhere the environments that it had there, as `recalled.flat` gave them."""

    def recall() -> tuple[Environment, ...]:
        again = (lambda number=number: application.assemble()[number] for number in range(len(environments)))
        return tuple(map(recalled.environment, environments, again))

    application.known.append(recall)


def _compared(environments: tuple[Environment, ...]) -> tuple[Comparison, ...]:
    from gitops_lint.evaluating import comparisons  # noqa: PLC0415  as above

    return comparisons(environments)
