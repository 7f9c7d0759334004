"""`gitops-lint explain`: a rule's page."""

from __future__ import annotations

import click

from gitops_lint.cli import completing, opening, parameters
from gitops_lint.cli.failure import Failure
from gitops_lint.cli.rules import known, severity
from gitops_lint.didyoumean import suggest


@click.command("explain")
@click.argument("rule", shell_complete=completing.rule_names)
@parameters.repository
@parameters.config
def command(rule: str, path: str, config: str | None) -> int:
    """Show what RULE finds, why that matters, an example, and how to mend it."""
    settings = opening.begin(path, config=config).settings
    rules = {entry.name: entry for entry in known(settings)}
    if rule not in rules:
        raise Failure(f"no rule `{rule}`{suggest(rule, rules)}")
    chosen = rules[rule]
    click.echo(f"{chosen.name} ({chosen.category}, {severity(chosen, settings)})\n\n{chosen.page.strip()}")
    return 0
