"""`gitops-lint init`: a configuration that says what was found, and what could be said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path  # noqa: TID251  the one file that this command writes, in the directory that the user named

import click

from gitops_lint import modelled
from gitops_lint.cli import opening
from gitops_lint.cli.failure import Failure
from gitops_lint.config.load import NAMES
from gitops_lint.model import Application, Repository
from gitops_lint.settings import EPHEMERAL
from gitops_lint.stages import Stage

_HEAD = """\
# The configuration of gitops-lint. All of it may be left out: what is commented out is the default or an example.
"""

_TAIL = """\
# Environments made on the fly, which are left out:
# ephemeral: [{ephemeral}]

# When a key must be in every environment:
#   together  at once: who adds a key adds it everywhere
#   staged    when the version that needs it is promoted
#   strict    at once, and any difference is an error
# parity: together

# Paths that are not read:
# exclude: ["vendor/**"]

# Severities (error, warning, info, "off") and options, by rule or category; see `gitops-lint rules`:
# rules:
#   immutability: error
#   redundant-override: "off"

# What is meant to differ, and why:
# contract:
#   - {{keys: "ingress.tls.**", only: [prod], reason: TLS ends at the mesh elsewhere}}
#   - {{keys: "database.host", must-differ: true}}
"""


@click.command("init")
@click.argument("path", default=".", type=click.Path())
@click.option("--stdout", "printed", is_flag=True, help="Print the configuration instead of writing it.")
@click.option("--learn", "learning", is_flag=True, help="Draft the contract from what is there and how long it has been.")
@click.option("--force", is_flag=True, help="Replace a configuration that is there.")
def command(path: str, *, printed: bool, learning: bool, force: bool) -> int:
    """Write a configuration at the root of the repository that PATH is in, from what is found in it."""
    begun = opening.begin(path)
    root = Path(begun.tree.root)
    there = next((root / name for name in NAMES if (root / name).exists()), None)
    if there and not force and not printed:
        raise Failure(f"`{there.name}` is there already; --force replaces it, --stdout prints another")
    read = modelled.build(begun.files, begun.settings)
    applications = read.applications
    text = drafted(applications, begun.settings.stages, _learnt(begun, path, read) if learning else ())
    if printed:
        click.echo(text, nl=False)
        return 0
    _write(root / NAMES[0], text, instead_of=there)
    environments = sum(len(app.environments) for app in applications)
    click.echo(f"wrote {NAMES[0]}: {_counted(len(applications), 'application')} with {_counted(environments, 'environment')}", err=True)
    return 0


def _learnt(begun: opening.Begun, path: str, read: Repository) -> Sequence[str]:
    from gitops_lint.cli import learning  # noqa: PLC0415  the plain command needs no history

    return list(learning.lines(learning.learnt(begun, path, read)))


def _write(target: Path, text: str, *, instead_of: Path | None) -> None:
    """Write a file that was not there: what stands in its place, be it a link to somewhere else, is removed, not written to."""
    try:
        if instead_of is not None:
            instead_of.unlink()
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise Failure(f"cannot write `{target.name}`: {error.strerror}") from error


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def drafted(applications: Sequence[Application], stages: Sequence[Stage], learnt: Sequence[str] = ()) -> str:
    """The text of a configuration for these applications, whose stages are known by the table `stages`, with the lines that were learnt."""
    counts = Counter(env.stage for app in applications for env in app.environments if env.rank is not None)
    found = sorted((stage for stage in stages if stage.name in counts), key=lambda stage: (stage.rank, stage.name))
    others = sorted({env.name for app in applications for env in app.environments if env.rank is None})
    ephemeral = ", ".join(f'"{pattern}"' for pattern in EPHEMERAL)
    return "\n".join((_HEAD, *_stages(found, counts), *_strangers(others), *learnt, _TAIL.format(ephemeral=ephemeral)))


def _stages(found: Sequence[Stage], counts: Counter[str]) -> Iterator[str]:
    """The stages as they are taken by convention: a list that is declared leaves no other names known, so it is only suggested."""
    if not found:
        yield "# The stages, in the order of promotion. None was recognised here:"
        yield "# environments: [dev, {name: qa, aliases: [test, uat]}, {name: prod, protected: true}]\n"
        return
    yield f"# The stages that were found: {', '.join(f'{stage.name} ({counts[stage.name]})' for stage in found)}."
    yield "# To declare their names, their order and which are protected (those are judged more strictly):"
    entries = []
    for stage in found:
        shared = sum(other.rank == stage.rank for other in found) > 1
        facts = [f"name: {stage.name}"] + ([f"rank: {stage.rank}"] if shared else []) + (["protected: true"] if stage.protected else [])
        entries.append(stage.name if len(facts) == 1 else "{" + ", ".join(facts) + "}")
    yield f"# environments: [{', '.join(entries)}]\n"


def _strangers(names: Sequence[str]) -> Iterator[str]:
    if names:
        listed = ", ".join(f"`{name}`" for name in names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")  # noqa: PLR2004
        yield f"# Environments whose stage is not known, so that nothing is said about their order: {listed}"
        yield ""
