"""Everything that excuses a finding, in one place: comments, the contract, the baseline. What excused nothing is told in the end."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from gitops_lint import contract, rules, suppress
from gitops_lint.baseline import Baseline
from gitops_lint.contract import Use
from gitops_lint.finding import Finding
from gitops_lint.model import Change
from gitops_lint.node import Location
from gitops_lint.policy import Policy
from gitops_lint.settings import Settings
from gitops_lint.severity import Severity
from gitops_lint.suppress import Comments, Speech, Spoken
from gitops_lint.suppression import Suppression


@dataclass(frozen=True)
class Excuses:
    """What has been said about a repository's findings."""

    settings: Settings
    comments: Comments
    baseline: Baseline
    today: date
    matched: frozenset[int] = frozenset()  # lines of the clauses that speak of a key which some environment has
    used: set[int] = field(default_factory=set)  # lines of the clauses that excused something

    def left(self, finding: Finding, above: Iterable[Location] = ()) -> Finding | None:
        """What is left of a finding; None if it is excused as a whole. `above` are the places of the keys above its key."""
        kept: Finding | None = finding
        if self.comments.by_place:
            kept = suppress.apply(finding, self.comments, above, self.settings.vocabulary())
        if kept is not None and self.settings.contract:
            kept = contract.subtract(kept, self.settings.contract, self.settings.vocabulary(), self.used)
        return self.baseline.subtract(kept) if kept is not None and self.baseline.lines else kept

    def unused(self) -> tuple[list[Suppression], list[Use]]:
        """The comments that silenced nothing, and what became of every clause and every line of the baseline."""
        clauses = contract.uses(self.settings.contract, self.used | self.matched, self.settings.path, self.today)
        return list(self.comments.unused(self._idle())), [*clauses, *self.baseline.uses()]

    def _idle(self) -> frozenset[str]:
        """The rules that were not asked, or are only about a change, and the categories of rules that somebody has switched off.

        What a comment about one of them silences is not known.
        """
        if not self.comments.by_place:
            return frozenset()
        every = rules.catalogue(self.settings)
        asked = {rule.name for rule in Policy(every, self.settings).asked}
        off = [rule for rule in every if rule.name not in asked]
        categories = {rule.category for rule in off if rule.severity is not Severity.OFF}
        return frozenset(categories | {rule.name for rule in off} | {rule.name for rule in every if rule.about == Change.__name__})


class Terms(NamedTuple):
    """What may excuse findings: a baseline, and those comments that are trusted."""

    baseline: Baseline
    trusted: Callable[[Speech], bool] = lambda _said: True


NOTHING = Terms(Baseline("", {}), lambda _said: False)  # but the contract


def gather(spoken: Spoken, settings: Settings, lines: Callable[[str], list[str]], terms: Terms, matched: frozenset[int]) -> Excuses:
    """The excuses that hold under some terms; `lines` gives a file's lines."""
    comments = suppress.read(spoken, lines, terms.trusted)
    comments.reasons = settings.reasons_required
    return Excuses(settings, comments, terms.baseline, date.today(), matched)  # noqa: DTZ011  a team's own day


def unchanged(spoken: Spoken, protected: Container[str], lines: Callable[[str], list[str]]) -> Callable[[Speech], bool]:
    """Which comments the base has as well, of which these are `spoken`: files that are `protected` hold no others.

    `lines` gives the base's lines.
    """
    known = set(suppress.speeches(spoken, lines))
    return lambda said: said.path not in protected or said in known
