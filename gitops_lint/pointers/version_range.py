"""Version ranges as Helm, Argo CD, Flux and helmfile read them: whether one can select another version tomorrow.

The grammar is that of github.com/Masterminds/semver v3.5.0 (`constraints.go`): a version that lacks a part is a wildcard, so that `1.2`
floats where it names a chart (helm pkg/repo/v1/index.go, v4.2.4), and only a full version is fixed.
"""

from __future__ import annotations

from gitops_lint.pointer import Motion
from gitops_lint.pointers import tag
from gitops_lint.pointers.placeholder import to_do
from gitops_lint.regex import regex

_TAIL = r"(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
_PART = r"(?:0|[1-9][0-9]*)"
_EXACT = regex(rf"\s*=?\s*v?{_PART}\.{_PART}\.{_PART}{_TAIL}\s*")
_LOOSE = regex(rf"v?[0-9]+(?:\.[0-9]+)?(?:\.[0-9]+)?{_TAIL}")
_RANGE = rf"v?[0-9xX*]+(?:\.[0-9xX*]+)?(?:\.[0-9xX*]+)?{_TAIL}"
_OPERATOR = r"(?:=|!=|>|<|>=|=>|<=|=<|~|~>|\^)?"
_TERM = rf"{_OPERATOR}\s*{_RANGE}"
_GROUP = rf"\s*(?:{_RANGE}\s+-\s+{_RANGE}|{_TERM}(?:(?:\s+|\s*,\s*){_TERM})*)\s*"
_CONSTRAINT = regex(rf"{_GROUP}(?:\|\|{_GROUP})*")
_LONGEST = 512  # what Masterminds/semver refuses
_DIGEST = regex(r"(?:[^@]*@)?sha256:[0-9a-f]{64}")


def exact(text: str) -> bool:
    """Whether a range admits one version only: a full version, alone or after `=`."""
    return len(text) <= _LONGEST and _EXACT.fullmatch(text) is not None


def loose_version(text: str) -> bool:
    """Whether the text is a version in the library's lenient reading, which completes `1.2` and `v1` with zeros."""
    return len(text) <= _LONGEST and _LOOSE.fullmatch(text) is not None


def constraint(text: str) -> bool:
    """Whether the text is a range at all."""
    return len(text) <= _LONGEST and _CONSTRAINT.fullmatch(text) is not None


def judge(text: str) -> tuple[Motion, str]:
    """Whether a chart's version moves, and why; the empty one selects the newest."""
    if not text.strip():
        return Motion.MOVING, "no version means the newest"
    if len(text) > _LONGEST or to_do(text):
        return Motion.UNKNOWN, "a placeholder" if len(text) <= _LONGEST else "too long to be a version"
    if _DIGEST.fullmatch(text):
        return Motion.DIGEST, "pinned by its digest"
    if exact(text):
        return Motion.VERSION, "a full version"
    if not constraint(text):
        return tag.judge(text)  # an OCI artifact's, or something that the tool will refuse by itself
    return Motion.MOVING, _why(text.strip())


def _why(text: str) -> str:
    if text in ("*", "x", "X"):
        return "any version"
    if loose_version(text):
        return "a part of a version stands for the newest with that beginning"
    return "a range, which selects the newest that fits"
