"""What a shell offers for a word that is begun: names that exist, of rules, formats, applications, environments and keys.

Names from a repository are offered only if a shell would take them for plain words: what is completed is run at the next Return.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import click
from click.shell_completion import CompletionItem

from gitops_lint.cli import opening
from gitops_lint.cli.failure import Failure
from gitops_lint.compare import leaves
from gitops_lint.keypath import dotted
from gitops_lint.model import Application

_PLAIN = re.compile(r"[\w.:/@%+][\w.:/@%+=-]*", re.ASCII)


def rules(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Rules and categories; the last one of a list with commas."""
    from gitops_lint.rules import CATEGORIES, builtin  # noqa: PLC0415  seventy modules

    before, comma, word = incomplete.rpartition(",")
    known = {rule.name: rule.summary for rule in builtin()} | {name: f"every rule of the category {name}" for name in CATEGORIES}
    return [CompletionItem(before + comma + name, help=text) for name, text in sorted(known.items()) if name.startswith(word)]


def rule_names(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Rules."""
    from gitops_lint.rules import builtin  # noqa: PLC0415  as above

    return [CompletionItem(rule.name, help=rule.summary) for rule in builtin() if rule.name.startswith(incomplete)]


def categories(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Categories of rules."""
    from gitops_lint.rules import CATEGORIES  # noqa: PLC0415  as above

    return [CompletionItem(name) for name in CATEGORIES if name.startswith(incomplete)]


def formats(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Formats of a report."""
    from gitops_lint.reporters import FORMATS  # noqa: PLC0415  as above

    return [CompletionItem(name, help=text) for name, text in FORMATS.items() if name.startswith(incomplete)]


def outputs(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Formats with the colon behind them that a file follows."""
    from gitops_lint.reporters import FORMATS  # noqa: PLC0415  as above

    return [CompletionItem(f"{name}:", help=text) for name, text in FORMATS.items() if name.startswith(incomplete)]


def applications(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """The repository's applications."""
    return list(_offered(incomplete, (app.name for app in _found(context))))


def environments(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """The environments of the application that is named before, or all."""
    return list(_offered(incomplete, (env.name for app in _named(context) for env in app.environments)))


def keys(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """The keys of the environment that is named before."""
    wanted = context.params.get("environment")
    found = (env for app in _named(context) for env in app.environments if env.name == wanted)
    return list(_offered(incomplete, (dotted(path) for env in found for path in leaves(env.values))))


def _named(context: click.Context) -> list[Application]:
    wanted = context.params.get("application")
    return [app for app in _found(context) if wanted in (None, app.name)]


def _found(context: click.Context) -> Sequence[Application]:
    """The applications of the repository that the words before speak of; none where there is no such thing."""
    config = context.params.get("config")
    try:
        begun = opening.begin(str(context.params.get("path") or "."), config=config if isinstance(config, str) else None)
    except Failure:
        return ()
    from gitops_lint import modelled  # noqa: PLC0415  few words are names of applications

    return modelled.build(begun.files, begun.settings).applications


def _offered(incomplete: str, names: Iterable[str]) -> Iterator[CompletionItem[str]]:
    return (CompletionItem(name) for name in dict.fromkeys(names) if name.startswith(incomplete) and _PLAIN.fullmatch(name))
