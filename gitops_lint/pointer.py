"""What a version pointer is: a reference to something that is fetched when it is deployed, and whether it can lead elsewhere tomorrow."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from gitops_lint.keypath import KeyPath
from gitops_lint.node import Location


class PointerKind(StrEnum):
    """What a version pointer leads to."""

    IMAGE = "image"
    CHART = "chart"
    GIT = "git"
    REMOTE = "remote"
    INCLUDE = "include"


class Motion(StrEnum):
    """Whether a pointer can lead elsewhere tomorrow."""

    DIGEST = "digest"  # content-addressed
    COMMIT = "commit"
    VERSION = "version"  # a tag that looks like a version; may be moved, should not
    MOVING = "moving"
    UNKNOWN = "unknown"  # a placeholder that somebody fills later


@dataclass(frozen=True, slots=True)
class Pointer:
    """A version reference somewhere in an environment's effective values or in a document."""

    kind: PointerKind
    text: str  # as a person would write it: `ghcr.io/acme/shop:1.2`
    name: str  # without the version: `ghcr.io/acme/shop`
    version: str  # the tag, range or revision; empty if none was given
    motion: Motion
    reason: str  # why it moves, or what pins it, in a few words
    at: Location
    key: KeyPath
    digest: str = ""
    application: str = ""
    environment: str = ""
    stage: str = ""
    rank: int | None = None
    protected: bool = False
    environments: tuple[str, ...] = ()  # all that share this very place, where pointers of several environments were joined
    declared: str = ""  # the evidence, where an object or a marker declares it to be a pointer
    fault: str = ""  # what is wrong with the text, where it does not follow its kind's grammar
    folder: str = ""  # the directory inside the repository that a git pointer leads to
    own: bool = False  # it leads back to the repository that it stands in
    related: tuple[Location, ...] = ()


class Template(NamedTuple):
    """A chart's template with its calls, function and place, whose result is another each time or depends on the cluster."""

    path: str
    calls: tuple[tuple[str, Location], ...]
