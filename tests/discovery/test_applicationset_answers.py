"""ApplicationSets and the Applications that Argo CD makes of them.

The answers in `applicationset_answers.json` are those of `GenerateApplications` of argo-cd v3.2.12, over a checkout of `files`; of each
Application it keeps the name, the labels and the specification.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gitops_lint.discovery.applicationset import applications
from gitops_lint.files import Files
from gitops_lint.node import Map
from gitops_lint.reader import read
from gitops_lint.trees.memory import MemoryTree

RECORDED = json.loads((Path(__file__).parent / "applicationset_answers.json").read_text())


def plain(value: Any) -> Any:  # noqa: ANN401  it is JSON
    """A block without what is empty in it, as Go leaves it out."""
    if isinstance(value, dict):
        return {key: inner for key, held in value.items() if (inner := plain(held)) not in ("", None, {}, [])}
    return [plain(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("case", RECORDED["cases"], ids=lambda case: case["title"])
def test_applications_are_those_that_argo_cd_makes(case: dict[str, Any]) -> None:
    files = Files(MemoryTree(RECORDED["files"] | {"set.json": json.dumps(case["set"])}), read)
    root = files.document("set.json").roots[0].value
    assert isinstance(root, Map)
    made = applications(root, files)
    assert not made.unverified
    found = [plain({"metadata": each.application["metadata"], "spec": each.application["spec"]}) for each in made.applications]
    assert sorted(found, key=lambda app: json.dumps(app, sort_keys=True)) == plain(case["applications"])
