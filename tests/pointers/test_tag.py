from __future__ import annotations

import pytest

from gitops_lint.node import Opaque
from gitops_lint.pointer import Motion
from gitops_lint.pointers.tag import judge

FIXED = [
    "1.2.3", "v1.2.3", "v1.2.3-alpine", "3.7", "0.2", "2.4", "16", "17-alpine", "v3", "2.20.1-RC1", "1.0.0-beta.1", "v.2.1.3",
    "v1.2.7_gen3", "4.10-1", "v4.12", "1.2.3-dev", "1.0.0-main.42", "20240101", "2024-01-31", "2023-06-27-193246",
    "RELEASE.2023-11-20T22-40-07Z", "2025.04.26", "nightly-20240101", "latest-20240301", "d473880110e912553b46d0071bccec8470f5f747",
    "a6d8637", "df11f4f1caa1", "sha-721f235", "git-1f411b2", "abcdefa", "master-37d9825",
    "7d932c3cec64b3e67c6e64e1ff85b1588c305d540af4aac426628f38f6fd17af", "prod-1f411b2-20240306", "prod-123456789",
    "staging-bdd2ff9d42133d20466cc2187dda169631637e99", "master-master-121c011", "pr-236-d301f24-20260731080941",
    "jupyter-covid1.2.0", "build-1042", "main-1042", "12345", "b1042",
]  # fmt: skip
MOVING = [
    "latest", "LATEST", "main", "master", "develop", "trunk", "dev", "test", "qa", "uat", "staging", "prod", "production", "preprod",
    "live", "dev1", "uat-2", "test3", "stable", "edge", "canary", "nightly", "snapshot", "1.2.3-SNAPSHOT", "18-latest",
    "latest-alpine", "1.25-nightly", "alpine", "bookworm", "slim", "nonroot", "feature-login", "pr-123", "mr-7", "release", "lts",
    "current",
]  # fmt: skip
UNKNOWN = [
    "${TAG}", "$(TAG)", "{{ .Values.tag }}", "$TAG", "<TAG>", "%TAG%", "@TAG@", "__TAG__", "#{TAG}#", "IMAGE_TAG", "CHANGEME", "replace-me",
    "to-be-replaced", "placeholder", "app_version", "set-by-chartpress", "replaced-by-overlay", Opaque("xxxxxxxxxxxx"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("motion", "tags"),
    [(Motion.VERSION, FIXED), (Motion.MOVING, ["", *MOVING]), (Motion.UNKNOWN, UNKNOWN)],
    ids=["fixed", "moving", "unknown"],
)
def test_judge(motion: Motion, tags: list[str]) -> None:
    assert {tag: judge(tag)[0] for tag in tags} == dict.fromkeys(tags, motion)


def test_judge_says_why() -> None:
    assert judge("")[1] == "no tag means `latest`"
    assert judge("prod")[1] == "the name of an environment"
    assert judge("main")[1] == "the name of a branch"
    assert judge("20240101")[1] == "carries a date"
