"""Which rules a run uses, from the command line: `--select` and `--ignore`, by rule or category."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gitops_lint.cli.failure import Failure
from gitops_lint.didyoumean import suggest
from gitops_lint.rules import catalogue
from gitops_lint.settings import RuleSetting, Settings
from gitops_lint.severity import Severity


@dataclass(frozen=True, slots=True)
class Selection:
    """The names that were given; `select` empty means all."""

    select: tuple[str, ...]
    ignore: tuple[str, ...]

    @classmethod
    def of(cls, options: Mapping[str, object]) -> Selection:
        """The selection that the options of a command make."""
        return cls(_names(options["select"]), _names(options["ignore"]))

    def applied(self, settings: Settings, parity: str | None) -> Settings:
        """The settings with unwanted rules off. Raises Failure for a name that is none."""
        settings = replace(settings, parity=parity or settings.parity)
        if not self.select and not self.ignore:
            return settings
        rules = catalogue(settings)
        known = {rule.name for rule in rules} | {rule.category for rule in rules}
        for name in (*self.select, *self.ignore):
            if name not in known:
                raise Failure(f"no rule or category `{name}`{suggest(name, known)}")
        off = {rule.name for rule in rules if not self.has(rule.name, rule.category)}
        named = {name: settings.rules.get(name, RuleSetting()) for name in self.select if name not in off}
        return replace(settings, rules={**settings.rules, **named, **{name: RuleSetting(Severity.OFF) for name in off}})

    def has(self, name: str, category: str) -> bool:
        """Whether a rule of that name and category is among the wanted ones."""
        selected = not self.select or name in self.select or category in self.select
        return selected and name not in self.ignore and category not in self.ignore


def _names(value: object) -> tuple[str, ...]:
    assert isinstance(value, tuple)  # noqa: S101  click's multiple options are tuples
    return tuple(part.strip() for text in value for part in str(text).split(",") if part.strip())
