"""Whether the tag of an image can move: what a tag's own text says about it.

A registry may let any tag be pushed again. What tells the intention is the text: a version, a date, a build number or a commit is meant
to stay, a bare word (`latest`, `main`, `prod`, `alpine`) is meant to move.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from gitops_lint.pointer import Motion
from gitops_lint.pointers.placeholder import to_do
from gitops_lint.stages import Stages

_BRANCHES = frozenset({"main", "master", "develop", "trunk", "head"})
_AGAIN = "is pushed again and again"

# The first that is found in a tag decides.
_SIGNS = tuple(
    (re.compile(pattern, re.IGNORECASE), motion, reason)
    for pattern, motion, reason in (
        (r"(?:19|20)\d\d[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\d|3[01])", Motion.VERSION, "carries a date"),
        (
            r"(?:^|[-_.+])(?:sha-?|sha256-|git-?|commit-?|g)?(?=[0-9a-f]*\d)[0-9a-f]{7,64}(?=$|[-_.+])",
            Motion.VERSION,
            "names a commit or a build",
        ),
        (r"^[a-f]{7,40}$", Motion.VERSION, "names a commit"),
        (r"(?:^|[-_.])latest$|^latest[-_.]", Motion.MOVING, f"`latest` {_AGAIN}"),
        (r"(?:^|[-_.])snapshot$", Motion.MOVING, f"a snapshot {_AGAIN}"),
        (r"^v?\d+(?:\.\d+)?[-_.]dev(?:$|-(?!\d))", Motion.MOVING, f"a build on the way to a version {_AGAIN}"),
        (r"(?:^|[-_.])nightly$", Motion.MOVING, f"a nightly build {_AGAIN}"),
        (r"\d+\.\d+", Motion.VERSION, "a version"),
        (r"^(?:pr|mr|pull|merge)[-_.]?\d+$", Motion.MOVING, "a merge request's tag is pushed again with each commit"),
    )
)
_STAGES = Stages()
_LINE = re.compile(r"v?\d{1,4}(?:\.\d{1,4})?(?:-[a-z][a-z-]*)?")
_LONGEST = 128


def judge(tag: str) -> tuple[Motion, str]:
    """Whether an image's tag moves, and why; the empty tag is the one that engines complete with `latest`."""
    if not tag:
        return Motion.MOVING, "no tag means `latest`"
    if len(tag) > _LONGEST:
        return Motion.UNKNOWN, "too long to be a tag"
    if to_do(tag):
        return Motion.UNKNOWN, "a placeholder"
    for sign, motion, reason in _SIGNS:
        if sign.search(tag):
            return motion, reason
    return _word(tag)


def named(tag: str) -> bool:
    """Whether a tag is one of the names that only moving tags have: `latest`, a branch's, an environment's."""
    return tag.lower() in _BRANCHES | {"latest"} or _STAGES.named(tag) is not None


def aliases(tags: Collection[str]) -> bool:
    """Whether tags may well lead to one image: `1.2` and `1.2.3`, or a version and a tag that moves."""
    fixed = [tag for tag in tags if judge(tag)[0] is not Motion.MOVING]
    longest = max(fixed, key=len, default="")
    return all(longest.startswith(tag) or tag in longest for tag in fixed)


def settled(tag: str) -> bool:
    """Whether a tag is meant to lead to one image for ever, unlike `main`, or `v3` and `1.25` which follow the newest of their line."""
    return judge(tag)[0] is Motion.VERSION and _LINE.fullmatch(tag) is None


def _word(tag: str) -> tuple[Motion, str]:
    if tag.lower() in _BRANCHES:
        return Motion.MOVING, "the name of a branch"
    if _STAGES.named(tag) or _STAGES.named(tag.rstrip("0123456789").rstrip("-_")):
        return Motion.MOVING, "the name of an environment"
    if any(mark.isdigit() for mark in tag):
        return Motion.VERSION, "carries a number"
    return Motion.MOVING, f"a tag without any number {_AGAIN}"
