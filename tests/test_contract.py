from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_lint.cli.opening import files
from gitops_lint.config.load import load
from gitops_lint.contract import compiled, covers, holds_for
from gitops_lint.engine import run
from gitops_lint.keypath import dotted
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


SEGMENTS = st.sampled_from(["a", "b.c", "env", "[DB_HOST]", "[../x]", "V_1", "x:y", 'q"t', "metadata"])
SUBJECTS = st.sampled_from([(), ("Deployment/shop:",), ("ConfigMap/a.b:",)])
PATTERNS = (
    "a",
    "a.*",
    "**",
    "env[*].value",
    "env[DB_HOST]",
    "a.**",
    "*.env",
    "Deployment/*",
    "Deployment/shop:spec",
    "{a,env}.b",
    'a."b.c"',
)


@given(SUBJECTS, st.lists(SEGMENTS, min_size=1, max_size=4), st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=3))
def test_a_pattern_covers_what_it_matches_and_what_is_below(subject: tuple[str, ...], below: list[str], patterns: list[str]) -> None:
    path = (*subject, *below)
    above = [dotted(path[:length]) for length in range(1, len(path) + 1)]
    assert covers(tuple(patterns), path) is any(compiled(pattern).fullmatch(name) is not None for pattern in patterns for name in above)
