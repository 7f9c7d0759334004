from __future__ import annotations

import pytest

from gitops_lint.pointer import Motion
from gitops_lint.pointers.version_range import constraint, exact, judge, loose_version

DIGEST = "sha256:" + "f" * 64


@pytest.mark.parametrize(
    ("text", "motion", "reason"),
    [
        ("", Motion.MOVING, "newest"),
        (" ", Motion.MOVING, "newest"),
        ("*", Motion.MOVING, "any version"),
        ("x", Motion.MOVING, "any version"),
        ("1", Motion.MOVING, "part of a version"),
        ("1.2", Motion.MOVING, "part of a version"),
        ("v1.2", Motion.MOVING, "part of a version"),
        ("1.2.x", Motion.MOVING, "range"),
        ("~1.2.3", Motion.MOVING, "range"),
        ("^1", Motion.MOVING, "range"),
        (">=1.0.0-0", Motion.MOVING, "range"),
        ("1.2 - 2", Motion.MOVING, "range"),
        ("1.0.0 || 2.0.0", Motion.MOVING, "range"),
        (">= 1.0, < 2", Motion.MOVING, "range"),
        ("!=1.2.3", Motion.MOVING, "range"),
        ("1.2.3", Motion.VERSION, "full version"),
        ("v1.2.3", Motion.VERSION, "full version"),
        ("=1.2.3", Motion.VERSION, "full version"),
        ("1.2.3-rc.1+b1", Motion.VERSION, "full version"),
        ("1.0.0-0.dev.git.3983.h383374de", Motion.VERSION, "full version"),
        (DIGEST, Motion.DIGEST, "digest"),
        (f"1.2.3@{DIGEST}", Motion.DIGEST, "digest"),
        ("master", Motion.MOVING, "branch"),
        ("latest", Motion.MOVING, "latest"),
        ("release-2024", Motion.VERSION, "number"),
        ("${VERSION}", Motion.UNKNOWN, "placeholder"),
    ],
)
def test_judge(text: str, motion: Motion, reason: str) -> None:
    found, why = judge(text)
    assert (found, reason in why) == (motion, True), why


def test_what_is_too_long_is_nothing() -> None:
    text = "1.2.3-" + "a" * 600
    assert not any(read(text) for read in (exact, constraint, loose_version))
