"""`gitops-lint check`: lint a repository, or judge a change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import click

from gitops_lint import boot, engine, gate
from gitops_lint.cli import against, completing, opening, output, parameters, remembering, unsaved, watching
from gitops_lint.cli.failure import Failure
from gitops_lint.cli.mounting import mounted
from gitops_lint.cli.parameters import Word, listed
from gitops_lint.cli.select import Selection
from gitops_lint.excuse import NOTHING
from gitops_lint.finding import Finding
from gitops_lint.grade import told
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
def command(path: str, config: str | None, parity: str | None, **options: object) -> int:
    """Lint the repository at PATH: every environment's effective configuration against that of its siblings.

    Exit status: 0 nothing at or above --fail-on, 1 findings, 2 the job could not be done.
    """
    chosen = output.Choice.of(options)
    selection = Selection.of(options)
    stdin = _text(options["stdin_filename"]) or ""
    if not options["quiet"]:
        watching.begin()
    begun = opening.begin(path, staged=bool(options["staged"]), config=config, caching=not options["no_cache"], stdin=stdin)
    base = against.find(begun.tree.root if stdin else path, _text(options["base"]), staged=bool(options["staged"]))
    if options["policy_from"] == "base":
        begun = _under_base(begun, base, config)
    settings = selection.applied(begun.settings, parity)
    excuses = _excusing(options)
    past = remembering.recall(begun.cache, begun.tree, settings)
    if base is None:
        result = engine.run(begun.files, settings, terms=NOTHING if excuses == "nothing" else None, past=past)
    else:
        base = base._replace(tree=mounted(base.tree, settings))
        result = gate.judge(opening.files(base.tree, settings), begun.files, settings, excuses, past)
    result = unsaved.alone(result, begun.alone) if begun.alone else within(result, begun.tree.prefix)
    if options["verbose"]:
        result = replace(result, findings=tuple(map(_explained, result.findings)))
    earlier = remembering.looks(begun.cache, begun.tree)
    report = output.report(result, begun.tree, settings, output.Frame(base, chosen.versions, chosen.pages, earlier))
    output.write(report, chosen)
    remembering.keep_looks(begun.cache, begun.tree, earlier)
    remembering.keep(begun.cache, begun.tree, settings, result.remembered)
    if not settings.trees and not settings.plugins:
        boot.keep()
    if any(finding.rule == "nothing-checked" for finding in report.findings):
        return 2
    fails = any(finding.new and finding.severity >= chosen.options.fail_on for finding in report.findings)
    return 1 if fails and not options["exit_zero"] else 0


def _under_base(begun: opening.Begun, base: against.Against | None, config: str | None) -> opening.Begun:
    """What was begun, under the settings of the base. Raises Failure if there is no base to take them from."""
    if base is None:
        raise Failure("`--policy-from base` needs a base: give one with `--base REV`")
    settings = opening.configured(base.tree, config, begun.cache)
    return begun._replace(settings=settings, files=opening.files(begun.tree, settings))


def _excusing(options: Mapping[str, object]) -> gate.Excusing:
    return "nothing" if options["no_suppressions"] else "base" if options["policy_from"] == "base" else "head"


def _explained(finding: Finding) -> Finding:
    """The finding with the evidence for it among its notes."""
    words = told(finding)
    return replace(finding, notes=(*finding.notes, words)) if words else finding


def within(result: engine.Result, prefix: str) -> engine.Result:
    """The result without the findings that have no place below `prefix`: all is read, since a file is judged against its siblings."""
    if not prefix:
        return result
    return replace(result, findings=tuple(f for f in result.findings if _touches(f, prefix)))


def _touches(finding: Finding, prefix: str) -> bool:
    places = (finding.at, *(related.at for related in finding.related))
    return finding.at.path == "." or any(at.path == prefix or at.path.startswith(f"{prefix}/") for at in places)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
