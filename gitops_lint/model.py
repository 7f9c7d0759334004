"""What a repository is, once it is read: documents, layers, environments, applications, pointers.

Everything here is immutable and knows nothing of files on disk; `modelled.build` makes it, rules read it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from gitops_lint.keypath import KeyPath
from gitops_lint.node import Location, Map, Seq, Value, item_location, key_location, span
from gitops_lint.pointer import Pointer, Template


class Role(StrEnum):
    """What a layer is to its environment."""

    DEFAULTS = "chart-defaults"  # the chart's own values.yaml, or a sub-chart's
    COMMON = "common"  # shared with other environments
    BASE = "base"  # a kustomize base or component
    OWN = "environment"  # written for this environment alone
    INLINE = "inline"  # a block inside the object that declares the environment
    SHAPE = "shape"  # decides the set or form of objects: a kustomization, a Chart.yaml, a patch


class Problem(NamedTuple):
    """Why a file, or a part of it, could not be read; line and column count from 1."""

    message: str
    line: int = 1
    column: int = 1


class Duplicate(NamedTuple):
    """A key that a mapping holds twice once it is converted as Kubernetes does; `first` and `again` are packed positions."""

    key: str
    first: int
    again: int


class Root(NamedTuple):
    """One document of a file: its value and its packed start."""

    value: Value
    at: int


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file, or its failure."""

    path: str
    roots: tuple[Root, ...] = ()
    error: Problem | None = None
    unreadable: bool = False  # the error is about getting the bytes, not about what they say
    templated: bool = False  # placeholders were masked to read it
    encrypted: str = ""  # "sops", "git-crypt", "ansible-vault", … or nothing
    duplicates: tuple[Duplicate, ...] = ()
    merges_after: tuple[int, ...] = ()  # packed positions of `<<` keys that override keys which stand before them
    truths: tuple[tuple[int, str], ...] = ()  # (packed position, text) of plain keys that are booleans: `y`, `on`, `true`
    comments: tuple[tuple[int, str], ...] = ()  # (packed position, text) of `# gitops-lint:` comments only
    setters: tuple[tuple[int, str], ...] = ()  # (packed position, policy) of Flux's `$imagepolicy` markers
    nodes: int = 0  # how many values there are in it, with aliases expanded
    ended: tuple[Root, ...] = ()  # the roots for tools that end the last line if the file does not, where that makes a difference


class Evidence(NamedTuple):
    """Why we believe that an environment exists: declared by an object, or inferred from a name."""

    text: str
    declared: bool = False
    path: str = ""
    line: int = 1
    weak: bool = False  # that it is an environment of the others is likely at best, and no promise that it is like them


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One source of an environment's values: a file, or a block inside one."""

    path: str
    role: Role
    document: Document
    value: Value = None  # what it contributes: the file's mapping, or the block
    at: int = 0  # the packed start of the block
    templated: bool = False

    @property
    def location(self) -> Location:
        """Where the layer starts."""
        return span(self.path, self.at)


class Unverified(NamedTuple):
    """A place that could not be evaluated, and why: never silence."""

    path: str
    line: int
    reason: str
    severity: str = "warning"  # an unreadable file is an "error", what no file could tell "info"; "absent" is said by a finding of its own


class Undefined(NamedTuple):
    """A variable that an environment's objects use and nothing defines: it is filled in as an empty text."""

    name: str
    key: KeyPath
    at: Location
    declared: Location  # in the object that says what is filled in
    embedded: bool  # inside a text of several lines, a script or a file


class Absent(NamedTuple):
    """A file or folder that an environment's declaration names and that is not there, and whether the deploying tool minds."""

    path: str
    at: Location
    optional: bool


@dataclass(frozen=True, slots=True, eq=False)
class Environment:
    """An application in a stage, with its ordered layers and its effective values.

    `name` is as the repository writes it (`prod`, `production/stone-prod-p02`), `stage` the canonical name of its rank, `rank` None where
    nobody knows it. `values` is the effective tree: Helm values as they are, or Kubernetes objects by subject (`Deployment/shop:`).
    """

    application: str
    name: str
    stage: str
    rank: int | None
    system: str  # "helm", "manifests", "kustomize", "flux", …: how the layers were merged
    evidence: Evidence
    layers: tuple[Layer, ...]
    values: Map
    axes: tuple[tuple[str, str], ...] = ()
    protected: bool = False
    disabled: tuple[KeyPath, ...] = ()  # subtrees that count for nothing: disabled sub-charts
    hazy: tuple[Unverified, ...] = ()  # what is unknown about it; nothing is said to be missing from where it is unknown
    noted: tuple[Unverified, ...] = ()  # what only a cluster knows of it, and nothing else is in doubt for
    tree: str = ""
    warnings: tuple[str, ...] = ()
    undefined: tuple[Undefined, ...] = ()
    absent: tuple[Absent, ...] = ()
    beside: tuple[str, ...] = ()  # files of what is deployed along with it and compared with nothing
    chart: str = ""  # the folder of its chart, `.` for the top of the tree; empty where that is not in the tree
    words: frozenset[str] = frozenset()  # lower case: what else names this environment inside keys and resource names

    @property
    def own(self) -> Layer | None:
        """The layer that a missing key would go to: the last one written for this environment alone."""
        mine = [layer for layer in self.layers if layer.role in (Role.OWN, Role.INLINE)]
        return mine[-1] if mine else None


class Setting(NamedTuple):
    """One environment's value at a path: the node it is in, and the key there (an index in a list)."""

    environment: Environment
    node: Map | Seq
    key: str | int

    @property
    def value(self) -> Value:
        """The value itself."""
        return self.node[self.key]  # type: ignore[index, no-any-return]  # a str for a Map, an int for a Seq

    @property
    def location(self) -> Location:
        """Where it was written."""
        if isinstance(self.node, Map):
            return key_location(self.node, str(self.key))
        return item_location(self.node, int(self.key))


class Gap(NamedTuple):
    """One environment that lacks what others have, and the nearest node that it has: where the lacking key would go."""

    environment: Environment
    parent: Map | Seq


class Twin(NamedTuple):
    """The key that stands in for a missing one: elsewhere, or under almost the same name."""

    path: KeyPath
    settings: tuple[Setting, ...]


class Difference(NamedTuple):
    """A path that some environments have and others lack, although those have its parent.

    `kind` is `missing`, or says what explains it: `misplaced` and `near-miss`, with the key that is there instead as `twin`.
    """

    path: KeyPath
    have: tuple[Setting, ...]
    lack: tuple[Gap, ...]
    kind: str = "missing"
    twin: Twin | None = None
    brings: tuple[str, ...] = ()  # what an absent entry of a kustomization would have brought, as dotted paths


class Contrast(NamedTuple):
    """A path that two or more environments have with values that are not one and the same."""

    path: KeyPath
    settings: tuple[Setting, ...]


class Comparison(NamedTuple):
    """How a set of peers differ."""

    environments: tuple[Environment, ...]
    differences: tuple[Difference, ...]
    contrasts: tuple[Contrast, ...]
    untold: int = 0  # differences beyond the most that are looked into
    weak: bool = False  # some are environments by weak evidence, and it is only about what these lack


@dataclass(frozen=True, eq=False)
class Application:
    """The sibling environments of one deployable thing; only siblings are compared."""

    name: str
    system: str
    assemble: Callable[[], tuple[Environment, ...]]
    compare: Callable[[tuple[Environment, ...]], tuple[Comparison, ...]] = lambda _environments: ()
    known: list[Callable[[], tuple[Environment, ...]]] = field(default_factory=list)  # what gives them without merging anything

    @cached_property
    def environments(self) -> tuple[Environment, ...]:
        """In the order of their ranks; merged when somebody asks."""
        return self.known[0]() if self.known else self.assemble()

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """One for each set of peers, everything but the stage held fixed; made when somebody asks."""
        return self.compare(self.environments)

    def named(self, name: str) -> Environment:
        """The environment of that name; a KeyError if there is none."""
        return next(env for env in self.environments if env.name == name)


@dataclass(frozen=True, eq=False)
class Repository:
    """Everything that was read of one state of a repository."""

    applications: tuple[Application, ...]
    read: Callable[[], Mapping[str, Document]] = dict
    extract: Callable[[], tuple[Pointer, ...]] = tuple
    unverified: tuple[Unverified, ...] = ()
    paths: tuple[str, ...] = ()  # every file of the tree, read or not
    templates: tuple[Template, ...] = ()  # those that are not the same each time they are rendered
    files_found: int = 0
    broken: frozenset[str] = frozenset()  # files that were read and hold no YAML
    files_failed: int = 0  # these, and those that cannot be read

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """What environments are made of, and what holds pointers or objects of its own, by path; read when somebody asks."""
        return self.read()

    @cached_property
    def pointers(self) -> tuple[Pointer, ...]:
        """Every version reference, found when somebody asks."""
        return self.extract()


class Pair(NamedTuple):
    """An application before and after a change; `before` is None where the change brings it."""

    before: Application | None
    after: Application


@dataclass(frozen=True, eq=False)
class Change:
    """Two states of a repository: what is to be merged, and what it is to be merged into."""

    base: Repository
    head: Repository
    pairs: tuple[Pair, ...]
    touched: frozenset[str] = frozenset()  # paths that came, went or changed
    removed: tuple[Application, ...] = ()  # applications that the change takes away
    policy: frozenset[str] = frozenset()  # paths that hold the policy under which the change is judged
    settled: bool = False  # no version pointer is another one

    @property
    def altered(self) -> tuple[Pair, ...]:
        """The applications that are not one and the same on both sides."""
        return tuple(pair for pair in self.pairs if pair.before is not pair.after)
