from __future__ import annotations

import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from gitops_lint import engine, gate
from gitops_lint.ages import Lasting
from gitops_lint.cli.opening import files
from gitops_lint.config.load import load
from gitops_lint.rule import Rule
from gitops_lint.rules import builtin
from gitops_lint.settings import Settings
from gitops_lint.trees.memory import MemoryTree
from gitops_lint.trees.open import work_tree
from tests.mdtest import Case, parse, verdict
from tests.trees.scratch import commit, git, repository

PAGES = Path(__file__).parent / "rules"
RULES = builtin()
_FIRST = 1_700_000_000  # when the older of two commits was made
by_name = {rule.name: rule for rule in RULES}


def cases(name: str) -> list[Case]:
    page = PAGES / f"{name}.md"
    return parse(page.read_text()) if page.exists() else []


def judge(rule: Rule[Any, Any], case: Case) -> str:
    settings = Settings() if case.config is None else load(case.config, ".gitops-lint.yaml")
    head = files(MemoryTree(case.files), settings)
    if case.base and rule.scope is Lasting:
        result = _aged(case, settings)
    elif case.base:
        result = gate.judge(files(MemoryTree(case.base), settings), head, settings)
    else:
        result = engine.run(head, settings)
    return verdict(case, rule.name, (finding for finding in result.findings if finding.new))


def _aged(case: Case, settings: Settings) -> engine.Result:
    """The result for a repository whose first commit is as the case's base says, and 100 days older than its last."""
    with tempfile.TemporaryDirectory() as folder:
        root = repository(Path(folder), case.base)
        git(root, "commit", "-q", "--amend", "--no-edit", GIT_COMMITTER_DATE=f"{_FIRST} +0000")
        git(root, "rm", "-rfq", "--ignore-unmatch", ".")
        commit(root, case.files, GIT_COMMITTER_DATE=f"{_FIRST + 100 * 86_400} +0000")
        head = files(work_tree(folder), settings)
        return engine.run(head, settings)


@pytest.mark.parametrize(
    ("rule", "case"),
    [pytest.param(rule, case, id=f"{rule.name}: {case.title}") for rule in RULES for case in cases(rule.name)],
)
def test_case(rule: Rule[Any, Any], case: Case) -> None:
    said = judge(rule, case)
    assert not said, f"tests/rules/{rule.name}.md:{case.line}\n{said}"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_example_of_the_page_gives_its_findings(rule: Rule[Any, Any]) -> None:
    examples = [case for case in parse(rule.page) if any(expected.rule == rule.name for expected in case.expected)]
    assert examples, "the docstring has no example with an `# error: [rule]` comment"
    assert not [said for case in examples if (said := judge(rule, case))]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_page_says_what_why_and_how(rule: Rule[Any, Any]) -> None:
    assert rule.summary, "the docstring begins with a sentence"
    assert rule.page.strip().split("\n")[1:2] == [""], "the summary is one line"
    assert "\n## Why\n" in rule.page
    assert "\n## Example\n" in rule.page
    assert cases(rule.name), f"tests/rules/{rule.name}.md has no case"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_name_is_that_of_the_file(rule: Rule[Any, Any]) -> None:
    assert import_module(f"gitops_lint.rules.{rule.name.replace('-', '_')}").check.load() is rule.load()


def test_catalogue_is_sorted_and_every_page_of_cases_has_its_rule() -> None:
    assert [rule.name for rule in RULES] == sorted(by_name)
    assert {page.stem for page in PAGES.glob("*.md")} <= set(by_name)


def test_every_module_of_rules_is_in_the_catalogue() -> None:
    modules = {path.stem for path in Path(engine.__file__).parent.joinpath("rules").glob("[a-z]*.py")}
    assert {name.replace("-", "_") for name in by_name} == modules
