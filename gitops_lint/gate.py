"""A change judged: what of the head's findings the base does not have, and what only the comparison of both can tell.

A finding is new if some leaf is missing in some environment where it was not missing before, whatever lines moved. A finding of a rule of
change takes the place of the one at rest that it explains.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal, NamedTuple, TypeAlias

from gitops_lint import engine, excuse
from gitops_lint.engine import Result
from gitops_lint.excuse import Terms
from gitops_lint.files import Files
from gitops_lint.finding import Finding
from gitops_lint.model import Application, Change, Pair, Repository
from gitops_lint.remembered import Remembered
from gitops_lint.report import identities
from gitops_lint.settings import Settings
from gitops_lint.severity import Severity
from gitops_lint.survey import Survey
from gitops_lint.trees.entry import DAMAGED, MISSING
from gitops_lint.trees.protocol import TreeError
from gitops_lint.turned import BROUGHT, turned

AT_REST = frozenset({"missing-key", "missing-list-item", "missing-secret-key"})  # what `partial-addition` and its kind take the place of
# a rule of change, and the one at rest whose place it takes
STEPS = {"skipped-environment": "version-ahead", "stale-digest": "tag-digest-conflict"}
_ANEW = frozenset({"promoted", "left-out", BROUGHT})  # marks of what the change has to do with a gap that the base has, too
_SAME = 0.5  # the share of an application's files that must be the same for it to have moved


Excusing: TypeAlias = Literal["head", "base", "nothing"]


class Side(NamedTuple):
    """One state of a repository: what was read of it, and its files."""

    repository: Repository
    files: Files


def judge(base: Files, head: Files, settings: Settings, excuses: Excusing = "head", past: Remembered | None = None) -> Result:
    """The head's findings, each marked as new or not, with those of the rules of change among them.

    `excuses` says whose baseline and comments count. Of the `base` are its baseline, and in files of protected environments only comments
    that it has, too. `past` is what was found out about another state with the same settings.
    """
    base.like = head
    after = engine.survey(head, settings, past)
    return weigh(engine.survey(base, settings, after.remembered, past), after, settings, excuses)


def weigh(before: Survey, after: Survey, settings: Settings, excuses: Excusing = "head") -> Result:
    """As `judge`, for two states that are surveyed already. Raises TreeError for a base that git cannot give."""
    for entry in before.repository.unverified:
        if entry.reason in (MISSING, DAMAGED):
            raise TreeError(f"the base cannot be read: `{entry.path}` {entry.reason}; fetch it whole")
    change = between(Side(before.repository, before.tree), Side(after.repository, after.tree), settings)
    change = replace(change, settled=before.same_pointers(after))
    mine, theirs = (before.beyond(after), after.told(before)) if _alike(excuses, before, after, settings) else (None, None)
    known = engine.weigh(before, settings, terms=excuse.NOTHING if excuses == "nothing" else None, told=mine)
    found = engine.weigh(after, settings, change=change, terms=_terms(excuses, before, after, settings), told=theirs)
    renamed = {p.after.name: p.before.name for p in change.pairs if p.before is not None and p.before.name != p.after.name}
    old = _Old(known.findings, renamed)
    seen = list(turned(found.findings, change))
    marked = [f if not f.new or _anew(f) or old.lacks(f) else replace(f, new=False) for f in seen]
    kept = list(_unexplained(marked, old))
    told = {(STEPS[f.rule], f.application, f.key, name) for f in kept if f.rule in STEPS for name in f.environments}
    kept = [f for f in kept if not all((f.rule, f.application, f.key, name) in told for name in f.environments or ("",))]
    return replace(found, findings=tuple(sorted(_without_copies(kept), key=engine.order)))


def _alike(excuses: Excusing, before: Survey, after: Survey, settings: Settings) -> bool:
    """Whether the same excuses hold on both sides, so that what is found in an application that is the same is old if it is anything."""
    if excuses == "base" or before.spoken != after.spoken:
        return False
    return excuses == "nothing" or engine.accepted(before.tree, settings).lines == engine.accepted(after.tree, settings).lines


def _unexplained(findings: list[Finding], old: _Old) -> Iterator[Finding]:
    """The findings without those at rest that rules of change explain; one explained in part is news only for the rest of it."""
    of_change = [f for f in findings if f.rule not in AT_REST and f.facts is not None and f.facts.kind != "type"]
    explained, told = _Old(of_change, {}), _Old([f for f in of_change if f.new], {})
    for finding in findings:
        if finding.rule not in AT_REST:
            yield finding
        elif explained.lacks(finding):
            news = not finding.new or _anew(finding) or any(map(all, zip(old.without(finding), told.without(finding), strict=True)))
            yield finding if news else replace(finding, new=False)


def _without_copies(findings: list[Finding]) -> Iterator[Finding]:
    """The findings but for each foreign address that is part of what a new environment was copied with."""
    copied = {at for f in findings if f.rule == "copied-environment" for at in (f.at, *(related.at for related in f.related))}
    return (f for f in findings if f.rule != "foreign-environment" or f.at not in copied)


def between(old: Side, new: Side, settings: Settings) -> Change:
    """What lies between two states."""
    before, base, after, head = *old, *new
    policy = frozenset(filter(None, (settings.path, settings.baseline)))
    return Change(before, after, tuple(pairs(before, after, base, head)), touched(base, head), removed(before, after), policy)


def _terms(excuses: Excusing, before: Survey, after: Survey, settings: Settings) -> Terms | None:
    if excuses != "base":
        return excuse.NOTHING if excuses == "nothing" else None
    environments = (env for side in (before, after) for app in side.repository.applications for env in app.environments)
    protected = {layer.path for env in environments if env.protected for layer in env.layers}
    same = excuse.unchanged(before.spoken, protected, lambda path: engine.lines(before.tree, path))
    return Terms(engine.accepted(before.tree, settings), same)


def _standing(findings: Iterable[Finding], renamed: dict[str, str]) -> Iterator[str]:
    """What the findings are about, whichever rule said it: a parity finding is the same one under each of its rules' names."""
    for finding in findings:
        rule = "missing" if finding.facts is not None and finding.facts.kind != "type" else finding.rule
        application = renamed.get(finding.application, finding.application)
        yield from identities(replace(finding, rule=rule, application=application))


def _anew(finding: Finding) -> bool:
    """Whether a gap is old, but what makes it matter is not."""
    marks = finding.facts.marks if finding.facts is not None else ()
    return not _ANEW.isdisjoint(marks) or ("narrowed" in marks and finding.severity >= Severity.WARNING)


class _Old:
    """What findings are about that there were before; which leaves that is in detail is looked into where somebody asks about another."""

    def __init__(self, findings: Iterable[Finding], renamed: dict[str, str]) -> None:
        self._renamed = renamed
        self._by_application: dict[str, list[Finding]] = {}
        self._whole: set[tuple[object, ...]] = set()
        self._parts: dict[str, set[str]] = {}
        for finding in findings:
            self._by_application.setdefault(finding.application, []).append(finding)
            self._whole.add(_about(finding))

    def lacks(self, finding: Finding) -> bool:
        """Whether a finding is about anything that there was not."""
        if _about(finding) in self._whole and finding.application not in self._renamed:
            return False
        return any(self.without(finding))

    def without(self, finding: Finding) -> list[bool]:
        """For each thing that a finding is about whether there was not that."""
        application = self._renamed.get(finding.application, finding.application)
        if application not in self._parts:
            self._parts[application] = set(_standing(self._by_application.get(application, ()), {}))
        return [name not in self._parts[application] for name in _standing([finding], self._renamed)]


def _about(finding: Finding) -> tuple[object, ...]:
    """All that a finding's identities are made of."""
    facts = finding.facts
    if facts is None:
        return finding.rule, finding.application, finding.key, finding.subject, finding.at.path, finding.environments
    return finding.rule if facts.kind == "type" else "missing", finding.application, finding.key, finding.subject, facts.lack


def touched(base: Files, head: Files) -> frozenset[str]:
    """The paths whose content is not the same on both sides."""
    paths = base.entries.keys() ^ head.entries.keys()
    return frozenset(paths | {path for path in base.entries.keys() & head.entries.keys() if base.blob(path) != head.blob(path)})


def pairs(before: Repository, after: Repository, base: Files, head: Files) -> Iterator[Pair]:
    """Each application of the head with what it was at the base, found under its name or, if it moved, by its files."""
    named = {(app.name, app.system): app for app in before.applications}
    left = {key: app for key, app in named.items() if key not in {(a.name, a.system) for a in after.applications}}
    for app in after.applications:
        known = named.get((app.name, app.system)) or _moved(app, left.values(), base, head)
        yield Pair(known, app)


def _moved(app: Application, candidates: Iterable[Application], base: Files, head: Files) -> Application | None:
    """The application among those that went whose files have the most content in common with this one's."""
    mine = _content(app, head)
    shares = [(len(mine & _content(other, base)) / max(1, len(mine)), other) for other in candidates if other.system == app.system]
    best = max(shares, key=lambda share: share[0], default=None)
    return best[1] if best is not None and best[0] >= _SAME else None


def _content(app: Application, files: Files) -> set[str]:
    paths = {layer.path for env in app.environments for layer in env.layers}
    return {files.blob(path) for path in paths if path in files}


def removed(before: Repository, after: Repository) -> tuple[Application, ...]:
    """The applications that the head no longer has."""
    kept = {(app.name, app.system) for app in after.applications}
    return tuple(app for app in before.applications if (app.name, app.system) not in kept)
