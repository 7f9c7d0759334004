"""Which of two versions is the newer one, where their own texts tell.

Comparable are versions of the same scheme: semantic versions with any number of parts, and dates. A commit, a build number or a bare word
has no order that its text shows, and neither have two variants of an image (`-alpine` beside `-slim`).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from gitops_lint.regex import regex

_FULL = 3  # numbers of a semantic version
_VERSION = regex(
    r"(?:release[-_]?)?v?(\d{1,9}(?:\.\d{1,9}){1,3})(?:[-.]?(alpha|beta|milestone|preview|pre|rc|m)[-.]?(\d{1,9}(?:\.\d{1,9})*)?)?(\D.*)?"
)
_DATE = regex(r"(?:v|release[-_]?)?((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?:[-_.T]?(\d\d\d\d(?:\d\d)?|\d{1,3}))?Z?")
_BUILT = regex(r"(?=[a-f]*\d)[0-9a-f]+")
_SHORTEST_HASH = 6
_PRE = {"alpha": 0, "m": 1, "milestone": 1, "preview": 2, "pre": 2, "beta": 3, "rc": 4}
_RELEASED = 9  # above every pre-release
_FIRST_YEAR = 1900
_LONGEST = 128


class Version(NamedTuple):
    """A version taken apart: its scheme with everything that is no number, and its numbers; those of a pre-release come after."""

    scheme: str
    numbers: tuple[int, ...]
    pre: tuple[int, ...] = (_RELEASED,)


def parsed(text: str) -> Version | None:
    """The version that a tag, a chart's version or a git tag says; None for what has no order. Build metadata does not count."""
    plain = text.partition("+")[0]
    if len(plain) > _LONGEST:
        return None
    date = _DATE.fullmatch(plain)
    if date is not None:
        time = date[5] or ""
        return Version(f"date{date[2]}{len(time)}", tuple(int(part or 0) for part in (date[1], date[3], date[4], time)))
    match = _VERSION.fullmatch(plain)
    if match is None or _built(match[4] or ""):
        return None
    numbers = tuple(map(int, match[1].split(".")))
    scheme = f"{'year' if numbers[0] >= _FIRST_YEAR else 'version'}{match[4] or ''}"
    if match[2] is None:
        return Version(scheme, numbers)
    return Version(scheme, numbers, (_PRE[match[2]], *map(int, (match[3] or "0").split("."))))


def _built(rest: str) -> bool:
    """Whether what follows the numbers names a build: a commit, a date, or work that has not been released."""
    words = [word for word in re.split(r"[-_.]", rest.lower()) if word]
    return any(
        word in ("dev", "snapshot", "nightly", "canary", "latest", "pr", "mr", "sha", "git")
        or (len(word) >= _SHORTEST_HASH and _BUILT.fullmatch(word.removeprefix("sha").removeprefix("g")) is not None)
        for word in words
    ) or any(word.isdigit() for word in words)


def order(one: str, other: str) -> int | None:
    """1 if the first of two versions is newer, -1 if it is older, 0 if they are the same; None if nobody can tell."""
    if one == other:
        return 0
    first, second = parsed(one), parsed(other)
    if first is None or second is None or first.scheme != second.scheme:
        return None
    if len(first.numbers) != len(second.numbers):
        return None  # `1.2` may be any `1.2.3`, and a tag that is pushed again
    if first.numbers != second.numbers:
        return 1 if first.numbers > second.numbers else -1
    return (first.pre > second.pre) - (first.pre < second.pre)


def is_patch(newer: str, older: str) -> bool:
    """Whether two releases of semantic versions differ in the last of three numbers only."""
    first, second = parsed(newer), parsed(older)
    if first is None or second is None or first.scheme != second.scheme or not first.scheme.startswith("version"):
        return False
    released = first.pre == second.pre == (_RELEASED,)
    return released and len(first.numbers) == len(second.numbers) == _FULL and first.numbers[:2] == second.numbers[:2]
