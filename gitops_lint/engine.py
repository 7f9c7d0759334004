"""From a tree to findings: discover, merge, compare, extract, run the rules, take out what is suppressed, grade, sort."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from gitops_lint import assembling, baseline, convention, discovery, excuse, lasting, reader, rules
from gitops_lint.ages import Lasting
from gitops_lint.baseline import Baseline
from gitops_lint.contract import Pledge, Use
from gitops_lint.discovery import ignored
from gitops_lint.discovery.precedences import precedences
from gitops_lint.excuse import Excuses, Terms
from gitops_lint.extract import candidate, collect, joined, relevant
from gitops_lint.extract.codeowners import Owners, owners
from gitops_lint.extract.deployed import Deployed, deployed, governed
from gitops_lint.extract.sops import Guarded, guarded
from gitops_lint.extract.template_calls import templates
from gitops_lint.files import Files
from gitops_lint.finding import Finding
from gitops_lint.judging import Memory, findings
from gitops_lint.lasting import Late
from gitops_lint.model import Application, Change, Document, Environment, Layer, Repository, Suppression, Unverified
from gitops_lint.pointer import Pointer, Template
from gitops_lint.policy import Policy
from gitops_lint.precedence import Precedence
from gitops_lint.settings import Settings
from gitops_lint.severity import Severity
from gitops_lint.trees.protocol import Tree, UnreadableError

_DERIVED: dict[type, Callable[[Repository, Files], Iterator[object]]] = {
    Guarded: guarded,
    Owners: owners,
    Precedence: precedences,
}


@dataclass(frozen=True)
class Result:
    """What a run found, and what it found it in."""

    repository: Repository
    findings: tuple[Finding, ...]
    suppressed: int = 0
    not_run: tuple[tuple[str, str], ...] = ()  # rules that had nothing to go by, and why


def lint(tree: Tree, settings: Settings) -> Result:
    """Read a tree and run every rule on it that needs no base."""
    files = Files(tree, reader.read, skip=ignored.excluded(settings))
    repository = build(files, settings)
    return run(repository, files, settings)


def build(files: Files, settings: Settings, like: Repository | None = None) -> Repository:
    """Everything that the files say: applications with their environments, and the pointers in them.

    What is the same in `like`, another state that was read with the same settings, is taken from there.
    """
    applications = assembling.applications(files, settings, like)
    environments = [env for app in applications for env in app.environments]
    documents = _documents(environments, files)
    failed = sum(document.error is not None for document in documents.values())
    return Repository(
        applications,
        documents,
        lambda: collect(environments, documents.values(), files.entries, settings.vocabulary()),
        unverified=_unverified(environments, documents.values(), discovery.unverified(files, settings)),
        paths=tuple(files.names),
        templates=tuple(templates(files)),
        files_found=len(documents),
        files_read=len(documents) - failed,
        files_failed=failed,
    )


def _documents(environments: Iterable[Environment], files: Files) -> dict[str, Document]:
    """The documents that some environment is made of, and those that hold version pointers of their own, by path."""
    found: dict[str, Document] = {}
    for layer in (layer for env in environments for layer in env.layers if layer.path in files):
        known = found.setdefault(layer.path, layer.document)
        if not known.roots and known.error is None:
            found[layer.path] = layer.document  # what is data to one environment may be YAML to another
    others = (files.document(path) for path in files.names if path not in found and _points(path, files))
    found |= {document.path: document for document in others if document.error is None}
    return dict(sorted(found.items()))


def _points(path: str, files: Files) -> bool:
    """Whether a file of no environment may hold version pointers or objects."""
    try:
        return candidate(path) and relevant(path, files.data(path))
    except UnreadableError:
        return False


def _unverified(
    environments: Iterable[Environment], documents: Iterable[Document], declared: Iterable[Unverified]
) -> tuple[Unverified, ...]:
    found = {*declared, *(entry for env in environments for entry in (*env.hazy, *env.noted) if entry.severity != "absent")}
    found |= {Unverified(d.path, 1, d.error.message, "error") for d in documents if d.error is not None and d.unreadable}
    return tuple(sorted(found))


def run(  # noqa: PLR0913  the latter three are for those who judge a change
    repository: Repository,
    files: Files,
    settings: Settings,
    *,
    change: Change | None = None,
    terms: Terms | None = None,
    memory: Memory | None = None,
) -> Result:
    """The findings of every rule that is not off and that nothing excuses, sorted.

    Rules of change are run only where there is a `change`, whose head is `repository`. `terms` say what excuses if not what the tree holds.
    A `memory` that another run filled under the same settings spares judging what both repositories have.
    """
    policy = Policy(rules.catalogue(settings), settings)
    chosen = list(policy.rules())
    held = terms or Terms(accepted(files, settings))
    excuses = excuse.gather(repository, settings, lambda path: lines(files, path), held)
    late = _late(repository, files, settings, excuses, change) if any(rule.scope is Lasting for rule, _ in chosen) else Late()
    subjects = _subjects(repository, change) | _derived(repository, files, settings)
    subjects |= {Pledge: lambda: list(excuses.pledges()), Lasting: lambda: late.lasting}
    raw = list(findings(subjects, chosen, memory))
    kept = [f if policy.locked(f.rule) else excuses.left(f) for f in raw]
    suppressions, uses = excuses.unused()
    kept += findings({Suppression: lambda: suppressions, Use: lambda: uses}, chosen)
    judged = map(policy.judged, convention.marked(_once(f for f in kept if f is not None)))
    shown = [f for f in judged if f.severity is not Severity.OFF]
    not_run = ((lasting.RULE, late.reason),) if late.reason else ()
    return Result(repository, tuple(sorted(shown, key=order)), suppressed=sum(f is None for f in kept), not_run=not_run)


def _late(repository: Repository, files: Files, settings: Settings, excuses: Excuses, change: Change | None) -> Late:
    """What has lasted, if this is no check of a change: that a month has passed is nobody's merge request's fault."""
    if change is not None:
        return Late(reason="it is about what lasts, not about a change")
    return lasting.late(repository, files.tree, settings, excuses.left)


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


def _subjects(repository: Repository, change: Change | None) -> dict[type, Callable[[], Sequence[object]]]:
    """What rules are asked about, by their scope."""
    return {
        Application: lambda: repository.applications,
        Environment: lambda: [env for app in repository.applications for env in app.environments],
        Layer: lambda: _layers(repository),
        Document: lambda: list(repository.documents.values()),
        Pointer: lambda: joined(repository.pointers),
        Template: lambda: repository.templates,
        Repository: lambda: [repository],
        Change: lambda: [change] if change is not None else [],
    }


def _derived(repository: Repository, files: Files, settings: Settings) -> dict[type, Callable[[], Sequence[object]]]:
    """What only some rules are asked about, and made only for them."""
    found: dict[type, Callable[[], Sequence[object]]] = {
        scope: lambda find=find: list(find(repository, files))  # type: ignore[misc]
        for scope, find in _DERIVED.items()
    }
    return found | {Deployed: lambda: [*deployed(repository, files), *governed(repository, files, settings)]}


def _layers(repository: Repository) -> list[object]:
    """Each layer once, however many environments it belongs to."""
    environments = (env for app in repository.applications for env in app.environments)
    return list({(layer.path, layer.at): layer for env in environments for layer in env.layers}.values())


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """One finding for what was found in two sets of peers, or through two environments that share the layer."""
    seen = set()
    for finding in findings:
        mark = (finding.rule, finding.application, finding.key, finding.environments, finding.at, finding.message)
        if mark not in seen:
            seen.add(mark)
            yield finding
