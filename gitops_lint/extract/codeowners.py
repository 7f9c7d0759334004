"""The file that says who has to review what: which one a forge reads, and what its lines say.

GitHub: docs.github.com, "About code owners"; GitLab: docs.gitlab.com, "Code Owners: syntax and error handling".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
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


def owners(_repository: Repository, files: Files) -> Iterator[Owners]:
    """The CODEOWNERS file of the repository, if it has one."""
    gitlab = ".gitlab/CODEOWNERS" in files or (".gitlab-ci.yml" in files and ".github/CODEOWNERS" not in files)
    found = [path for path in (_GITLAB if gitlab else _GITHUB) if path in files]
    if not found:
        return
    try:
        text = files.tree.read(found[0]).decode("utf-8", "replace")
    except UnreadableError:
        return
    yield Owners(found[0], gitlab, tuple(_lines(found[0], text, gitlab=gitlab)), tuple(found[1:]))


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
