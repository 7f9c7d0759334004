"""The command line: what there is, and errors in one line with the right exit status."""

from __future__ import annotations

import sys
from importlib import import_module

import click
from click.shell_completion import CompletionItem

from gitops_lint import __version__
from gitops_lint.cli.ending import INTERRUPTED, ended
from gitops_lint.didyoumean import suggest

COMMANDS = {
    "check": "Lint a repository, or the change that is to be merged.",
    "fix": "Make the edits that findings bring along.",
    "show": "Show effective values, and which layer set each.",
    "diff": "Show what differs between two environments, and which layer set it.",
    "matrix": "Show which version runs where, what is ahead, behind or mutable.",
    "init": "Write a configuration from what is there.",
    "baseline": "Accept what is there today, so that only what is new is told.",
    "impact": "Show which effective values a change adds, removes and alters.",
    "pin": "Turn tags into digests from a registry.",
    "rules": "List the rules.",
    "explain": "Show a rule's page.",
}


class _Lazy(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"gitops_lint.cli.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101  a module of ours that is none would be a mistake of ours
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """The commands that begin so, none of them imported, and the options."""
        commands = [CompletionItem(name, help=text) for name, text in COMMANDS.items() if name.startswith(incomplete)]
        return commands + click.Command.shell_complete(self, ctx, incomplete)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if ctx.resilient_parsing and args and args[0] not in COMMANDS:
            return None, None, args  # a shell completes the word behind it, and a message would spoil its line
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            raise click.UsageError(f"no command `{args[0]}`{suggest(args[0], COMMANDS)}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's signature
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="gitops-lint")
def root() -> None:
    """Check that every environment of a GitOps repository gets a complete, consistent and reproducible configuration."""


def _run(arguments: list[str]) -> object:
    """Run a command; what it says of its progress is gone before an error is told."""
    try:
        return root.main(arguments, prog_name="gitops-lint", standalone_mode=False)
    finally:
        if "gitops_lint.cli.watching" in sys.modules:  # only a command that reads files has it
            import_module("gitops_lint.cli.watching").over()


def main(arguments: list[str]) -> int:
    """Run a command and give its exit status: 0 clean, 1 findings, 2 it could not do its job."""
    return ended(lambda: _asked(arguments))


def _asked(arguments: list[str]) -> object:
    try:
        return _run(arguments)
    except click.ClickException as error:
        _show(error)
        return 2
    except click.Abort:
        return INTERRUPTED


def _show(error: click.ClickException) -> None:
    """Say as click does what is wrong with the words: some of them may come from a stranger, by way of a variable."""
    from io import StringIO  # noqa: PLC0415  only what is wrong has to be told

    from gitops_lint.reporters.escape import show  # noqa: PLC0415  as above

    written = StringIO()
    error.show(written)
    usage, label, told = written.getvalue().partition("Error: ")
    click.echo(usage + label + show(told.strip()), err=True)
