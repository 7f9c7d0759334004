"""What a stranger's merge request may hold: it is read in bounded time, and what is too much is said."""

from __future__ import annotations

import time

import pytest

from .test_kustomize import evaluated

SECONDS = 5
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n  - name: a\n    env:\n"


def doubling(levels: int) -> dict[str, str]:
    out = {"k0/kustomization.yaml": "resources: [x.yaml]\n", "k0/x.yaml": MAP}
    for level in range(1, levels):
        for side in "ab":
            out[f"k{level}{side}/kustomization.yaml"] = f"namePrefix: {side}-\nresources: [../k{level - 1}]\n"
        out[f"k{level}/kustomization.yaml"] = f"resources: [../k{level}a, ../k{level}b]\n"
    out["prod/kustomization.yaml"] = f"resources: [../k{levels - 1}]\n"
    return out


def inline(count: int) -> dict[str, str]:
    patch = "- patch: |-\n    apiVersion: v1\n    kind: ConfigMap\n    metadata: {name: x}\n    data: {a: b}\n"
    return {"prod/kustomization.yaml": "resources: [x.yaml]\npatches:\n" + patch * count, "prod/x.yaml": MAP}


def environment(count: int, *, twice: bool) -> dict[str, str]:
    base = POD + "".join(f"    - {{name: V{number}, value: x}}\n" for number in range(count)) + "    - {name: V0, value: y}\n" * twice
    patch = POD + "".join(f"    - {{name: V{number}, value: y}}\n" for number in range(count))
    return {"prod/kustomization.yaml": "resources: [x.yaml]\npatches: [{path: y.yaml}]\n", "prod/x.yaml": base, "prod/y.yaml": patch}


def operations(count: int) -> dict[str, str]:
    patch = "- {op: add, path: /data/-, value: x}\n" * count
    kustomization = "resources: [x.yaml]\npatches: [{path: y.yaml, target: {kind: ConfigMap}}]\n"
    return {"prod/kustomization.yaml": kustomization, "prod/x.yaml": MAP + "data: []\n", "prod/y.yaml": patch}


def expression(pattern: str) -> dict[str, str]:
    kustomization = f"resources: [x.yaml]\npatches: [{{target: {{name: '{pattern}'}}, patch: '[{{op: add, path: /data, value: {{}}}}]'}}]\n"
    return {"prod/kustomization.yaml": kustomization, "prod/x.yaml": MAP.replace("name: x", f"name: {'a' * 250}b")}


@pytest.mark.parametrize(
    ("tree", "reason"),
    [
        pytest.param(doubling(24), "there are more than 20000 objects", id="objects that double at every level"),
        pytest.param(expression("(a+)+$"), "is too complicated an expression", id="an expression that never ends"),
        pytest.param(expression("(a|a)*$"), "is too complicated an expression", id="a choice that never ends"),
        pytest.param(environment(4000, twice=True), "is too long for the doubles in it", id="a long list with a double"),
        pytest.param(operations(8000), "too many operations", id="operations on a list that grows"),
        pytest.param({"prod/kustomization.yaml": "resources: [.]\n"}, "leads back to `prod`", id="itself"),
    ],
)
def test_too_much_is_said(tree: dict[str, str], reason: str) -> None:
    start = time.process_time()
    assert any(reason in entry.reason for entry in evaluated(tree).hazy)
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize(
    "tree", [pytest.param(inline(4000), id="thousands of inline patches"), pytest.param(environment(4000, twice=False), id="a long list")]
)
def test_much_is_done_in_time(tree: dict[str, str]) -> None:
    start = time.process_time()
    assert not evaluated(tree).hazy
    assert time.process_time() - start < SECONDS
