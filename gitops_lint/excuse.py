"""Everything that excuses a finding, in one place: comments, the contract, the baseline. What excused nothing is told in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from gitops_lint import contract, rules, suppress
from gitops_lint.baseline import Baseline
from gitops_lint.compare import leaves
from gitops_lint.contract import Pledge, Use
from gitops_lint.finding import Finding
from gitops_lint.keypath import KeyPath
from gitops_lint.lacking import trail
from gitops_lint.model import Application, Change, Repository, Suppression
from gitops_lint.node import Location
from gitops_lint.policy import Policy
from gitops_lint.settings import Settings
from gitops_lint.severity import Severity
from gitops_lint.suppress import Comments, Speech


@dataclass(frozen=True)
class Excuses:
    """What has been said about a repository's findings."""

    repository: Repository
    settings: Settings
    comments: Comments
    baseline: Baseline
    today: date
    used: set[int] = field(default_factory=set)  # lines of the clauses that excused something

    def left(self, finding: Finding) -> Finding | None:
        """What is left of a finding; None if it is excused as a whole."""
        application = next((app for app in self.repository.applications if app.name == finding.application), None)
        spoken = suppress.apply(finding, self.comments, lambda f: _above(application, f), self.settings.vocabulary())
        kept = spoken and contract.subtract(spoken, self.settings.contract, self.settings.vocabulary(), self.used)
        return kept and self.baseline.subtract(kept)

    def pledges(self) -> Iterator[Pledge]:
        """Each clause of the contract with each application that it speaks of."""
        stages = self.settings.vocabulary()
        for clause in self.settings.contract:
            for application in self.repository.applications:
                if contract.applies(clause, application.name):
                    yield Pledge(clause, application, stages)

    def unused(self) -> tuple[list[Suppression], list[Use]]:
        """The comments that silenced nothing, and what became of every clause and every line of the baseline."""
        clauses = contract.uses(self.settings.contract, self._paths(), self.used, self.settings.path, self.today)
        return list(self.comments.unused(self._idle())), [*clauses, *self.baseline.uses()]

    def _idle(self) -> frozenset[str]:
        """The rules that were not asked, or are only about a change, and the categories of rules that somebody has switched off.

        What a comment about one of them silences is not known.
        """
        if not self.comments.by_place:
            return frozenset()
        every = rules.catalogue(self.settings)
        asked = {rule.name for rule, _ in Policy(every, self.settings).rules()}
        off = [rule for rule in every if rule.name not in asked]
        categories = {rule.category for rule in off if rule.severity is not Severity.OFF}
        return frozenset(categories | {rule.name for rule in off} | {rule.name for rule in every if rule.scope is Change})

    def _paths(self) -> set[KeyPath]:
        environments = (env for app in self.repository.applications for env in app.environments)
        return {path for env in environments for path in leaves(env.values)} if self.settings.contract else set()


class Terms(NamedTuple):
    """What may excuse findings: a baseline, and those comments that are trusted."""

    baseline: Baseline
    trusted: Callable[[Speech], bool] = lambda _said: True


NOTHING = Terms(Baseline("", {}), lambda _said: False)  # but the contract


def gather(repository: Repository, settings: Settings, lines: Callable[[str], list[str]], terms: Terms) -> Excuses:
    """The excuses that hold for a repository under some terms; `lines` gives a file's lines."""
    comments = suppress.read(repository.documents.values(), lines, terms.trusted)
    comments.reasons = settings.reasons_required
    return Excuses(repository, settings, comments, terms.baseline, date.today())  # noqa: DTZ011  a team's own day


def unchanged(base: Repository, head: Repository, lines: Callable[[str], list[str]]) -> Callable[[Speech], bool]:
    """Which comments the base has as well: those in files of protected environments hold no others. `lines` gives the base's lines."""
    known = set(suppress.speeches(base.documents.values(), lines))
    environments = (env for repository in (base, head) for app in repository.applications for env in app.environments)
    protected = {layer.path for env in environments if env.protected for layer in env.layers}
    return lambda said: said.path not in protected or said in known


def _above(application: Application | None, finding: Finding) -> Iterable[Location]:
    """The places of the keys above a finding's key, in every environment that sets them."""
    if application is None or finding.facts is None:
        return
    names = {name for name, _ in finding.facts.have}
    for env in application.environments:
        if env.name in names:
            for setting in trail(env, env.values, finding.key):
                yield setting.location
