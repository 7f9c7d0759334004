"""The catalogue: every module beside this one that has a `check` is a rule; the table says so, so that none is imported before it runs."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from gitops_lint.rule import Body, Rule
from gitops_lint.rules._table import TABLE
from gitops_lint.settings import Settings
from gitops_lint.severity import Severity

GROUP = "gitops_lint"  # the entry points of third-party rules
CATEGORIES = ("consistency", "layering", "yaml", "immutability", "promotion", "secrets", "ownership", "run")


class PluginError(Exception):
    """A plugin that the configuration names and that cannot be had; the message says which and why."""


@cache
def builtin() -> tuple[Rule[Any, Any], ...]:
    """Our own rules, sorted by name; nothing of them is imported yet."""
    return tuple(map(_listed, TABLE.splitlines()))


def _listed(row: str) -> Rule[Any, Any]:
    name, category, about, severity, summary = row.split(" ", 4)
    return Rule(name, category, about, Severity[severity], summary, lambda: _body(name))


@cache
def _body(name: str) -> Body:
    body: Body = import_module(f"{__name__}.{name.replace('-', '_')}").check.load()
    return body


def written() -> tuple[Rule[Any, Any], ...]:
    """Our own rules as the modules beside this one say, which the table of them is made from."""
    names = sorted(info.name for info in iter_modules(__path__) if not info.name.startswith("_"))
    checks = (getattr(import_module(f"{__name__}.{name}"), "check", None) for name in names)
    return tuple(check for check in checks if isinstance(check, Rule))


def catalogue(settings: Settings) -> tuple[Rule[Any, Any], ...]:
    """Our own rules and those of the plugins that the configuration names, sorted by name.

    A plugin is an entry point of the group `gitops_lint` in an installed distribution; its object is a Rule or a sequence of them.
    Nothing is ever imported from the repository that is linted. Raises PluginError: not installed, no rules, a name that is taken.
    """
    rules = {rule.name: rule for rule in builtin()}
    for plugin in settings.plugins:
        for rule in _rules_of(plugin):
            if rule.name in rules:
                raise PluginError(f"plugin `{plugin}` brings a rule `{rule.name}`, a name that is taken")
            rules[rule.name] = rule
    return tuple(rules[name] for name in sorted(rules))


def _rules_of(plugin: str) -> tuple[Rule[Any, Any], ...]:
    from importlib.metadata import entry_points  # noqa: PLC0415  slow to import, and most runs have no plugin

    found = entry_points(group=GROUP, name=plugin)
    if not found:
        raise PluginError(f"plugin `{plugin}` is not installed beside gitops-lint")
    try:
        loaded = next(iter(found)).load()
    except (ImportError, AttributeError) as error:
        raise PluginError(f"plugin `{plugin}` cannot be imported: {type(error).__name__}: {error}") from error
    rules = tuple(loaded) if isinstance(loaded, list | tuple) else (loaded,)
    if not all(isinstance(rule, Rule) for rule in rules):
        raise PluginError(f"plugin `{plugin}` brings something that is no rule")
    return rules
