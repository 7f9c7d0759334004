"""What `check` does, whoever has read its options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gitops_lint import boot, engine, gate
from gitops_lint.cli import against, opening, output, remembering, unsaved, watching
from gitops_lint.cli.failure import Failure
from gitops_lint.cli.mounting import mounted
from gitops_lint.cli.select import Selection
from gitops_lint.excuse import NOTHING
from gitops_lint.finding import Finding
from gitops_lint.grade import told


def check(path: str, options: Mapping[str, object]) -> int:
    """Lint the repository at a path, and give the exit status; `options` are those of the command, by its parameters' names.

    Raises Failure.
    """
    config, parity = _text(options["config"]), _text(options["parity"])
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
