"""Applications and environments by the names that the user gives."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from gitops_lint.cli.failure import Failure
from gitops_lint.didyoumean import suggest
from gitops_lint.model import Application, Environment


def applications(found: Sequence[Application], name: str | None) -> list[Application]:
    """Those of that name, or all. Raises Failure for a name that is none."""
    if name is None:
        return list(found)
    chosen = [app for app in found if app.name == name]
    if not chosen:
        raise Failure(f"no application `{name}`{suggest(name, (app.name for app in found))}")
    return chosen


def environments(found: Sequence[Application], names: Sequence[str]) -> list[Application]:
    """The applications with the environments of these names only, without those that have not all of them. Raises Failure as above."""
    check(found, names, f" of `{found[0].name}`")
    kept = [Application(app.name, app.system, partial(_named, app, names), app.compare) for app in found]
    return [app for app in kept if {env.name for env in app.environments} == set(names)]


def _named(application: Application, names: Sequence[str]) -> tuple[Environment, ...]:
    return tuple(env for env in application.environments if env.name in names)


def check(found: Sequence[Application], names: Sequence[str], whose: str = "") -> None:
    """Raise Failure for a name that no environment of these applications has; `whose` says in the message which they are."""
    known = {env.name for app in found for env in app.environments}
    for name in names:
        if name not in known:
            raise Failure(f"no environment `{name}`{whose}{suggest(name, known)}")
