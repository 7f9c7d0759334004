"""From a tree to findings: discover, merge, compare, extract, run the rules, take out what is suppressed, grade, sort."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from gitops_lint import assembling, baseline, convention, excuse, lasting, plain, reader, rules, surveying
from gitops_lint.ages import Lasting
from gitops_lint.baseline import Baseline
from gitops_lint.contract import Use
from gitops_lint.discovery import ignored
from gitops_lint.discovery.precedences import precedences
from gitops_lint.excuse import Excuses, Terms
from gitops_lint.extract import collect, joined, worthwhile
from gitops_lint.extract.codeowners import Owners, owners
from gitops_lint.extract.deployed import Deployed, ungoverned
from gitops_lint.extract.sops import Guarded, guarded
from gitops_lint.files import Files
from gitops_lint.finding import Finding
from gitops_lint.judging import judged
from gitops_lint.lasting import Late
from gitops_lint.model import Change, Document, Environment, Repository
from gitops_lint.plain import Plain
from gitops_lint.pointer import Pointer, Template
from gitops_lint.policy import Policy
from gitops_lint.precedence import Precedence
from gitops_lint.remembered import Remembered
from gitops_lint.report import sealed
from gitops_lint.settings import Settings
from gitops_lint.severity import Severity
from gitops_lint.suppression import Suppression
from gitops_lint.surveying import Survey
from gitops_lint.trees.protocol import Tree, UnreadableError
from gitops_lint.units import Told, above_of

Subjects = Mapping[type, Callable[[], Iterable[object]]]  # what rules are asked about, by their scope


@dataclass(frozen=True)
class Result:
    """What a run found, and what it found it in."""

    repository: Repository
    findings: tuple[Finding, ...]
    suppressed: int = 0
    not_run: tuple[tuple[str, str], ...] = ()  # rules that had nothing to go by, and why
    remembered: Remembered | None = None  # what of it holds for other states


def lint(tree: Tree, settings: Settings) -> Result:
    """Read a tree and run every rule on it that needs no base."""
    return run(Files(tree, reader.read, skip=ignored.excluded(settings)), settings)


def build(files: Files, settings: Settings) -> Repository:
    """Everything that the files say: applications with their environments, and the pointers in them, made when somebody asks."""
    applications = assembling.applications(files, settings)

    def environments() -> list[Environment]:
        return [env for app in applications for env in app.environments]

    built = Repository(
        applications,
        lambda: _documents(environments(), files),
        lambda: collect(environments(), built.documents.values(), files.entries, settings.vocabulary()),
        paths=tuple(files.names),
    )
    return built


def _documents(environments: Iterable[Environment], files: Files) -> dict[str, Document]:
    """The documents that some environment is made of, and those that hold version pointers of their own, by path."""
    found: dict[str, Document] = {}
    for layer in (layer for env in environments for layer in env.layers if layer.path in files):
        known = found.setdefault(layer.path, layer.document)
        if not known.roots and known.error is None:
            found[layer.path] = layer.document  # what is data to one environment may be YAML to another
    others = (files.document(path) for path in files.names if path not in found and worthwhile(path, files))
    found |= {document.path: document for document in others if document.error is None}
    return dict(sorted(found.items()))


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


def weigh(surveyed: Survey, settings: Settings, *, change: Change | None = None, terms: Terms | None = None) -> Result:
    """The findings of a survey, sorted, with those of the rules that look at all of it; nothing excuses them but what `terms` say.

    Rules of change are run only where there is a `change`, whose head is what was surveyed.
    """
    policy, files = Policy(rules.catalogue(settings), settings), surveyed.tree
    excuses = excuse.gather(
        surveyed.spoken, settings, lambda path: lines(files, path), terms or Terms(accepted(files, settings)), surveyed.clauses
    )
    late = _late(surveyed, settings, excuses, change) if policy.of(Lasting) else Late()
    beyond: Subjects = {Lasting: lambda: late.lasting, Change: lambda: [change] if change is not None else []}
    everywhere = [*_whole(surveyed, settings, policy), *(policy.judged(sealed(f)) for f in _found(beyond, policy))]
    told = [*surveyed.told(), *(_spoken(surveyed, finding) for finding in everywhere)]
    kept = [one.finding if policy.locked(one.finding.rule) else excuses.left(*one) for one in told]
    suppressions, uses = excuses.unused()
    kept += map(policy.judged, judged(suppressions, policy.of(Suppression)))
    kept += map(policy.judged, judged(uses, policy.of(Use)))
    as_judged = {id(one.finding) for one in told}
    graded = (f if id(f) in as_judged else policy.judged(f) for f in convention.marked(_once(f for f in kept if f is not None)))
    shown = [f for f in graded if f.severity is not Severity.OFF]
    not_run = ((lasting.RULE, late.reason),) if late.reason else ()
    found = tuple(sorted(shown, key=order))
    return Result(surveyed.repository, found, sum(f is None for f in kept), not_run, surveyed.remembered)


def _late(surveyed: Survey, settings: Settings, excuses: Excuses, change: Change | None) -> Late:
    """What has lasted, if this is no check of a change: that a month has passed is nobody's merge request's fault."""
    if change is not None:
        return Late(reason="it is about what lasts, not about a change")
    return lasting.late(surveyed.repository, surveyed.tree.tree, settings, lambda finding: excuses.left(*_spoken(surveyed, finding)))


def _spoken(surveyed: Survey, finding: Finding) -> Told:
    """A finding with the places above its key, if anybody has said anything in comments."""
    app = surveyed.named.get(finding.application) if surveyed.spoken else None
    return Told(finding, tuple(above_of(app, finding)) if app is not None else ())


def _whole(surveyed: Survey, settings: Settings, policy: Policy) -> list[Finding]:
    """What the rules find that look at more than one application or file, but for those of changes."""

    def make(repository: Repository, files: Files) -> tuple[Plain, ...]:
        subjects: Subjects = {
            Pointer: lambda: joined(repository.pointers),
            Template: lambda: repository.templates,
            Repository: lambda: [repository],
            Guarded: lambda: guarded(files),
            Owners: lambda: owners(repository, files),
            Precedence: lambda: precedences(repository, surveyed.orders),
            Deployed: lambda: ungoverned(repository, files, settings),
        }
        return tuple(plain.flat(policy.judged(sealed(finding))) for finding in _found(subjects, policy))

    return list(map(plain.finding, surveyed.whole(make)))


def _found(subjects: Subjects, policy: Policy) -> Iterator[Finding]:
    for scope, some in subjects.items():
        if policy.of(scope):
            yield from judged(some(), policy.of(scope))


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
    """One finding for what was found in two sets of peers, or through two environments that share the layer."""
    seen = set()
    for finding in findings:
        mark = (finding.rule, finding.application, finding.key, finding.environments, finding.at, finding.message)
        if mark not in seen:
            seen.add(mark)
            yield finding
