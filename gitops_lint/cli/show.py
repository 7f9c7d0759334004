"""`gitops-lint show`: what was found and why, and for each value the layer that set it and those that it hides."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import click

from gitops_lint import modelled
from gitops_lint.cli import choose, completing, opening, parameters
from gitops_lint.cli.failure import Failure
from gitops_lint.cli.layered import said
from gitops_lint.cli.parameters import Word
from gitops_lint.cli.value import shown
from gitops_lint.compare import leaves
from gitops_lint.didyoumean import suggest
from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.lacking import trail
from gitops_lint.model import Application, Environment, Setting
from gitops_lint.node import Location
from gitops_lint.reporters.escape import show as escaped


@click.command("show")
@click.argument("application", required=False, shell_complete=completing.applications)
@click.argument("environment", required=False, shell_complete=completing.environments)
@click.argument("key", required=False, shell_complete=completing.keys)
@click.option("--format", "form", type=Word(["text", "json"]), default="text", show_default=True)
@parameters.repository
@parameters.staged
@parameters.config
def command(application: str | None, environment: str | None, key: str | None, form: str, **options: object) -> int:
    """Show applications and their environments; an environment's effective values; the layers behind one KEY."""
    config = options["config"]
    begun = opening.begin(str(options["path"]), staged=bool(options["staged"]), config=config if isinstance(config, str) else None)
    chosen = _chosen(modelled.build(begun.files, begun.settings).applications, application, environment)
    if form == "json":
        click.echo(json.dumps({"applications": [_described(app, values=environment is not None, key=key) for app in chosen]}, indent=2))
        return 0
    if not chosen:
        raise Failure("no environment was found, so there is nothing to show; `check --verbose` says what was not looked at")
    for line in _lines(chosen, values=environment is not None, key=key):
        click.echo(line)
    return 0


def _chosen(applications: Sequence[Application], name: str | None, environment: str | None) -> list[Application]:
    """The applications of that name, with the environment of that name only. Raises Failure for a name that is none."""
    found = choose.applications(applications, name)
    return found if environment is None else choose.environments(found, (environment,))


def _described(app: Application, *, values: bool, key: str | None) -> dict[str, object]:
    return {"name": app.name, "system": app.system, "environments": [_environment(env, values=values, key=key) for env in app.environments]}


def _environment(env: Environment, *, values: bool, key: str | None) -> dict[str, object]:
    evidence = {"text": env.evidence.text, "declared": env.evidence.declared, "path": env.evidence.path, "line": env.evidence.line}
    described: dict[str, object] = {
        "name": env.name,
        "stage": env.stage,
        "rank": env.rank,
        "protected": env.protected,
        "axes": dict(env.axes),
        "evidence": evidence,
        "layers": [{"path": layer.path, "role": str(layer.role)} for layer in env.layers],
        "unverified": [{"path": u.path, "line": u.line, "reason": u.reason} for u in env.hazy],
    }
    if values:
        described["values"] = [_value(env, setting, path) for path, setting in _settings(env, key)]
    return described


def _value(env: Environment, setting: Setting, path: KeyPath) -> dict[str, object]:
    at = setting.location
    hidden = [{"path": place.path, "line": place.line, "value": text} for place, text in _hidden(env, path, at)]
    return {"key": dotted(path), "value": shown(path, setting.value), "path": at.path, "line": at.line, "hides": hidden}


def _settings(env: Environment, key: str | None) -> Iterator[tuple[KeyPath, Setting]]:
    """The leaves of an environment's effective values, all or those at and below a dotted key."""
    for path in leaves(env.values):
        text = dotted(path)
        if key is None or text == key or (text.startswith(key) and text[len(key)] in ".["):
            *_, last = trail(env, env.values, path)
            yield path, last


def _hidden(env: Environment, path: KeyPath, at: Location) -> Iterator[tuple[Location, str]]:
    """What the other layers set the same key to, from the highest to the lowest."""
    yield from ((setting.location, shown(path, setting.value)) for setting in said(env, path) if setting.location != at)


def _lines(applications: Sequence[Application], *, values: bool, key: str | None) -> Iterator[str]:
    for app in applications:
        yield f"{escaped(app.name)} ({app.system})"
        for env in app.environments:
            axes = "".join(f" {name}={escaped(value)}" for name, value in env.axes)
            yield f"  {escaped(env.name)}{axes}: {escaped(env.evidence.text)}"
            if values:
                yield from _value_lines(env, key)
            else:
                yield from (f"    {layer.role:15} {escaped(layer.path)}" for layer in env.layers)
            yield from (f"    not checked: {escaped(entry.path)}:{entry.line}: {escaped(entry.reason)}" for entry in env.hazy)


def _value_lines(env: Environment, key: str | None) -> Iterator[str]:
    found = list(_settings(env, key))
    if key is not None and not found:
        raise Failure(f"`{key}` is not set in {env.name}{suggest(key, (dotted(path) for path in leaves(env.values)))}")
    for path, setting in found:
        at = setting.location
        yield f"    {escaped(dotted(path))}: {escaped(shown(path, setting.value))}  ({escaped(at.path)}:{at.line})"
        yield from (f"      hides {escaped(text)}  ({escaped(place.path)}:{place.line})" for place, text in _hidden(env, path, at))
