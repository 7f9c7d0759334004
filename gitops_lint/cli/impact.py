"""`gitops-lint impact`: what a change does to the effective values of each environment, and which layer does it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import click

from gitops_lint import gate, modelled
from gitops_lint.cli import against, opening, parameters
from gitops_lint.cli.failure import Failure
from gitops_lint.cli.parameters import Word
from gitops_lint.cli.value import shown
from gitops_lint.divergence import Leaf
from gitops_lint.gate import Side
from gitops_lint.impact import Effect, Impact, impacts
from gitops_lint.keypath import dotted
from gitops_lint.model import Environment, Role
from gitops_lint.reporters.escape import LONGEST, json_text, markdown, markdown_code, start
from gitops_lint.reporters.escape import show as escaped

_SIGNS = {"added": "+", "removed": "-", "altered": "~"}
_MOST = 50  # values of one environment in Markdown; a comment on a merge request is read, not searched


@click.command("impact")
@click.argument("path", default=".", type=click.Path())
@click.option("--base", metavar="REV", help="What the change is compared with; found by itself in CI and in hooks.")
@click.option("--staged", is_flag=True, help="Read the git index instead of the work tree, and compare it with HEAD.")
@click.option("--format", "form", type=Word(["text", "json", "markdown"]), default="text", show_default=True)
@parameters.config
def command(path: str, base: str | None, form: str, config: str | None, *, staged: bool) -> int:
    """Show, environment by environment, which effective values the change adds, removes and alters, and where they are set."""
    begun = opening.begin(path, staged=staged, config=config)
    known = against.find(path, base, staged=staged)
    if known is None:
        raise Failure("there is nothing to compare with: give `--base REV`")
    sides = [Side(modelled.build(files, begun.settings), files) for files in (opening.files(known.tree, begun.settings), begun.files)]
    found = list(impacts(gate.between(sides[0], sides[1], begun.settings)))
    for line in _FORMS[form](found):
        click.echo(line)
    return 0


def _text(found: list[Impact]) -> Iterator[str]:
    for impact in found:
        yield f"{start(impact.application.name)} ({impact.application.system}), {escaped(impact.environment.name)}{_fate(impact)}"
        for effect in impact.effects:
            values = " -> ".join(escaped(word, LONGEST) for word in _words(effect))
            yield f"  {_SIGNS[effect.verb]} {escaped(dotted(effect.path))}: {values}  ({escaped(_origin(impact.environment, effect))})"
    yield _counted(found)


def _fate(impact: Impact) -> str:
    return "" if impact.verb == "altered" else f": {impact.verb} by this change"


def _words(effect: Effect) -> list[str]:
    return [shown(leaf.path, leaf.setting.value) for leaf in (effect.before, effect.after) if leaf is not None]


def _origin(env: Environment, effect: Effect) -> str:
    """Where the value is set now, or was until now, and for what else that place speaks."""
    leaf = _leaf(effect)
    role = _role(env, leaf)
    at = leaf.setting.location
    return f"{at.path}:{at.line}" + (f", {role}" if role not in ("", Role.OWN, Role.INLINE) else "")


def _leaf(effect: Effect) -> Leaf:
    leaf = effect.after or effect.before
    assert leaf is not None  # noqa: S101  it is on one side at least
    return leaf


def _role(env: Environment, leaf: Leaf) -> str:
    path = leaf.setting.location.path
    return next((str(layer.role) for layer in env.layers if layer.path == path), "")


def _counted(found: Iterable[Impact]) -> str:
    several = list(found)
    if not several:
        return "no effective value changes in any environment"
    counts = Counter(effect.verb for impact in several for effect in impact.effects)
    told = ", ".join(f"{counts[verb]} {verb}" for verb in _SIGNS if counts[verb]) or "none"
    protected = sum(impact.environment.protected for impact in several)
    more = f", {protected} of them protected" if protected else ""
    return f"values: {told}; environments: {len(several)}{more}"


def _json(found: list[Impact]) -> Iterator[str]:
    yield json_text({"environments": [_described(impact) for impact in found]}, indent=2)


def _described(impact: Impact) -> dict[str, object]:
    return {
        "application": impact.application.name,
        "system": impact.application.system,
        "environment": impact.environment.name,
        "protected": impact.environment.protected,
        "change": impact.verb,
        "values": [_value(impact.environment, effect) for effect in impact.effects],
    }


def _value(env: Environment, effect: Effect) -> dict[str, object]:
    at = _leaf(effect).setting.location
    sides = {
        name: shown(leaf.path, leaf.setting.value) if leaf is not None else None
        for name, leaf in (("before", effect.before), ("after", effect.after))
    }
    place = {"path": at.path, "line": at.line, "layer": _role(env, _leaf(effect))}
    return {"key": dotted(effect.path), "change": effect.verb, **sides, **place}


def _markdown(found: list[Impact]) -> Iterator[str]:
    yield f"## What changes\n\n{markdown(_counted(found))}\n"
    for impact in found:
        title = f"{impact.application.name}, {impact.environment.name}{_fate(impact)}"
        yield f"<details><summary>{markdown(title)}: {len(impact.effects)}</summary>\n"
        yield "| | key | before | after | set in |\n| --- | --- | --- | --- | --- |"
        for effect in impact.effects[:_MOST]:
            before, after = (markdown_code(shown(leaf.path, leaf.setting.value)) if leaf else "" for leaf in (effect.before, effect.after))
            where = markdown_code(_origin(impact.environment, effect))
            yield f"| {_SIGNS[effect.verb]} | {markdown_code(dotted(effect.path))} | {before} | {after} | {where} |"
        left = len(impact.effects) - _MOST
        yield (f"\n{left} more\n" if left > 0 else "") + "\n</details>\n"


_FORMS: dict[str, Callable[[list[Impact]], Iterator[str]]] = {"text": _text, "json": _json, "markdown": _markdown}
