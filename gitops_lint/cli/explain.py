"""`gitops-lint explain`: a rule's page."""

from __future__ import annotations

import click

from gitops_lint.cli import opening
from gitops_lint.cli.failure import Failure
from gitops_lint.cli.rules import known, severity
from gitops_lint.didyoumean import suggest


@click.command("explain")
@click.argument("rule")
@click.option("--path", default=".", type=click.Path(), help="The repository.")
@click.option("--config", metavar="FILE", help="The configuration, instead of .gitops-lint.yaml in the repository.")
def command(rule: str, path: str, config: str | None) -> int:
    """Show what RULE finds, why that matters, an example, and how to mend it."""
    settings = opening.begin(path, config=config).settings
    rules = {entry.name: entry for entry in known(settings)}
    if rule not in rules:
        raise Failure(f"no rule `{rule}`{suggest(rule, rules)}")
    chosen = rules[rule]
    click.echo(f"{chosen.name} ({chosen.category}, {severity(chosen, settings)})\n\n{chosen.page.strip()}")
    return 0
