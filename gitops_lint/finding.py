"""What a rule has to say, and the edits that would mend it; all of it plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from gitops_lint.keypath import KeyPath
from gitops_lint.node import Location, Scalar
from gitops_lint.severity import Severity


class Set(NamedTuple):
    """Give `key` the value: replace the scalar that stands there, or insert the key at the nearest parent."""

    path: str
    key: KeyPath
    value: Scalar
    document: int = 0


class Remove(NamedTuple):
    """Delete `key` and what is below it."""

    path: str
    key: KeyPath
    document: int = 0


class Replace(NamedTuple):
    """Replace the exact text of a span."""

    path: str
    at: Location
    old: str
    new: str


Edit: TypeAlias = Set | Remove | Replace


class Fix(NamedTuple):
    """Edits that belong together. A safe one changes nothing that is deployed."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool = False


class Related(NamedTuple):
    """Another place that belongs to a finding, and what it is there for."""

    at: Location
    message: str
    environment: str = ""


class Lack(NamedTuple):
    """One environment that lacks something: the facts that decide how bad that is. `leaves` are dotted paths below the finding's key."""

    environment: str
    rank: int | None
    protected: bool
    leaves: tuple[str, ...]


class Facts(NamedTuple):
    """What is known about a difference between environments, for `grade`."""

    category: str  # "env-var", "secret", "scaling", …
    user_named: bool  # the key stands in a map whose keys people choose
    have: tuple[tuple[str, int | None], ...]  # (environment, rank) of those that have it
    lack: tuple[Lack, ...]
    ranked: bool  # the compared environments have ranks, as far as they are known, that are not all equal
    kind: str = "missing"  # or "misplaced", "near-miss", "type", "empty", "new-environment"
    marks: tuple[str, ...] = ()  # further evidence, by name: see `grade.EVIDENCE`


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `rule`, `category` and `severity` are filled in by the engine."""

    message: str
    at: Location
    key: KeyPath = ()
    application: str = ""
    environments: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    label: str = ""  # what to write under the code frame
    help: str = ""
    aliases: tuple[str, ...] = ()
    facts: Facts | None = None
    fix: Fix | None = None
    rule: str = ""
    category: str = ""
    severity: Severity = Severity.OFF
    note: bool = False  # outside what the rule demands: it keeps its own severity, unless the rule is off
    grade: int | None = None
    confidence: float | None = None
    pending: str | None = None
    subject: str = ""  # what the finding is about when it is not a key: part of its identity
    new: bool = True
    notes: tuple[str, ...] = ()  # further lines for the eyes: `layers of prod: charts/shop/values.yaml, …`
