from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_lint.pointers.version_order import is_patch, order

DIGIT = st.integers(0, 99)
TAGS = st.builds(
    "{}{}.{}.{}{}".format, st.sampled_from(["", "v"]), DIGIT, DIGIT, DIGIT, st.sampled_from(["", "-rc.1", "-beta2", "-alpine", "-dev.4"])
) | st.text("0123456789.-abcvrT+_", max_size=16)


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ("1.10.0", "1.9.3"),
        ("v2.0.0", "1.9.9"),
        ("1.3", "1.2"),
        ("1.4.2.7", "1.4.2.6"),
        ("1.5.0", "1.5.0-rc.3"),
        ("1.5.0-rc.10", "1.5.0-rc.9"),
        ("1.5.0-rc1", "1.5.0-beta.7"),
        ("1.5.0-alpine", "1.4.9-alpine"),
        ("7.17.1-debian-a", "7.16.3-debian-a"),
        ("2024.3.1", "2023.12.4"),
        ("20240301", "20240229"),
        ("2024-03-01", "2024-02-29"),
        ("20240301123045", "20240301110000"),
        ("2024.03.01.2", "2024.03.01.1"),
        ("release-1.8.0", "release-1.7.9"),
        ("1.2.4+build.1", "1.2.3+build.9"),
    ],
)
def test_newer(newer: str, older: str) -> None:
    assert order(newer, older) == 1
    assert order(older, newer) == -1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.2", "1.2.3"),  # any patch of it
        ("1.10", "1.5.0"),
        ("latest", "1.2.3"),
        ("1432", "1431"),  # build numbers of perhaps two pipelines
        ("1.5.0-alpine", "1.4.0-slim"),
        ("1.5.0", "1.4.0-alpine"),
        ("1.5.0-dev.4", "1.4.0"),
        ("1.5.0-SNAPSHOT", "1.4.0"),
        ("1.5.0-abc1234", "1.4.0-abc1234"),
        ("2024.3.1", "1.4.2"),
        ("20240301-abc1234", "20240229-abc1235"),
        ("20240301", "2024-02-29"),
        ("main-1.2.3", "main-1.2.4"),
        ("1234567", "1234566"),
        ("", "1.0.0"),
    ],
)
def test_no_order(one: str, other: str) -> None:
    assert order(one, other) is None
    assert order(other, one) is None


@pytest.mark.parametrize(("newer", "older", "said"), [("1.4.3", "1.4.2", True), ("1.5.0", "1.4.2", False), ("1.4.3", "1.4", False)])
def test_patch(newer: str, older: str, said: bool) -> None:  # noqa: FBT001  a column of the table
    assert is_patch(newer, older) is said


@given(TAGS, TAGS)
def test_both_ways_agree(one: str, other: str) -> None:
    there, back = order(one, other), order(other, one)
    assert (there is None) == (back is None)
    assert (there or 0) == -(back or 0)


@given(TAGS)
def test_everything_is_as_new_as_itself(tag: str) -> None:
    assert order(tag, tag) == 0
