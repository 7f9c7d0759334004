"""What the settings say of a rule: whether it runs, with which options, and how severe its findings are where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

from gitops_lint.finding import Finding
from gitops_lint.grade import grade
from gitops_lint.judging import Chosen
from gitops_lint.options import configured
from gitops_lint.rule import Rule
from gitops_lint.settings import RuleSetting, Settings
from gitops_lint.severity import Severity

_NOTHING = RuleSetting()


class Policy:
    """The rules of a catalogue under some settings. A rule's own entry goes before its category's, an override before both."""

    def __init__(self, catalogue: Iterable[Rule[Any, Any]], settings: Settings) -> None:
        self._settings = settings
        self._rules = {rule.name: rule for rule in catalogue}
        self._of: dict[str, Chosen] = {}

    @cached_property
    def asked(self) -> tuple[Rule[Any, Any], ...]:
        """The rules that can find something."""
        return tuple(rule for rule in self._rules.values() if any(severity is not Severity.OFF for severity in self._possible(rule)))

    def of(self, scope: type) -> Chosen:
        """Those of them that look at objects of a type, each with its options."""
        about = scope.__name__
        if about not in self._of:
            rules = (rule for rule in self.asked if rule.about == about)
            self._of[about] = [(rule, configured(rule.options, self._settings.rules.get(rule.name, _NOTHING).options)) for rule in rules]
        return self._of[about]

    def locked(self, name: str) -> bool:
        """Whether no comment and no baseline may silence a rule."""
        return self._rules[name].locked or self._settings.rules.get(name, _NOTHING).locked

    def judged(self, finding: Finding) -> Finding:
        """The finding with the severity that it has under these settings."""
        graded = grade(finding, self._settings.parity)
        said = self._said(self._rules[finding.rule], finding.at.path)
        if said is None or (finding.note and said is not Severity.OFF):
            return graded
        return replace(graded, severity=said)

    def _possible(self, rule: Rule[Any, Any]) -> Iterator[Severity]:
        """Every severity that some path may give the rule's findings."""
        yield rule.severity if (said := self._of_table(rule, self._settings.rules)) is None else said
        yield from (said for override in self._settings.overrides if (said := self._of_table(rule, override.rules)) is not None)

    def _said(self, rule: Rule[Any, Any], path: str) -> Severity | None:
        for override in reversed(self._settings.overrides):
            said = self._of_table(rule, override.rules)
            if said is not None and any(_matches(path, glob) for glob in override.paths):
                return said
        said = self._of_table(rule, self._settings.rules)
        return Severity.OFF if said is None and rule.severity is Severity.OFF else said

    @staticmethod
    def _of_table(rule: Rule[Any, Any], table: Mapping[str, RuleSetting]) -> Severity | None:
        for name in (rule.name, rule.category):
            said = table.get(name, _NOTHING).severity
            if said is not None:
                return said
        return None


def _matches(path: str, glob: str) -> bool:
    """Whether a glob names a path or a folder above it; `*` and `**` span folders."""
    plain = glob.removeprefix("./").removesuffix("/**").rstrip("/")
    return fnmatchcase(path, plain) or fnmatchcase(path, f"{plain}/*")
