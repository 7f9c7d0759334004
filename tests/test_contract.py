from __future__ import annotations

import pytest

from gitops_lint.cli.opening import files
from gitops_lint.config.load import load
from gitops_lint.contract import holds_for
from gitops_lint.engine import run
from gitops_lint.stages import Stages
from gitops_lint.trees.memory import MemoryTree


@pytest.mark.parametrize(
    ("names", "environment", "known", "holds"),
    [
        (("prod",), "prod", (), True),
        (("prod",), "production/eu", (), True),
        (("prod",), "production/eu", ("prod", "production/eu"), False),
        (("development",), "playground", (), True),
        (("development",), "playground", ("development", "playground"), False),
        (("prod*",), "production/eu", ("prod",), True),
        (("qa",), "prod", (), False),
    ],
)
def test_environments_of_a_clause(names: tuple[str, ...], environment: str, known: tuple[str, ...], holds: bool) -> None:  # noqa: FBT001
    assert holds_for(names, environment, Stages(), known) is holds


def test_only_tells_environments_of_one_stage_apart() -> None:
    tree = MemoryTree({"values-development.yaml": "a: {b: 1}\n", "values-playground.yaml": "a: {}\n", "values-prod.yaml": "a: {b: 1}\n"})
    settings = load(b"contract: [{keys: [a.b], only: [development, prod]}]", "x")
    found = run(files(tree, settings), settings).findings
    assert [f.rule for f in found if f.rule in ("missing-key", "unmatched-pattern")] == []
