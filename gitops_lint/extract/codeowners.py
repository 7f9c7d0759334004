"""The file that says who has to review what: which one a forge reads, and what its lines say.

GitHub: docs.github.com, "About code owners"; GitLab: docs.gitlab.com, "Code Owners: syntax and error handling".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from gitops_lint.files import Files
from gitops_lint.model import Repository
from gitops_lint.node import Location
from gitops_lint.trees.protocol import UnreadableError

_GITHUB = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
_GITLAB = ("CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
_HEADING = re.compile(r"\^?\[(?P<name>[^\]]+)\](?:\[\d+\])?(?P<owners>(?:\s+\S+)*)\s*")
_WORD = re.compile(r"(?:\\.|[^\s\\])+")
_MOST_LINES = 20_000
_MOST_STARS = 6  # in a pattern: each can cost the length of a path
_TOKENS = re.compile(r"\*\*/|\*\*|\*|\?|\\.|.", re.DOTALL)
_GLOBS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


class Line(NamedTuple):
    """A pattern with its owners; `section` is the name of GitLab's heading above it, in lower case."""

    pattern: str
    owners: tuple[str, ...]
    at: Location
    section: str = ""


@dataclass(frozen=True, eq=False)
class Owners:
    """The file that the forge reads, and those that it does not because of it."""

    path: str
    gitlab: bool
    lines: tuple[Line, ...]
    unread: tuple[str, ...] = ()
    protected: tuple[tuple[str, str], ...] = ()  # each file that a protected environment is made of, with the environment's name


def owners(repository: Repository, files: Files) -> Iterator[Owners]:
    """The CODEOWNERS file of the repository, if it has one."""
    gitlab = ".gitlab/CODEOWNERS" in files or (".gitlab-ci.yml" in files and ".github/CODEOWNERS" not in files)
    found = [path for path in (_GITLAB if gitlab else _GITHUB) if path in files]
    if not found:
        return
    try:
        text = files.tree.read(found[0]).decode("utf-8", "replace")
    except UnreadableError:
        return
    made_of = {
        layer.path: environment.name
        for application in repository.applications
        for environment in reversed(application.environments)
        for layer in environment.layers
        if environment.protected and not environment.tree
    }
    yield Owners(found[0], gitlab, tuple(_lines(found[0], text, gitlab=gitlab)), tuple(found[1:]), tuple(sorted(made_of.items())))


def matches(pattern: str, path: str, *, gitlab: bool) -> bool:
    """Whether a pattern names a file or a folder above it; yes is said where it takes more than a few steps to know."""
    found = _compiled(pattern, gitlab)
    return found is None or found.fullmatch(path) is not None


@lru_cache(maxsize=1000)
def _compiled(pattern: str, gitlab: bool) -> re.Pattern[str] | None:  # noqa: FBT001  the key of a memo
    if pattern.count("*") > _MOST_STARS:
        return None
    inner = pattern.strip("/")
    anchored = pattern.startswith("/") or (not gitlab and "/" in inner)
    parts = (_GLOBS.get(token) or re.escape(token.removeprefix("\\")) for token in _TOKENS.findall(inner))
    below = "/.*" if pattern.endswith("/") else "" if gitlab or pattern.endswith("/*") else "(?:/.*)?"
    return re.compile(("" if anchored else "(?:.*/)?") + "".join(parts) + below, re.DOTALL)


def _lines(path: str, text: str, *, gitlab: bool) -> Iterator[Line]:
    section, default = "", ()
    for number, raw in enumerate(text.split("\n")[:_MOST_LINES], 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        heading = _HEADING.fullmatch(line) if gitlab else None
        if heading is not None:
            section, default = heading["name"].strip().lower(), tuple(heading["owners"].split())
            continue
        words = _WORD.findall(line)
        if not gitlab and "#" in (first := [word[0] for word in words]):
            words = words[: first.index("#")]
        column = raw.index(words[0]) + 1
        at = Location(path, number, column, number, column + len(words[0]))
        yield Line(words[0], tuple(words[1:]) or default, at, section)
