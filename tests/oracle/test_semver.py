from __future__ import annotations

import json
import os
import random
import shutil
import subprocess

import pytest

from gitops_lint.merge.constraint import satisfies
from gitops_lint.pointers.version_range import constraint, exact, loose_version

pytestmark = pytest.mark.oracle
OPERATORS = ("", "", "=", "!=", ">", "<", ">=", "=>", "<=", "=<", "~", "~>", "^", "==", "<>")
PARTS = ("0", "1", "2", "10", "x", "X", "*", "01", "1.2", "1.2.3", "0.0.1", "1.0.0-rc.1", "1.2.3+b.1", "v1.2.3", "v1", "-0", "")
VERSIONS = (
    *("0.0.0", "0.0.1", "0.0.2", "0.1.0", "0.1.9", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.2.3-rc.1", "1.2.3", "1.2.4", "1.10.0"),
    *("2.0.0", "2.1.0-0", "2.1.0", "10.0.0", "10.1.1", "v1.2.3", "1.2.3+b.1", "1.2", "x"),
)


def asked(texts: list[str]) -> list[list[bool]]:
    folder = os.environ.get("GITOPS_LINT_ORACLES")
    if folder is None:
        pytest.skip("GITOPS_LINT_ORACLES is not set")
    program = shutil.which("semver", path=folder)
    assert program, "semver is not built: run tests/oracle/build.sh"
    lines = "".join(json.dumps([text, *VERSIONS]) + "\n" for text in texts)
    done = subprocess.run([program], input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def drawn(source: random.Random) -> str:
    def term() -> str:
        dotted = ".".join(source.choices(PARTS[:8], k=source.randint(1, 4)))
        return source.choice(OPERATORS) + source.choice(["", "", " "]) + source.choice([dotted, source.choice(PARTS)])

    joined = [term() + source.choice(["", "", "-alpha", "-0", "+meta"]) for _ in range(source.choice([1, 1, 1, 2, 3]))]
    return source.choice([" ", ", ", " || ", ",", "||", " - "]).join(joined)


def cases() -> list[str]:
    source = random.Random(5)  # noqa: S311
    written = [
        "",
        " ",
        "*",
        "1.2",
        "1.2.3",
        "v1.2.3",
        "=1.2.3",
        "= v1.2.3",
        ">=1.0.0-0",
        "1.2.x",
        "1 - 2",
        ">= v0.1.0",
        "latest",
        "1.2.3 ",
        " 1.2.3",
    ]
    return written + [drawn(source) for _ in range(8_000)]


def test_ranges_are_told_from_what_is_none() -> None:
    texts = cases()
    differences = [
        (text, answer[0]) for text, answer in zip(texts, asked(texts), strict=True) if text.strip() and constraint(text) != answer[0]
    ]
    assert not differences[:10]


def test_lenient_versions() -> None:
    texts = cases()
    assert not [text for text, answer in zip(texts, asked(texts), strict=True) if loose_version(text) != answer[2]][:10]


def test_what_is_exact_admits_one_version_and_what_floats_more() -> None:
    texts = cases()
    wrong = []
    for text, answer in zip(texts, asked(texts), strict=True):
        admitted = {version.lstrip("v").partition("+")[0] for version, fits in zip(VERSIONS, answer[3:], strict=True) if fits}
        if exact(text) and (not answer[0] or len(admitted) > 1):
            wrong.append((text, sorted(admitted)))
    assert not wrong[:10]


def test_satisfied_or_not() -> None:
    texts = cases()
    differences = [
        (text, version)
        for text, answer in zip(texts, asked(texts), strict=True)
        for version, fits in zip(VERSIONS, answer[3:], strict=True)
        if fits != satisfies(version, text)
    ]
    assert not differences[:10]
