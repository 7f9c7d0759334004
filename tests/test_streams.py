from __future__ import annotations

import pytest

from gitops_lint.streams import whole


def test_what_takes_a_part_is_given_the_rest() -> None:
    taken: list[bytes] = []

    def write(data: bytes) -> int:
        taken.append(data[:3])
        return len(data[:3])

    whole(write, b"abcdefgh")
    assert taken == [b"abc", b"def", b"gh"]


@pytest.mark.parametrize("answer", [0, None])
def test_what_takes_nothing_is_an_error(answer: int | None) -> None:
    with pytest.raises(OSError, match="nobody takes it"):
        whole(lambda _data: answer, b"abc")
