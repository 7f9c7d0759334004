"""`gitops-lint check`: lint a repository, or judge a change."""

from __future__ import annotations

import click

from gitops_lint.cli import completing, parameters
from gitops_lint.cli.checking import check
from gitops_lint.cli.parameters import Word, listed
from gitops_lint.reporters import FORMATS

SEVERITIES = Word(["error", "warning", "info"])
_POLICY = "Whose configuration and comments hold for a change."


@click.command("check", epilog=f"Formats: {listed(list(FORMATS))}.")
@click.argument("path", default=".", type=click.Path(allow_dash=True))
@click.option("--base", metavar="REV", help="Judge only what is new since this revision.")
@click.option("--staged", is_flag=True, help="Read the git index, and judge what is new since HEAD.")
@click.option("--format", "formats", default="text", metavar="FORMAT", shell_complete=completing.formats, help="How to print the report.")
@click.option("--output", "outputs", multiple=True, metavar="FORMAT:FILE", shell_complete=completing.outputs, help="Write a file, too.")
@click.option("--statistics", is_flag=True, help="Count the findings of each rule instead of showing them.")
@parameters.config
@click.option("--fail-on", type=SEVERITIES, default="error", metavar="SEVERITY", help="What fails: error (default), warning or info.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if there are findings.")
@click.option("--select", multiple=True, metavar="NAME", shell_complete=completing.rules, help="Run only this rule or category.")
@click.option("--ignore", multiple=True, metavar="NAME", shell_complete=completing.rules, help="Do not run this rule or category.")
@click.option("--parity", type=Word(["strict", "together", "staged"]), metavar="HABIT", help="How keys travel: strict, together or staged.")
@click.option("--policy-from", type=Word(["head", "base"]), default="head", show_default=True, help=_POLICY)
@click.option("--stdin-filename", metavar="FILE", type=click.Path(), help="Read this file from stdin, and judge it alone.")
@click.option("--no-suppressions", is_flag=True, help="Show what comments excuse, too.")
@click.option("--no-cache", is_flag=True, help="Neither read nor write the cache.")
@click.option("--all", "everything", is_flag=True, help="Show old findings and infos, too.")
@click.option("-v", "--verbose", is_flag=True, help="Say what was not checked, and why.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors of the run itself.")
@click.option("--color", type=Word(["auto", "always", "never"]), metavar="WHEN", default="auto", help="auto, always or never.")
def command(path: str, **options: object) -> int:
    """Lint the repository at PATH: every environment's effective configuration against that of its siblings.

    Exit status: 0 nothing at or above --fail-on, 1 findings, 2 the job could not be done.
    """
    return check(path, options)
