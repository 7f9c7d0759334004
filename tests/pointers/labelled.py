"""Pointers that people have labelled, and how well our verdicts agree with theirs.

`labelled.tsv` has a pointer a line: the file and line in the corpus, or nothing for one from a tool's documentation; the kind; whether it
is moving, fixed or unknown; its text and version; and why. Of a file that is named every pointer is labelled, so that one found beside
them is one too many. A line of the kind `none` is what looks like a pointer to a search, by its key or its form, and is none.

Each label was given by reading the file, what lies around it and the tool's documentation; the lines were found by searching for keys
(`image`, `tag`, `newTag`, `targetRevision`, `ref`, `version`, `uses`, `include`) and forms (`?ref=`, `oci://`, `git::`, raw files), besides
those that our own code finds. Fixed is what names a version, were it only the beginning of one (`postgres:16`, `actions/checkout@v4`), for
images, actions and hooks, whose grammar knows no ranges; where the tool's does, as charts' and components', a beginning is a range. What
scripts fetch, images of containers for development (`compose`) and data that applications are given are not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from gitops_lint.extract.collect import collect
from gitops_lint.extract.image_text import pointer as image
from gitops_lint.extract.relevant import candidate
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
    rows = [label for label in expected if label.source]
    wanted: dict[tuple[object, ...], Label] = {(*label[:3], label.text): label for label in rows if label.kind != "none"}
    found: dict[tuple[object, ...], Label] = {}
    for repository in sorted({label.source.partition("/")[0] for label in rows}):
        for label in _found(repository, {row.source.partition("/")[2] for row in rows if row.source.startswith(f"{repository}/")}):
            found[(*label[:3], label.text)] = label
    return [(wanted.get(key), found.get(key)) for key in sorted({*wanted, *found}, key=str)]


def _found(repository: str, paths: Iterable[str]) -> Iterator[Label]:
    """The pointers of some files, with what these and the names of all others say about them: locks, images that are replaced."""
    root = CORPUS / repository
    names = [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]
    for one in collect((), [read((root / path).read_bytes(), path) for path in sorted(paths) if candidate(path)], names):
        yield Label(f"{repository}/{one.at.path}", one.at.line, str(one.kind), told(one.motion), one.text, one.version)


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
