"""Options that several commands have, and the type of those that take one word of a few."""

from __future__ import annotations

from collections.abc import Sequence

import click

from gitops_lint.didyoumean import suggest


class Word(click.Choice):  # type: ignore[type-arg]  # generic from click 8.4 on
    """One of a few words; the nearest is named with a wrong one."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word. Raises click.UsageError for another one."""
        if isinstance(value, str) and value not in self.choices:
            self.fail(f"`{value}` is none of {listed(self.choices)}{suggest(value, self.choices)}", param, ctx)
        return str(super().convert(value, param, ctx))


def listed(words: Sequence[str]) -> str:
    """`a, b and c`."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


config = click.option("--config", metavar="FILE", type=click.Path(), help="The configuration, if not .gitops-lint.yaml.")
repository = click.option("--path", default=".", type=click.Path(), help="The repository.")
staged = click.option("--staged", is_flag=True, help="Read the git index instead of the work tree.")
