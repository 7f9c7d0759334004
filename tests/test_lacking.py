from __future__ import annotations

import pytest

from gitops_lint.engine import lint
from gitops_lint.settings import Settings
from gitops_lint.trees.memory import MemoryTree

COMMON = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c%d}\ndata: {a: '1'}\n"


@pytest.mark.parametrize(("count", "noted"), [(2, 4), (40, 7)])
def test_of_many_layers_the_lowest_and_the_highest_are_named(count: int, noted: int) -> None:
    files = {f"base/c{n}.yaml": COMMON % n for n in range(count)}
    files["base/kustomization.yaml"] = "resources:\n" + "".join(f"  - c{n}.yaml\n" for n in range(count))
    for name in ("dev", "qa", "prod"):
        files[f"overlays/{name}/kustomization.yaml"] = "resources: [../../base]\n" + ("namespace: x\n" if name != "prod" else "")
    found = [f for f in lint(MemoryTree(files), Settings()).findings if f.environments == ("prod",)]
    assert found
    (note,) = found[0].notes
    paths = note.partition(": ")[2].split(", ")
    assert len(paths) == noted
    assert paths[0] == "base/c0.yaml"
    assert paths[-1] == "overlays/prod/kustomization.yaml"
    assert (f"… {count + 2 - 6} more …" in paths) == (count > 4)
