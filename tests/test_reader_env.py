from __future__ import annotations

import pytest

from gitops_lint.node import Map, unpack
from gitops_lint.reader import read_env


def test_lines() -> None:
    document = read_env(b'\xef\xbb\xbfA=1\n# c\n\n  B="q" # x\r\nC\nD=a=b\nA=2\n', "x.env")
    tree = document.roots[0].value
    assert isinstance(tree, Map)
    assert tree == {"A": "2", "B": '"q" # x', "C": "", "D": "a=b"}
    assert unpack(tree.key_at["B"]) == (3, 2)
    assert unpack(tree.value_at["B"]) == (3, 4)
    assert unpack(tree.value_at["C"]) == (4, 1)
    assert [duplicate.key for duplicate in document.duplicates] == ["A"]


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [(b"A=1\nexport B=2\n", 2, 1), (b"=x\n", 1, 1), (b"A=1\n 9=2\n", 2, 2), (b"A=\xe9\n", 1, 3)],
)
def test_bad_lines(data: bytes, line: int, column: int) -> None:
    error = read_env(data, "x.env").error
    assert error is not None
    assert (error.line, error.column) == (line, column)


def test_too_large() -> None:
    assert read_env(b"A=1\n" * 2_000_000, "x.env").error is not None
