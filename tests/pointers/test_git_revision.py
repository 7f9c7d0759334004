from __future__ import annotations

import pytest

from gitops_lint.pointer import Motion
from gitops_lint.pointers.git_revision import judge


@pytest.mark.parametrize(
    ("revision", "motion", "reason"),
    [
        ("", Motion.MOVING, "default branch"),
        ("HEAD", Motion.MOVING, "default branch"),
        ("main", Motion.MOVING, "branch"),
        ("master", Motion.MOVING, "branch"),
        ("dev-team", Motion.MOVING, "branch"),
        ("feature/abc-123", Motion.MOVING, "branch"),
        ("release-4.12", Motion.MOVING, "branch"),
        ("release/1.2", Motion.MOVING, "branch"),
        ("stable", Motion.MOVING, "branch"),
        ("refs/heads/v1.2.3", Motion.MOVING, "branch"),
        ("refs/tags/v1.2.3", Motion.VERSION, "tag"),
        ("d473880110e912553b46d0071bccec8470f5f747", Motion.COMMIT, "commit"),
        ("a6d8637", Motion.COMMIT, "shortened"),
        ("1234567", Motion.COMMIT, "shortened"),
        ("v1.2.3", Motion.VERSION, "tag"),
        ("1.2", Motion.VERSION, "tag"),
        ("v1", Motion.VERSION, "tag"),
        ("4.16", Motion.VERSION, "tag"),
        ("v5.0.15", Motion.VERSION, "tag"),
        ("release-1.2.3", Motion.VERSION, "tag"),
        ("helm-chart-4.0.1", Motion.VERSION, "tag"),
        ("kustomize/v4.5.7", Motion.VERSION, "tag"),
        ("prod-2024-01-31", Motion.VERSION, "tag"),
        ("1.2.*", Motion.MOVING, "range"),
        (">=1.0.0 <2", Motion.MOVING, "range"),
        ("*", Motion.MOVING, "range"),
        ("^1", Motion.MOVING, "range"),
        ("{{ .branch }}", Motion.UNKNOWN, "placeholder"),
        ("$ARGOCD_APP_REVISION", Motion.UNKNOWN, "placeholder"),
        ("environment/prod", Motion.UNKNOWN, "rendered"),
        ("env/prod", Motion.UNKNOWN, "rendered"),
        ("stage/prod", Motion.UNKNOWN, "rendered"),
    ],
)
def test_judge(revision: str, motion: Motion, reason: str) -> None:
    found, why = judge(revision)
    assert (found, reason in why) == (motion, True), why
