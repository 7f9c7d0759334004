"""A kustomization's state while it is built, and how its entries are looked up in the tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from gitops_lint.merge.kustomize.fields import Fields, merged
from gitops_lint.merge.kustomize.kustomization import Kustomization
from gitops_lint.merge.kustomize.resource import Resource, Unique
from gitops_lint.merge.kustomize.site import Site, is_remote, joined, within
from gitops_lint.merge.kustomize.trouble import AbsentError, BuildError, TooMuchError
from gitops_lint.merge.kustomize.variables import Variable
from gitops_lint.model import Unverified
from gitops_lint.node import Map, key_location


class Use(NamedTuple):
    """A file that was read, and as what: a `kustomization`, a `patch`, `objects`, an `env` file or `data`."""

    path: str
    kind: str


class Input(NamedTuple):
    """What is given to a generator from outside, by the subject that stands for it."""

    subject: str
    value: Map


class Gathered(NamedTuple):
    """The outcome of one folder, before names are hashed and references brought up to date."""

    resources: tuple[Resource, ...]
    fields: Fields
    variables: tuple[Variable, ...]
    uses: tuple[Use, ...]
    faults: tuple[Unverified, ...]
    roots: frozenset[str]  # every folder that was visited
    inputs: tuple[Input, ...] = ()


STEPS = 3_000_000  # looks at an object in one folder's build; the largest of 2,044 real ones takes some thousand
OBJECTS = 20_000
OUTSIDE = ", where kustomize reads no files"  # how a reason ends that an option of the build takes away
COPIED = 1_000_000  # values, or hundreds of letters, that replacements, patches and generators copy from one place to another

Memo: TypeAlias = "dict[str, Gathered | BuildError]"


class Visit(NamedTuple):
    """A kustomization on the way through a tree: the folders that led to it, its own last, and what is known of others."""

    site: Site
    memo: Memo
    stack: tuple[str, ...]
    made: Kustomization


@dataclass(slots=True)
class Work:
    """A folder while it is gathered; components work on that of the kustomization that lists them."""

    resources: list[Resource] = field(default_factory=list)
    fields: Fields = field(default_factory=Fields)
    variables: list[Variable] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    faults: list[Unverified] = field(default_factory=list)
    roots: set[str] = field(default_factory=set)
    inputs: list[Input] = field(default_factory=list)
    seen: set[Unique] | None = None  # the ids of all resources, as long as nothing but additions changes them
    steps: int = 0
    copied: int = 0

    def spend(self, times: int = 1) -> None:
        """Account for that many looks at every object. Raises BuildError when there have been too many."""
        self.steps += times * (len(self.resources) + 1)
        if self.steps > STEPS:
            raise TooMuchError("takes more steps than a build should")

    def weigh(self, amount: int) -> None:
        """Account for values that are copied from one place to another. Raises TooMuchError when there have been too many."""
        self.copied += amount
        if self.copied > COPIED:
            raise TooMuchError("copies more than a build should")

    def include(self, base: Gathered) -> None:
        """Add what a base has gathered. Raises BuildError as `append` does."""
        self.roots |= base.roots
        self.uses = list(dict.fromkeys((*self.uses, *base.uses)))
        self.faults = list(dict.fromkeys((*self.faults, *base.faults)))
        self.inputs.extend(base.inputs)
        self.declare(base.variables)
        if len(self.inputs) + len(self.variables) > OBJECTS:
            raise TooMuchError(f"there are more than {OBJECTS} objects")
        self.append(base.resources)
        self.fields = merged(self.fields, base.fields) if self.fields != Fields() else base.fields

    def declare(self, more: Sequence[Variable]) -> None:
        """Add variables. Raises BuildError for a name that is taken."""
        known = {variable.name for variable in self.variables}
        for variable in more:
            if variable.name in known:
                raise BuildError(f"the variable `{variable.name}` is there twice", variable.file, variable.line)
            known.add(variable.name)
        self.variables.extend(more)

    def append(self, more: Sequence[Resource]) -> None:
        """Add objects. Raises BuildError, before adding any, if an id is there already or there are too many."""
        if len(self.resources) + len(more) > OBJECTS:
            raise TooMuchError(f"there are more than {OBJECTS} objects")
        if self.seen is None:
            self.spend()
            self.seen = {resource.id.unique for resource in self.resources}
        new = set[Unique]()
        for resource in more:
            unique = resource.id.unique
            if unique in self.seen or unique in new:
                place = key_location(resource.node, "kind")
                raise BuildError(f"{resource.id} is there twice", place.path, place.line)
            new.add(unique)
        self.seen |= new
        self.resources.extend(more)

    @contextmanager
    def noting(self, path: str, line: int) -> Iterator[None]:
        """Note what cannot be built, at the place that asked for it or that is to blame.

        What only lacks an object is not noted after something else: the object may be among what could not be had.
        """
        try:
            yield
        except TooMuchError:
            raise
        except AbsentError as error:
            if not self.faults:
                self.faults.append(Unverified(error.path or path, error.line or line, error.reason))
        except BuildError as error:
            self.faults.append(Unverified(error.path or path, error.line or line, error.reason))


def local(visit: Visit, text: str) -> str:
    """The path in the tree that an entry means. Raises BuildError for what is elsewhere, or nowhere."""
    if not text:
        raise BuildError("an entry is empty")
    try:
        path = joined(visit.made.folder, text)
    except BuildError:
        if is_remote(text):
            raise BuildError(f"`{text}` is remote, and not looked into") from None
        raise
    if path in visit.site.files or visit.site.files.under(path):
        return path
    if is_remote(text):
        raise BuildError(f"`{text}` is remote, and not looked into")
    raise BuildError(f"`{text}` does not exist")


def restrict(visit: Visit, path: str) -> None:
    """Raise BuildError for a file that kustomize would not read from there."""
    if visit.site.restricted and not within(path, visit.made.folder):
        raise BuildError(f"`{path}` is outside of `{visit.made.folder}`{OUTSIDE}")


def file(visit: Visit, text: str) -> str:
    """The path of a file that an entry means. Raises BuildError."""
    path = local(visit, text)
    if path not in visit.site.files:
        raise BuildError(f"`{text}` is no file")
    restrict(visit, path)
    return path
