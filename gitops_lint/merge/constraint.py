"""Whether a chart's version satisfies the range that a dependency asks for, as Helm decides it.

The grammar and its corners are those of github.com/Masterminds/semver v3.5.0 (constraints.go), which Helm v4.2.4 uses: a partial
version is a wildcard, and an empty range is no range at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from gitops_lint.regex import regex

_OPERATOR = r"=||!=|>|<|>=|=>|<=|=<|~|~>|\^"
_TAIL = r"(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
_RANGED = r"v?([0-9|xX*]+)(?:\.([0-9|xX*]+))?(?:\.([0-9|xX*]+))?" + _TAIL
_PLAIN = re.sub(r"\((?!\?)", "(?:", _RANGED)
_VERSION = regex(r"v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?" + _TAIL)
_ONE = regex(rf"\s*({_OPERATOR})\s*{_RANGED}\s*")
_EACH = regex(rf"(?:{_OPERATOR})\s*{_PLAIN}")
_ALL = regex(rf"\s*(?:{_OPERATOR})\s*{_PLAIN}\s*(?:(?:\s+|,\s*)(?:{_OPERATOR})\s*{_PLAIN}\s*)*")
_HYPHEN = regex(rf"\s*({_PLAIN})\s+-\s+({_PLAIN})\s*")
_LONGEST = 512  # what Masterminds/semver refuses


class _Version(NamedTuple):
    numbers: tuple[int, int, int]
    pre: str

    def key(self) -> tuple[tuple[int, int, int], bool, list[tuple[bool, int, str]]]:
        parts = self.pre.split(".") if self.pre else []
        return self.numbers, not self.pre, [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]


class _Bound(NamedTuple):
    version: _Version
    given: int  # how many of major, minor and patch are numbers; the rest are wildcards


def satisfies(version: str, constraint: str) -> bool:
    """Whether `version` is in the range; no for what is no version or no range (helm pkg/chart/v2/util/compatible.go, v4.2.4)."""
    match = _VERSION.fullmatch(version)
    if match is None or len(constraint) > _LONGEST:
        return False
    found = _Version(_numbers(match.groups()[:3]), match[4] or "")
    groups = [_bounds(group) for group in _HYPHEN.sub(r">=\1 <=\2", constraint).split("||")]
    if None in groups:
        return False
    return any(_all_hold(found, group) for group in groups if group is not None)


def _numbers(parts: tuple[str | None, ...]) -> tuple[int, int, int]:
    major, minor, patch = (int(part) if part and part.isdigit() else 0 for part in parts)
    return major, minor, patch


def _bounds(group: str) -> list[tuple[str, _Bound]] | None:
    if not _ALL.fullmatch(group):
        return None
    out = []
    for text in _EACH.findall(group):
        match = _ONE.fullmatch(text)
        if match is None:
            return None
        parts = match.groups()[1:4]
        given = next((number for number, part in enumerate(parts) if not part or part in ("x", "X", "*")), 3)
        kept = tuple(part if number < given else None for number, part in enumerate(parts))
        if any(part and not part.isdigit() for part in kept):
            return None
        out.append((match[1], _Bound(_Version(_numbers(kept), match[5] or ""), given)))
    return out


def _all_hold(found: _Version, bounds: list[tuple[str, _Bound]]) -> bool:
    if found.pre and not any(bound.version.pre for _, bound in bounds):
        return False  # a range that names no pre-release admits none
    return all(_HOLDS[operator](found, bound) for operator, bound in bounds)


def _same(found: _Version, bound: _Bound, count: int) -> bool:
    return found.numbers[:count] == bound.version.numbers[:count]


def _equal(found: _Version, bound: _Bound) -> bool:
    return found.key() == bound.version.key() if bound.given == 3 else _tilde(found, bound)  # noqa: PLR2004


def _differs(found: _Version, bound: _Bound) -> bool:
    if bound.given == 2 and _same(found, bound, 2) and (found.pre or bound.version.pre):  # noqa: PLR2004
        return found.pre != bound.version.pre
    return not _same(found, bound, bound.given) if bound.given in (1, 2) else found.key() != bound.version.key()


def _greater(found: _Version, bound: _Bound) -> bool:
    if bound.given in (1, 2):
        return found.numbers[: bound.given] > bound.version.numbers[: bound.given]
    return found.key() > bound.version.key()


def _at_most(found: _Version, bound: _Bound) -> bool:
    if bound.given == 3:  # noqa: PLR2004
        return found.key() <= bound.version.key()
    count = 1 if bound.given == 1 else 2
    return found.numbers[:count] <= bound.version.numbers[:count]


def _tilde(found: _Version, bound: _Bound) -> bool:
    if found.key() < bound.version.key():
        return False
    if bound.version.numbers == (0, 0, 0) and bound.given in (0, 3):
        return True
    return _same(found, bound, 1 if bound.given == 1 else 2)


def _caret(found: _Version, bound: _Bound) -> bool:
    if found.key() < bound.version.key():
        return False
    major, minor, _ = bound.version.numbers
    if major or bound.given == 1:
        return _same(found, bound, 1)
    return _same(found, bound, 2 if minor or bound.given == 2 else 3)  # noqa: PLR2004


_HOLDS: dict[str, Callable[[_Version, _Bound], bool]] = {
    "": _equal,
    "=": _equal,
    "!=": _differs,
    ">": _greater,
    "<": lambda found, bound: found.key() < bound.version.key(),
    ">=": lambda found, bound: found.key() >= bound.version.key(),
    "=>": lambda found, bound: found.key() >= bound.version.key(),
    "<=": _at_most,
    "=<": _at_most,
    "~": _tilde,
    "~>": _tilde,
    "^": _caret,
}
