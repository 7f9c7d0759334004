"""`gitops-lint rules`: the catalogue, with the severities that the configuration gives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from gitops_lint.cli import completing, opening, parameters
from gitops_lint.cli.failure import Failure
from gitops_lint.cli.parameters import Word
from gitops_lint.didyoumean import suggest
from gitops_lint.rule import Rule
from gitops_lint.rules import CATEGORIES, PluginError, catalogue
from gitops_lint.settings import Settings
from gitops_lint.severity import Severity


@click.command("rules")
@click.argument("category", required=False, shell_complete=completing.categories)
@click.option("--format", "form", type=Word(["text", "json"]), default="text", show_default=True)
@parameters.repository
@parameters.config
def command(category: str | None, form: str, path: str, config: str | None) -> int:
    """List the rules, or those of one CATEGORY, each with its severity as configured."""
    if category is not None and category not in CATEGORIES:
        raise Failure(f"no category `{category}`{suggest(category, CATEGORIES)}")
    settings = opening.begin(path, config=config).settings
    chosen = [rule for rule in known(settings) if category in (None, rule.category)]
    if form == "json":
        click.echo(json.dumps({"rules": [_described(rule, settings) for rule in chosen]}, indent=2))
    else:
        for line in _table(chosen, settings):
            click.echo(line)
    return 0


def known(settings: Settings) -> tuple[Rule[Any, Any], ...]:
    """The catalogue. Raises Failure for a plugin that is not there."""
    try:
        return catalogue(settings)
    except PluginError as error:
        raise Failure(str(error)) from error


def severity(rule: Rule[Any, Any], settings: Settings) -> Severity:
    """What a rule's findings are by default: as the configuration says of the rule or of its category, else as the rule does."""
    said = (settings.rules[name].severity for name in (rule.name, rule.category) if name in settings.rules)
    return next((level for level in said if level is not None), rule.severity)


def _described(rule: Rule[Any, Any], settings: Settings) -> dict[str, str]:
    return {"name": rule.name, "category": rule.category, "severity": str(severity(rule, settings)), "summary": rule.summary}


def _table(chosen: list[Rule[Any, Any]], settings: Settings) -> Iterator[str]:
    width = max((len(rule.name) for rule in chosen), default=0)
    for category in CATEGORIES:
        members = [rule for rule in chosen if rule.category == category]
        if members:
            yield category
            yield from (f"  {rule.name:{width}}  {severity(rule, settings)!s:7}  {rule.summary}" for rule in members)
