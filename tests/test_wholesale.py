"""A key that is missing among very many was not forgotten by anybody."""

from __future__ import annotations

import pytest

from gitops_lint import engine, lacking
from gitops_lint.convention import ENOUGH
from gitops_lint.settings import Settings
from gitops_lint.trees.memory import MemoryTree


@pytest.mark.parametrize(("count", "severity"), [(lacking.MANY, ["error"]), (lacking.MANY + 1, ["warning"])])
def test_many_keys_missing_at_once_are_one_severity_less(count: int, severity: list[str]) -> None:
    more = "".join(f"  part{number}: {{a: 1}}\n" for number in range(count))
    tree = MemoryTree({"values-dev.yaml": f"parts:\n  kept: 1\n{more}", "values-prod.yaml": "parts:\n  kept: 1\n"})
    found = [finding for finding in engine.lint(tree, Settings()).findings if finding.rule == "missing-key"]
    said = severity * (count if count == lacking.MANY else ENOUGH)
    assert sorted(str(finding.severity) for finding in found) == sorted([*said, *["info"] * (count - len(said))])


def test_strict_makes_errors_of_them_all_the_same() -> None:
    more = "".join(f"  part{number}: {{a: 1}}\n" for number in range(lacking.MANY + 1))
    tree = MemoryTree({"values-dev.yaml": f"parts:\n  kept: 1\n{more}", "values-prod.yaml": "parts:\n  kept: 1\n"})
    found = [finding for finding in engine.lint(tree, Settings(parity="strict")).findings if finding.rule == "missing-key"]
    assert {str(finding.severity) for finding in found} == {"error"}
