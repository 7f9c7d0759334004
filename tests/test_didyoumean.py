from __future__ import annotations

import pytest

from gitops_lint.didyoumean import suggest

NAMES = ("missing-key", "missing-list-item", "near-miss-key", "Prod")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("mising-key", "; did you mean `missing-key`?"),
        ("missing_key", "; did you mean `missing-key`?"),
        ("prd", "; did you mean `Prod`?"),
        ("zzz", ""),
        ("", ""),
    ],
)
def test_suggest(word: str, said: str) -> None:
    assert suggest(word, NAMES) == said
