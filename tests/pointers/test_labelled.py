from __future__ import annotations

import pytest

from tests.pointers.labelled import CORPUS, in_corpus, judged, labels, score


def test_there_are_enough_of_every_sort() -> None:
    rows = labels()
    assert len(rows) >= 400
    assert {(row.kind, row.verdict) for row in rows} >= {
        (kind, verdict) for kind in ("image", "chart", "git", "remote", "include") for verdict in ("moving", "fixed")
    }


def test_every_text_is_judged_as_labelled() -> None:
    # what fills in a tag that is left out, and what a version stream pins, can be seen around it only
    around = [row for row in labels() if (row.verdict == "unknown" and not row.version) or row.version == "versionStream"]
    alone = [row for row in labels() if row.kind != "none" and row not in around]
    assert not [(row, judged(row)) for row in alone if judged(row) != row.verdict]


def test_the_labelled_files_hold_what_is_labelled_and_nothing_else() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside this checkout")
    result = score(in_corpus(labels()))
    assert not result.wrong
    assert (result.precision, result.recall) == (1.0, 1.0)
