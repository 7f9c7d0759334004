from __future__ import annotations

import pytest

from gitops_lint.pointer import Motion
from gitops_lint.pointers.include import component, judge, local, split

SHA = "d473880110e912553b46d0071bccec8470f5f747"


@pytest.mark.parametrize(
    ("revision", "motion"),
    [
        ("", Motion.MOVING),
        ("main", Motion.MOVING),
        ("HEAD", Motion.MOVING),
        ("versionStream", Motion.MOVING),
        ("~latest", Motion.MOVING),
        ("volatile", Motion.MOVING),
        ("v4", Motion.VERSION),
        ("v4.1.2", Motion.VERSION),
        ("1", Motion.VERSION),
        (SHA, Motion.COMMIT),
        ("${{ inputs.ref }}", Motion.UNKNOWN),
    ],
)
def test_judge(revision: str, motion: Motion) -> None:
    assert judge(revision)[0] is motion


@pytest.mark.parametrize(
    ("version", "motion"),
    [("1", Motion.MOVING), ("1.2", Motion.MOVING), ("1.2.3", Motion.VERSION), (SHA, Motion.COMMIT), ("main", Motion.MOVING)],
)
def test_component(version: str, motion: Motion) -> None:
    assert component(version)[0] is motion


def test_split_and_local() -> None:
    assert split("actions/checkout@v4") == ("actions/checkout", "v4")
    assert split("actions/checkout") == ("actions/checkout", "")
    assert local("./.github/actions/x")
    assert local("${{ matrix.action }}")
    assert not local("actions/checkout@v4")
