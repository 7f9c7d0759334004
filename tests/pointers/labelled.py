"""Pointers that people have labelled, and how well our verdicts agree with theirs.

`labelled.tsv` has a pointer a line: the file and line in the corpus, or nothing for one from a tool's documentation; the kind; whether it
is moving, fixed or unknown; its text and version; and why. Of a file that is named every pointer is labelled, so that one found beside
them is one too many.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from gitops_lint.extract import document_pointers
from gitops_lint.extract.image_text import pointer as image
from gitops_lint.node import Location
from gitops_lint.pointer import Motion
from gitops_lint.pointers import git_revision, include, remote_url, tag, version_range
from gitops_lint.reader import read

TABLE = Path(__file__).with_name("labelled.tsv")
CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus"
FIXED = frozenset({Motion.VERSION, Motion.COMMIT, Motion.DIGEST})


class Label(NamedTuple):
    source: str
    line: int
    kind: str
    verdict: str
    text: str
    version: str


def labels() -> list[Label]:
    rows = [line.split("\t") for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    return [Label(source, int(line), kind, verdict, text, version) for source, line, kind, verdict, text, version, _ in rows]


def told(motion: Motion) -> str:
    return "fixed" if motion in FIXED else str(motion)


def judged(label: Label) -> str:
    """Our verdict on the text alone."""
    if label.kind == "image" and label.text == label.version:
        return told(tag.judge(label.version)[0])
    if label.kind == "image":
        found = image(label.text, Location(""), (), strict=True)
        return told(found.motion) if found else "none"
    if label.kind == "remote" and " at " not in label.text:
        remote = remote_url.parse(label.text)
        return told(remote.motion) if remote else "none"
    by_kind = {"chart": version_range.judge, "git": git_revision.judge, "include": include.component, "remote": tag.judge}
    return told(by_kind[label.kind](label.version)[0])


def in_corpus(expected: Iterable[Label]) -> list[tuple[Label | None, Label | None]]:
    """What is labelled beside what is found in the same files; None on either side is one missed, or one too many."""
    wanted: dict[tuple[object, ...], Label] = {(*label[:3], label.text): label for label in expected if label.source}
    found: dict[tuple[object, ...], Label] = {}
    for source in sorted({label.source for label in wanted.values()}):
        document = read((CORPUS / source).read_bytes(), source.partition("/")[2])
        for one in document_pointers(document):
            label = Label(source, one.at.line, str(one.kind), told(one.motion), one.text, one.version)
            found[(*label[:3], label.text)] = label
    return [(wanted.get(key), found.get(key)) for key in sorted({*wanted, *found}, key=str)]


class Score(NamedTuple):
    """Of the moving ones: how many of those that we report are so, and how many of those that are so we report."""

    precision: float
    recall: float
    wrong: list[tuple[Label | None, Label | None]]


def score(pairs: Iterable[tuple[Label | None, Label | None]]) -> Score:
    pairs = list(pairs)
    reported = [pair for pair in pairs if pair[1] is not None and pair[1].verdict == "moving"]
    so = [pair for pair in pairs if pair[0] is not None and pair[0].verdict == "moving"]
    right = [pair for pair in reported if pair in so]
    wrong = [(a, b) for a, b in pairs if a is None or b is None or a.verdict != b.verdict]
    return Score(len(right) / max(1, len(reported)), len(right) / max(1, len(so)), wrong)
