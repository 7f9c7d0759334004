"""`gitops-lint baseline`: write down what is there today, so that only what is new is told from now on."""

from __future__ import annotations

from pathlib import Path  # noqa: TID251  the one file that this command writes, in the repository that the user named

import click

from gitops_lint import baseline, engine
from gitops_lint.baseline import Baseline
from gitops_lint.cli import opening, parameters
from gitops_lint.cli.failure import Failure
from gitops_lint.convention import told_otherwise
from gitops_lint.excuse import Terms
from gitops_lint.policy import Policy
from gitops_lint.report import identities
from gitops_lint.rules import catalogue
from gitops_lint.severity import Severity

_RUN = "run"  # the category of what is said about a run and its policy: nothing that could be accepted once and for all


@click.command("baseline")
@click.argument("path", default=".", type=click.Path())
@parameters.config
@click.option("--prune", is_flag=True, help="Accept nothing more: only drop what is no longer found.")
def command(path: str, config: str | None, *, prune: bool) -> int:
    """Write the baseline of the repository that PATH is in: the errors and warnings that are found today."""
    begun = opening.begin(path, config=config)
    held = engine.accepted(begun.files, begun.settings)
    result = engine.run(begun.files, begun.settings, terms=Terms(Baseline("", {})))
    policy = Policy(catalogue(begun.settings), begun.settings)
    found = [finding for finding in result.findings if finding.category != _RUN and not policy.locked(finding.rule)]
    if prune:
        accepted = held.lines.keys() & {identity for finding in found for identity in identities(finding)}
    else:
        told = (finding for finding in found if finding.severity >= Severity.WARNING or told_otherwise(finding))
        accepted = {name for finding in told for name in identities(finding)}
    _write(Path(begun.tree.root) / held.path, baseline.listed(accepted))
    gone = len(held.lines.keys() - accepted)
    click.echo(f"wrote {held.path}: {len(accepted)} accepted, {len(accepted - held.lines.keys())} of them new; {gone} dropped", err=True)
    return 0


def _write(target: Path, data: bytes) -> None:
    """Write a file anew; a link in its place is replaced, not followed."""
    unfinished = target.with_name(f"{target.name}.new")
    try:
        unfinished.unlink(missing_ok=True)
        with unfinished.open("xb") as file:
            file.write(data)
        unfinished.replace(target)
    except OSError as error:
        raise Failure(f"cannot write `{target.name}`: {error.strerror}") from error
