from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from gitops_lint.pointers.image import ImageError, normalized, parse

pytestmark = pytest.mark.oracle
PIECES = [
    *("a", "ab", "A", "0", "-", "_", "__", ".", "..", ":", "/", "@", "[", "]", "::", "%", " ", "é", "localhost", "docker.io"),
    *("sha256:" + "a" * 64, "sha512:" + "b" * 128, "sha384:" + "c" * 96, "sha256:" + "d" * 32, "md5:" + "e" * 32, "sha256:" + "F" * 64),
    *("f" * 64, "x" * 250, "t" * 128, "5000", "1.2", "ghcr.io/acme/shop", "x+y:" + "1" * 32, "index.docker.io"),
]


def answers(texts: list[str]) -> list[list[str]]:
    folder = os.environ.get("GITOPS_LINT_ORACLES")
    if folder is None:
        pytest.skip("GITOPS_LINT_ORACLES is not set")
    program = shutil.which("imageref", path=folder)
    assert program, "imageref is not built: run tests/oracle/build.sh"
    asked = "".join(json.dumps(text) + "\n" for text in texts)
    done = subprocess.run([program], input=asked, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def ours(text: str) -> list[object]:
    try:
        parts = parse(text)
    except ImageError:
        first: list[object] = [True, "", "", "", ""]
    else:
        first = [False, *parts]
    try:
        return [*first, False, str(normalized(text))]
    except ImageError:
        return [*first, True, ""]


def theirs(answer: list[str]) -> list[object]:
    return [bool(answer[0]), *answer[1:5], bool(answer[5]), answer[6]]


def real() -> list[str]:
    facts = Path(__file__).parents[2] / ".." / "shared" / "incidents" / "train.jsonl"
    if not facts.exists():
        return []
    records = map(json.loads, facts.read_text().splitlines())
    return [record[state] for record in records if record.get("key") == "image" for state in ("before", "after")]


def test_same_verdict_and_parts() -> None:
    source = random.Random(11)  # noqa: S311
    texts = ["".join(source.choices(PIECES, k=source.randint(1, 7))) for _ in range(20_000)] + real()
    differences = [(text, ours(text), answer) for text, answer in zip(texts, answers(texts), strict=True) if ours(text) != theirs(answer)]
    assert not differences[:5]
