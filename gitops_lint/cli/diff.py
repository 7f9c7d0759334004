"""`gitops-lint diff`: two environments' effective values side by side, each with the place that set it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import click

from gitops_lint import modelled
from gitops_lint.cli import choose, completing, opening, parameters
from gitops_lint.cli.failure import Failure
from gitops_lint.cli.parameters import Word
from gitops_lint.cli.value import shown
from gitops_lint.divergence import Leaf, flat
from gitops_lint.keypath import dotted
from gitops_lint.model import Application, Environment
from gitops_lint.reporters.escape import LONGEST, json_text, start
from gitops_lint.reporters.escape import show as escaped

_UNSET = "not set"
_ROOM = 60  # columns for values; what is longer moves its own origin only


class _Row(NamedTuple):
    """A key with its leaf in each of the two environments, None where it is not set."""

    key: str
    one: Leaf | None
    other: Leaf | None

    @property
    def same(self) -> bool:
        return self.one is not None and self.other is not None and self.one.mark == self.other.mark


@click.command("diff")
@click.argument("application", shell_complete=completing.applications)
@click.argument("one", metavar="ENVIRONMENT", shell_complete=completing.environments)
@click.argument("other", metavar="ENVIRONMENT", shell_complete=completing.environments)
@click.option("--format", "form", type=Word(["text", "json"]), default="text", show_default=True)
@click.option("--all", "everything", is_flag=True, help="Show what is the same in both, too.")
@parameters.repository
@parameters.staged
@parameters.config
def command(application: str, one: str, other: str, **options: object) -> int:
    """Show what differs between two environments of an APPLICATION, and which layer set it in each."""
    config = options["config"]
    begun = opening.begin(str(options["path"]), staged=bool(options["staged"]), config=config if isinstance(config, str) else None)
    found = choose.applications(modelled.build(begun.files, begun.settings).applications, application)
    chosen = choose.environments(found, (one, other))
    if not chosen:
        raise Failure(f"`{one}` and `{other}` of `{application}` are made in different ways, and cannot be compared")
    pairs = [(app, app.named(one), app.named(other)) for app in chosen]
    form = _json if options["form"] == "json" else _text
    for line in form(pairs, everything=bool(options["everything"])):
        click.echo(line)
    return 0


_Pair = tuple[Application, Environment, Environment]


def _rows(one: Environment, other: Environment) -> list[_Row]:
    """The keys of both, in the order of the first; those that only the second has follow."""
    mine, theirs = flat(one), flat(other)
    rows = [_Row(dotted(leaf.path), leaf, theirs.get(path)) for path, leaf in mine.items()]
    return rows + [_Row(dotted(leaf.path), None, leaf) for path, leaf in theirs.items() if path not in mine]


def _json(pairs: list[_Pair], *, everything: bool) -> Iterator[str]:
    yield json_text({"applications": [_described(*pair, everything=everything) for pair in pairs]}, indent=2)


def _described(app: Application, one: Environment, other: Environment, *, everything: bool) -> dict[str, object]:
    rows = _rows(one, other)
    return {
        "name": app.name,
        "system": app.system,
        "environments": [one.name, other.name],
        "same": sum(row.same for row in rows),
        "values": [
            {"key": row.key, "same": row.same, "values": [_value(row.one), _value(row.other)]} for row in rows if everything or not row.same
        ],
    }


def _value(leaf: Leaf | None) -> dict[str, object] | None:
    if leaf is None:
        return None
    at = leaf.setting.location
    return {"value": shown(leaf.path, leaf.setting.value), "path": at.path, "line": at.line}


def _text(pairs: list[_Pair], *, everything: bool) -> Iterator[str]:
    for app, one, other in pairs:
        rows = _rows(one, other)
        told = [row for row in rows if everything or not row.same]
        width = max(len(escaped(one.name)), len(escaped(other.name)))
        yield f"{start(app.name)} ({app.system}): {escaped(one.name)} and {escaped(other.name)}"
        room = min(_ROOM, max((len(_words(leaf)) for row in told for leaf in (row.one, row.other)), default=0))
        for row in told:
            yield f"  {escaped(row.key)}"
            for env, leaf in ((one, row.one), (other, row.other)):
                yield f"    {escaped(env.name).ljust(width)}  {_words(leaf).ljust(room)}  {_origin(leaf)}".rstrip()
        same = sum(row.same for row in rows)
        yield f"{len(rows) - same} of {len(rows)} values differ"


def _words(leaf: Leaf | None) -> str:
    return _UNSET if leaf is None else escaped(shown(leaf.path, leaf.setting.value), LONGEST)


def _origin(leaf: Leaf | None) -> str:
    if leaf is None:
        return ""
    at = leaf.setting.location
    return f"{escaped(at.path)}:{at.line}"
