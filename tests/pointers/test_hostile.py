from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from gitops_lint.extract.collect import document_pointers
from gitops_lint.extract.scalars import odd_scalars
from gitops_lint.pointers import git_revision, image, include, remote_url, tag, version_range
from gitops_lint.pointers.placeholder import to_do
from gitops_lint.reader import read
from gitops_lint.rules.config_in_ci import check as config_in_ci

LONG = 40_000
TEXTS = [
    "a-1.1-1.1-1.1" * LONG + "!",
    "1.1." * LONG,
    "x" * LONG * 5,
    "<a" * LONG,
    "%ab" * LONG,
    "@AB" * LONG,
    "__a_" * LONG,
    "a/-/releases/x" * LONG,
    "https://a/" + "b/-/raw" * LONG,
    "1 - 2 || " * LONG,
    "a." * LONG + "!",
    "-" * LONG,
]


def parsed(text: str) -> object:
    try:
        return image.parse(text)
    except image.ImageError as error:
        return error


@pytest.mark.parametrize(
    "ask",
    [parsed, tag.judge, git_revision.judge, version_range.judge, include.judge, include.split, remote_url.parse, remote_url.normal, to_do],
    ids=lambda ask: f"{ask.__module__.rpartition('.')[2]}.{ask.__name__}",
)
def test_no_text_takes_long(ask: Callable[[str], object]) -> None:
    start = time.process_time()
    for text in TEXTS:
        ask(text)
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    "line",
    [
        "kubectl" + " -a" * 5_000 + " x",
        "kubectl" + " -a b" * 5_000 + " x",
        "helm " * 5_000,
        "helm upgrade " + "--set " * 5_000,
        "helm upgrade " + "x" * 9_000 + "--set",
        "echo " + "\\" * 5_000,
    ],
)
def test_no_script_takes_long(line: str) -> None:
    document = read(f"deploy:\n  script:\n    - '{line}'\n    - |\n      {line}\n".encode(), ".gitlab-ci.yml")
    start = time.process_time()
    assert list(config_in_ci.check(document, None)) == []
    assert time.process_time() - start < 2


@pytest.mark.parametrize("text", TEXTS)
def test_no_document_takes_long(text: str) -> None:
    keys = ("image", "tag", "imageTag", "repoURL", "targetRevision", "uses", "version", "sidecarImage")
    data = "".join(f'{key}: "{text}"\n' for key in keys).encode()
    for path in ("values.yaml", "kustomization.yaml", ".gitlab-ci.yml", ".github/workflows/x.yaml", "Chart.yaml", "helmfile.yaml"):
        document = read(data[: 4 << 20], path)
        start = time.process_time()
        list(document_pointers(document))
        list(odd_scalars(document))
        assert time.process_time() - start < 2
