from __future__ import annotations

import pytest

from gitops_lint import habit, reader
from gitops_lint.trees.history import Commit, FileChange

FAMILY = {"values-dev.yaml": "dev", "values-prod.yaml": "prod"}
TEXTS = {"0": b"a: 1\n", "1": b"a: 1\nb: 1\n", "2": b"a: 2\n", "3": b"a: 1\nc: 1\n"}
HEAD = Commit("c", 0, "p")


def edit(path: str, new: str) -> FileChange:
    return FileChange("M", path, "0", new)


@pytest.mark.parametrize(
    ("files", "counted"),
    [
        ([edit("values-dev.yaml", "1"), edit("values-prod.yaml", "1")], (1, 0)),
        ([edit("values-dev.yaml", "1")], (0, 1)),
        ([edit("values-dev.yaml", "1"), edit("values-prod.yaml", "3")], (0, 1)),
        ([edit("values-dev.yaml", "2")], (0, 0)),
        ([edit("other.yaml", "1")], (0, 0)),
        ([FileChange("A", "values-dev.yaml", "", "1")], (0, 0)),
    ],
    ids=["everywhere", "some", "each another", "no key", "no environment", "a new file"],
)
def test_commits_that_add_keys_are_counted(files: list[FileChange], counted: tuple[int, int]) -> None:
    assert tuple(habit.habit([(HEAD, files)], [FAMILY], lambda blob: reader.read(TEXTS[blob], ""))) == counted


@pytest.mark.parametrize(("together", "partial", "parity"), [(2, 1, "staged"), (8, 2, "together"), (7, 3, "staged"), (0, 9, "staged")])
def test_the_policy_that_fits(together: int, partial: int, parity: str) -> None:
    assert habit.Habit(together, partial).parity == parity
