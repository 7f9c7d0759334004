from __future__ import annotations

from collections.abc import Iterator

import pytest

from gitops_lint import engine, rules
from gitops_lint.cli.opening import files
from gitops_lint.finding import Finding
from gitops_lint.model import Repository
from gitops_lint.node import Location
from gitops_lint.rule import Rule, rule
from gitops_lint.settings import Settings
from gitops_lint.severity import Severity
from gitops_lint.trees.memory import MemoryTree

TREE = {"shop/values-dev.yaml": b"a: 1\nb: 2\n", "shop/values-prod.yaml": b"a: 1\nb: 3\n"}


def test_rules_that_may_look_at_anything_are_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    @rule(Repository, category="run", severity=Severity.WARNING)
    def check(repository: Repository) -> Iterator[Finding]:
        for app in repository.applications:
            yield Finding(f"b is {app.environments[0].values['b']}", Location("x"), subject="b")

    theirs: tuple[Rule[object, object], ...] = (check,)  # type: ignore[assignment]  # of any scope
    monkeypatch.setattr(rules, "catalogue", lambda _settings: theirs)
    settings = Settings(plugins=("theirs",))
    first = engine.run(files(MemoryTree(TREE), settings), settings)
    changed = TREE | {"shop/values-dev.yaml": b"a: 1\nb: 4\n"}
    again = engine.run(files(MemoryTree(changed), settings), settings, past=first.remembered)
    assert [f.message for f in first.findings] == ["b is 2"]
    assert [f.message for f in again.findings] == ["b is 4"]
