"""Applications and environments by the names that the user gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gitops_lint.cli.failure import Failure
from gitops_lint.didyoumean import suggest
from gitops_lint.model import Application


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
    known = {env.name for app in found for env in app.environments}
    for name in names:
        if name not in known:
            raise Failure(f"no environment `{name}` of `{found[0].name}`{suggest(name, known)}")
    kept = [replace(app, environments=tuple(env for env in app.environments if env.name in names)) for app in found]
    return [app for app in kept if {env.name for env in app.environments} == set(names)]
