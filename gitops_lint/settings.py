"""What the user configured, as frozen data that everyone may see. `config.load` makes it; nothing here validates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from gitops_lint.severity import Severity
from gitops_lint.stages import CONVENTIONAL, Stage, Stages

EPHEMERAL = ("pr-*", "pr[0-9]*", "preview-*", "preview", "review-*", "ephemeral-*")


@dataclass(frozen=True, slots=True)
class TreeSetting:
    """Another tree to read beside this one: a branch of this repository or a checkout elsewhere."""

    name: str
    branch: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class DeclaredApplication:
    """An application whose environments the user lists, with their layers in order, lowest first."""

    name: str
    environments: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """What the configuration says about a rule or a category; None leaves the default."""

    severity: Severity | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Override:
    """Rule settings for some paths only."""

    paths: tuple[str, ...]
    rules: Mapping[str, RuleSetting]


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of the contract: keys, what holds for them, and why. `kind` is the word that says it: `only`, `required` or another."""

    kind: str
    keys: tuple[str, ...]
    environments: tuple[str, ...] = ()
    applications: tuple[str, ...] = ()
    reason: str = ""
    owner: str = ""
    until: str = ""  # an ISO date
    line: int = 1
    order: str = ""  # "prod >= qa"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a run depends on, but for the files it reads."""

    stages: tuple[Stage, ...] = CONVENTIONAL
    ephemeral: tuple[str, ...] = EPHEMERAL
    trees: tuple[TreeSetting, ...] = ()
    parity: str = "together"  # or "strict", "staged"
    exclude: tuple[str, ...] = ()
    applications: tuple[DeclaredApplication, ...] = ()
    rules: Mapping[str, RuleSetting] = field(default_factory=dict)  # by rule or category
    overrides: tuple[Override, ...] = ()
    contract: tuple[Clause, ...] = ()
    plugins: tuple[str, ...] = ()
    baseline: str = ""
    reasons_required: bool = False
    path: str = ""  # the file it came from, for messages

    def vocabulary(self) -> Stages:
        """The stages, ready to be looked up."""
        return _vocabulary(self.stages)


@lru_cache(maxsize=8)
def _vocabulary(stages: tuple[Stage, ...]) -> Stages:
    return Stages(stages)
