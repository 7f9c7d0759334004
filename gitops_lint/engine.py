"""From a tree to findings: discover, merge, compare, extract, run the rules, take out what is suppressed, grade, sort."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gitops_lint import baseline, convention, excuse, plain, reader, rules, surveying
from gitops_lint.baseline import Baseline
from gitops_lint.contract import Use
from gitops_lint.discovery import ignored
from gitops_lint.excuse import Excuses, Terms
from gitops_lint.files import Files
from gitops_lint.finding import Finding
from gitops_lint.judging import judged
from gitops_lint.model import Change, Repository
from gitops_lint.plain import Plain
from gitops_lint.policy import Policy
from gitops_lint.remembered import Remembered
from gitops_lint.report import sealed
from gitops_lint.settings import Settings
from gitops_lint.severity import Severity
from gitops_lint.suppression import Suppression
from gitops_lint.survey import Survey
from gitops_lint.trees.protocol import Tree, UnreadableError
from gitops_lint.units import Told

_LATE = "overdue-key"  # the rule that asks the history


@dataclass(frozen=True)
class Result:
    """What a run found, and what it found it in."""

    repository: Repository
    findings: tuple[Finding, ...]
    suppressed: int = 0
    not_run: tuple[tuple[str, str], ...] = ()  # rules that had nothing to go by, and why
    remembered: Remembered | None = None  # what of it holds for other states
    environments: tuple[tuple[str, str], ...] = ()  # the names of every application and its environments


def lint(tree: Tree, settings: Settings) -> Result:
    """Read a tree and run every rule on it that needs no base."""
    return run(Files(tree, reader.read, skip=ignored.excluded(settings)), settings)


def survey(files: Files, settings: Settings, *pasts: Remembered | None) -> Survey:
    """What the rules need to know of a tree, with what those of them found that look at one application or one file.

    What holds of the `pasts`, other states that were surveyed with the same settings, is taken from there.
    """
    return surveying.survey(files, settings, Policy(rules.catalogue(settings), settings), *pasts)


def run(files: Files, settings: Settings, *, terms: Terms | None = None, past: Remembered | None = None) -> Result:
    """The findings of every rule that is not off, needs no base and that nothing excuses.

    `terms` say what does, if not what the tree holds; `past` is what was found out about another state with the same settings.
    """
    return weigh(survey(files, settings, past), settings, terms=terms)


def weigh(
    surveyed: Survey, settings: Settings, *, change: Change | None = None, terms: Terms | None = None, told: Iterable[Told] | None = None
) -> Result:
    """The findings of a survey, sorted, with those of the rules that look at all of it; nothing excuses them but what `terms` say.

    Rules of change are run only where there is a `change`, whose head is what was surveyed. `told` is what counts of what was found in
    its applications and files, if not all.
    """
    policy, files = Policy(rules.catalogue(settings), settings), surveyed.tree
    excuses = excuse.gather(
        surveyed.spoken, settings, lambda path: lines(files, path), terms or Terms(accepted(files, settings)), surveyed.clauses
    )
    late, why_not = _late(surveyed, settings, policy, excuses, change)
    altered = judged([change], policy.of(Change)) if change is not None else ()
    everywhere = [*_whole(surveyed, settings, policy), *(policy.judged(sealed(finding)) for finding in (*late, *altered))]
    told = [*(surveyed.told() if told is None else told), *(_spoken(surveyed, finding) for finding in everywhere)]
    kept = [one.finding if policy.locked(one.finding.rule) else excuses.left(*one) for one in told]
    suppressions, uses = excuses.unused()
    kept += judged(suppressions, policy.of(Suppression))
    kept += judged(uses, policy.of(Use))
    as_judged = {id(one.finding) for one in told}
    graded = (f if id(f) in as_judged else policy.judged(sealed(f)) for f in convention.marked(_once(f for f in kept if f is not None)))
    shown = [f for f in graded if f.severity is not Severity.OFF]
    not_run = ((_LATE, why_not),) if why_not else ()
    found = tuple(sorted(shown, key=order))
    return Result(surveyed.repository, found, sum(f is None for f in kept), not_run, surveyed.remembered, surveyed.environments)


def _late(surveyed: Survey, settings: Settings, policy: Policy, excuses: Excuses, change: Change | None) -> tuple[list[Finding], str]:
    """What is found about differences that last, or why nobody looked.

    That a month has passed is nobody's merge request's fault.
    """
    if not any(rule.name == _LATE for rule in policy.asked):
        return [], ""
    if change is not None:
        return [], "it is about what lasts, not about a change"
    if _LATE not in settings.rules and settings.parity != "staged":
        return [], "`parity` is not `staged`, so that no key waits; name the rule under `rules` or by `--select` to have it run"
    from gitops_lint import ages, lasting  # noqa: PLC0415  they read the history, which few ask for

    late = lasting.late(surveyed.repository, surveyed.tree.tree, settings, lambda finding: excuses.left(*_spoken(surveyed, finding)))
    return list(judged(late.lasting, policy.of(ages.Lasting))), late.reason


def _spoken(surveyed: Survey, finding: Finding) -> Told:
    """A finding with the places above its key, if anybody has said anything in comments."""
    app = surveyed.named.get(finding.application) if surveyed.spoken else None
    if app is None:
        return Told(finding)
    from gitops_lint.desk import above_of  # noqa: PLC0415  as for units

    return Told(finding, tuple(above_of(app, finding)))


def _whole(surveyed: Survey, settings: Settings, policy: Policy) -> Iterator[Finding]:
    """What the rules find that look at more than one application or file, but for those of changes."""

    def make(repository: Repository, files: Files) -> tuple[Plain, ...]:
        from gitops_lint.overall import subjects  # noqa: PLC0415  as long as nothing is new, nobody asks

        every = subjects(repository, files, surveyed.orders, settings)
        found = (finding for scope, some in every.items() if policy.of(scope) for finding in judged(some(), policy.of(scope)))
        return tuple(plain.flat(policy.judged(sealed(finding))) for finding in found)

    return map(plain.finding, surveyed.whole(make, anew=bool(settings.plugins)))


def accepted(files: Files, settings: Settings) -> Baseline:
    """The baseline of a tree: the file that the settings name, or the one at the usual place; empty if there is none that can be read."""
    path = settings.baseline or baseline.NAME
    try:
        return baseline.read(files.tree.read(path), path) if path in files else Baseline(path, {})
    except UnreadableError:
        return Baseline(path, {})


def lines(files: Files, path: str) -> list[str]:
    """The lines of a file."""
    return files.tree.read(path).decode("utf-8", "replace").split("\n")


def order(finding: Finding) -> tuple[object, ...]:
    """The order of a report: by place, then by rule and message."""
    return (finding.at.path, finding.at.line, finding.at.column, finding.rule, finding.message, finding.environments)


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """One finding for what was found in two sets of peers, or through environments or applications that share the layer."""
    seen = set()
    for finding in findings:
        mark = (finding.rule, finding.key, finding.environments, finding.at, finding.message)
        if mark not in seen:
            seen.add(mark)
            yield finding
