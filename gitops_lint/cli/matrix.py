"""`gitops-lint matrix`: which version runs where, what is behind or ahead, and how far apart environments are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import click

from gitops_lint import modelled
from gitops_lint.cli import choose, completing, opening, parameters
from gitops_lint.cli.failure import Failure
from gitops_lint.cli.parameters import Word
from gitops_lint.divergence import divergences
from gitops_lint.matrix import Line, lines
from gitops_lint.model import Application
from gitops_lint.report import Cell
from gitops_lint.reporters.escape import json_text, markdown, markdown_code, start
from gitops_lint.reporters.escape import show as escaped

_PAIRS = 10  # of an application's pairs of environments, how many are told to the eye
_STATES = ("same", "ahead", "behind", "mutable", "missing", "unknown")


@click.command("matrix")
@click.argument("application", required=False, shell_complete=completing.applications)
@click.option("--format", "form", type=Word(["text", "json", "markdown"]), default="text", show_default=True)
@parameters.repository
@parameters.staged
@parameters.config
def command(application: str | None, form: str, path: str, config: str | None, *, staged: bool) -> int:
    """Show applications by environments: each version, whether it is ahead of the stage below or behind, mutable, missing or unknown.

    Below stands, for each pair of environments, the share of their effective configuration that differs.
    """
    begun = opening.begin(path, staged=staged, config=config)
    repository = modelled.build(begun.files, begun.settings)
    chosen = choose.applications(repository.applications, application)
    if not any(app.environments for app in chosen):
        raise Failure("no environment was found, so there is nothing to show")
    found = lines(replace(repository, applications=tuple(chosen)))
    for line in _FORMATS[form](found):
        click.echo(line)
    return 0


def _json(found: Sequence[Line]) -> Iterator[str]:
    out = [_described(app, [line for line in some if line.cells]) for app, some in _by_application(found)]
    yield json_text({"applications": out}, indent=2)


def _described(app: Application, found: Sequence[Line]) -> dict[str, object]:
    return {
        "name": app.name,
        "system": app.system,
        "environments": [env.name for env in app.environments],
        "versions": [
            {"kind": line.kind, "name": line.name, "environments": {name: _cell(cell) for name, cell in line.cells.items()}}
            for line in found
        ],
        "divergence": [
            {"environments": [d.one, d.other], "leaves": d.leaves, "differing": d.differing, "share": round(d.share, 4)}
            for d in divergences(app)
        ],
    }


def _cell(cell: Cell) -> dict[str, str]:
    return {"version": cell.text, "state": cell.state, "reason": cell.title}


def _by_application(found: Sequence[Line]) -> Iterator[tuple[Application, list[Line]]]:
    for _, some in groupby(found, key=lambda line: id(line.application)):
        same = list(some)
        yield same[0].application, same


def _text(found: Sequence[Line]) -> Iterator[str]:
    for names, some in groupby(_by_application(found), key=lambda item: _names(item[0])):
        same = list(some)
        rows: list[tuple[str, ...]] = [("", *names)]
        for app, versions in same:
            rows.append((f"{app.name} ({app.system})", *("" for _ in names)))
            rows += [(f"  {line.name}", *(_words(line.cells[name]) for name in names)) for line in versions if line.cells]
        yield from _table(rows)
        yield ""
        for app, _ in same:
            yield from (f"{start(app.name)} differs: {escaped(text)}" for text in _distances(app))
        yield ""
    yield _tally(found)


def _names(app: Application) -> tuple[str, ...]:
    return tuple(env.name for env in app.environments)


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    shown = [[start(row[0]), *map(escaped, row[1:])] for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        yield "  ".join(part.ljust(width) for part, width in zip(row, widths, strict=True)).rstrip()


def _words(cell: Cell) -> str:
    return cell.text if cell.state == "same" else f"{cell.text} ({cell.state})".strip()


def _markdown(found: Sequence[Line]) -> Iterator[str]:
    for app, versions in _by_application(found):
        names = _names(app)
        yield f"### {markdown(app.name)}\n"
        yield f"| | {' | '.join(map(markdown, names))} |\n|{'---|' * (len(names) + 1)}"
        for line in versions:
            if line.cells:
                yield f"| {markdown_code(line.name)} | {' | '.join(markdown(_words(line.cells[name])) for name in names)} |"
        yield from (f"\nDiffers: {markdown(text)}" for text in _distances(app))
        yield ""
    yield _tally(found)


def _distances(app: Application) -> Iterator[str]:
    """How far apart an application's environments are; the farthest where there are too many to tell."""
    every = list(divergences(app))
    told = every if len(every) <= _PAIRS else sorted(every, key=lambda d: -d.share)[:_PAIRS]
    pairs = [f"{d.one} and {d.other} {d.share:.0%}" for d in told]
    if len(every) > len(told):
        pairs.append(f"and {len(every) - len(told)} pairs less")
    if pairs:
        yield ", ".join(pairs)


def _tally(found: Sequence[Line]) -> str:
    states = [cell.state for line in found for cell in line.cells.values()]
    counts = [f"{states.count(state)} {state}" for state in _STATES if state in states]
    return (
        f"{len(states)} version{'' if len(states) == 1 else 's'}: {', '.join(counts)}" if counts else "no version is set in any environment"
    )


_FORMATS = {"text": _text, "json": _json, "markdown": _markdown}
