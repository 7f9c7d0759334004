"""Charts that a stranger wrote: what multiplies is told, in time."""

from __future__ import annotations

import time

import pytest

from gitops_lint.merge.helm import evaluate

from .test_chart import packed
from .written import blueprint, tree

SECONDS = 5
LEVELS = 19


def meta(name: str, *dependencies: str) -> str:
    return f"name: {name}\nversion: 1.0.0\ndependencies: [{', '.join(dependencies)}]\n"


def beside(name: str, alias: str = "") -> str:
    return f'{{name: {name}, version: "*", repository: "file://../{name}"{f", alias: {alias}" if alias else ""}}}'


def aliased() -> dict[str, bytes | str]:
    """Each chart depends on the next one under two names."""
    return {
        f"c{level}/Chart.yaml": meta(f"c{level}", *([beside(f"c{level + 1}"), beside(f"c{level + 1}", "z")] if level < LEVELS else []))
        for level in range(LEVELS + 1)
    }


def crossed() -> dict[str, bytes | str]:
    """Each of two charts depends on both of the next two."""
    return {
        f"{letter}{level}/Chart.yaml": meta(
            f"{letter}{level}", *([beside(f"c{level + 1}"), beside(f"d{level + 1}")] if level < LEVELS else [])
        )
        for level in range(LEVELS + 1)
        for letter in "cd"
    }


def nested() -> dict[str, bytes | str]:
    inner = packed({"s/Chart.yaml": b"{name: s, version: 1.0.0}"})
    for _ in range(LEVELS):
        inner = packed({"s/Chart.yaml": b"{name: s, version: 1.0.0}", "s/charts/a.tgz": inner, "s/charts/b.tgz": inner})
    return {"c0/Chart.yaml": meta("c0"), "c0/charts/s.tgz": inner}


def large() -> dict[str, bytes | str]:
    bomb = packed({f"s/{number}": bytes(4 * 1024 * 1024) for number in range(20)})
    return {"c0/Chart.yaml": meta("c0"), **{f"c0/charts/s{number}.tgz": bomb for number in range(30)}}


def imports() -> dict[str, bytes | str]:
    """Each chart imports a map thirty times into the map of that name, which the next one imports."""
    every = ", ".join(f"{{child: d, parent: d.x{number}}}" for number in range(30))
    charts = {
        f"c0{'/charts/s' * level}/Chart.yaml": meta("s", f'{{name: s, version: "*", import-values: [{every}]}}' if level < 4 else "")
        for level in range(5)
    }
    return {**charts, f"c0{'/charts/s' * 4}/values.yaml": f"d: {{{', '.join(f'k{number}: 1' for number in range(500))}}}"}


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        pytest.param(aliased(), "there are more than 1000 charts below it", id="aliases"),
        pytest.param(crossed(), "there are more than 1000 charts below it", id="dependencies"),
        pytest.param(nested(), "there are more than 1000 charts below it", id="archives in archives"),
        pytest.param(large(), "take more than", id="large archives"),
        pytest.param(imports(), "is too large to be imported", id="imports"),
    ],
)
def test_what_multiplies_is_told_in_time(files: dict[str, bytes | str], reason: str) -> None:
    start = time.process_time()
    done = evaluate(blueprint(root="c0"), tree(files))
    assert any(reason in entry.reason for entry in done.hazy)
    assert time.process_time() - start < SECONDS
