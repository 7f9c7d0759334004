"""A file with more differences than anybody reads is told, not listed, and costs no more than it may."""

from __future__ import annotations

import time

from gitops_lint import compare, engine
from gitops_lint.settings import Settings
from gitops_lint.trees.memory import MemoryTree

SECONDS = 20  # far above what it takes, far below what a hundred thousand findings would


def test_untold_differences_are_counted() -> None:
    many = "".join(f"key{number}: {{a: 1}}\n" for number in range(compare.MOST + 3))
    started = time.process_time()
    result = engine.lint(MemoryTree({"values-dev.yaml": many, "values-prod.yaml": "b: 1\n"}), Settings())
    assert time.process_time() - started < SECONDS
    (told,) = [finding for finding in result.findings if finding.subject == "untold"]
    assert told.message == "4 more keys differ among dev and prod than are looked into one by one"
    assert sum(finding.rule == "missing-key" for finding in result.findings) == compare.MOST + 1
