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
    kustomization = f"resources: [x.yaml]\npatches: [{{target: {{name: '{pattern}'}}, patch: '- {{op: add, path: /data, value: {{}}}}'}}]\n"
    return {"prod/kustomization.yaml": kustomization, "prod/x.yaml": MAP.replace("name: x", f"name: {'a' * 250}b")}


def patched(*operations: str) -> dict[str, str]:
    kustomization = "resources: [x.yaml]\npatches: [{path: y.yaml, target: {kind: ConfigMap}}]\n"
    return {"prod/kustomization.yaml": kustomization, "prod/x.yaml": MAP + "data: {a: {}}\n", "prod/y.yaml": "".join(operations)}


def replaced(*replacements: str) -> dict[str, str]:
    kustomization = "resources: [x.yaml]\nreplacements:\n" + "".join(replacements)
    return {"prod/kustomization.yaml": kustomization, "prod/x.yaml": MAP + "data: {a: x, b: y}\n"}


def copying(path: str, *targets: str, options: str = "{create: true}") -> str:
    source = f"{{kind: ConfigMap, fieldPath: {path}}}"
    return "".join(
        f"- {{source: {source}, targets: [{{select: {{kind: ConfigMap}}, fieldPaths: [{target}], options: {options}}}]}}\n"
        for target in targets
    )


DEEP = [f"- {{op: add, path: /data{'/a' * (1 + 40 * level)}, value: {'{a: ' * 40}{{}}{'}' * 40}}}\n" for level in range(100)]
COPIES = [f"- {{op: copy, from: /data, path: /data/a{number}}}\n" for number in range(60)]
GROWING = copying("data.a", *["data.a"] * 60, options="{delimiter: '-', index: 9}")
VARIABLES = {
    "prod/kustomization.yaml": (
        "resources: [x.yaml]\nvars: [{name: A, objref: {apiVersion: v1, kind: ConfigMap, name: x}, fieldref: {fieldpath: data.a}}]\n"
    ),
    "prod/x.yaml": MAP + f"data: {{a: {'x' * 100_000}}}\n---\n{POD}    - {{name: V, value: '{'$(A) ' * 100_000}'}}\n",
}
FILES = {
    "prod/kustomization.yaml": "configMapGenerator:\n- name: x\n  files:\n" + "".join(f"  - k{number}=big\n" for number in range(10_000)),
    "prod/big": "x" * 1_000_000,
}


@pytest.mark.parametrize(
    ("tree", "reason"),
    [
        pytest.param(patched(*DEEP), "nested deeper than 100 levels", id="a patch that digs deeper and deeper"),
        pytest.param(patched(*COPIES), "copies more than a build should", id="copies of copies"),
        pytest.param(replaced(GROWING), "copies more than a build should", id="a text that doubles"),
        pytest.param(
            replaced(copying("data", *(f"data.x{number}" for number in range(60)))), "copies more than a build", id="a map that doubles"
        ),
        pytest.param(
            replaced(copying("data.a", ".".join("a" * 5000))), "a path is nested deeper than 100 levels", id="a path that never ends"
        ),
        pytest.param(VARIABLES, "copies more than a build should", id="variables in a text"),
        pytest.param(FILES, "copies more than a build should", id="one file under many keys"),
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
