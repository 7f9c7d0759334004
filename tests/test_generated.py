from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from subprocess import run
from typing import Any, Literal

import jsonschema
import pytest
import yaml

from gitops_lint.cli.main import COMMANDS
from gitops_lint.rule import Rule, rule
from gitops_lint.rules import builtin
from tools import generate, pages

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads((ROOT / "schemas/config.schema.json").read_text())


@pytest.mark.parametrize("path", sorted(generate.outputs()))
def test_generated_file_is_fresh(path: str) -> None:
    assert (ROOT / path).read_text() == generate.outputs()[path], "make generate"


def test_no_page_is_left_of_a_rule_that_is_gone() -> None:
    assert {page.stem for page in (ROOT / "docs/rules").glob("*.md")} == {"index", *(rule.name for rule in builtin())}


def test_a_stale_file_and_a_forgotten_one_are_found_and_mended(tmp_path: Path) -> None:
    generate.write(tmp_path)
    assert not list(generate.stale(tmp_path))
    (tmp_path / "docs/rules/index.md").write_text("old")
    (tmp_path / "docs/rules/gone.md").write_text("old")
    assert set(generate.stale(tmp_path)) == {"docs/rules/index.md", "docs/rules/gone.md"}
    generate.write(tmp_path)
    assert not list(generate.stale(tmp_path))


@pytest.mark.parametrize(
    ("config", "valid"),
    [
        ("{}", True),
        ("environments: [dev, {name: qa, aliases: [test]}, {name: prod, protected: true}]", True),
        ("rules: {missing-key: warning, consistency: 'off', acme-rule: {severity: error, any: 1}}", True),
        ("contract: [{keys: a, only: [prod], until: '2027-06-30'}]", True),
        ("overrides: [{paths: [a], rules: {yaml: info}}]", True),
        ("parity: sometimes", False),
        ("enviroments: []", False),
        ("rules: {missing-key: warn}", False),
        ("rules: {mutable-image-tag: {images: [{require: sometimes}]}}", False),
        ("rules: {mutable-image-tag: {imges: []}}", False),
    ],
)
def test_what_the_schema_lets_through(config: str, valid: bool) -> None:  # noqa: FBT001
    validator = jsonschema.Draft7Validator(SCHEMA)
    assert validator.is_valid(yaml.safe_load(config)) == valid


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def hooks() -> dict[str, dict[str, Any]]:
    return {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}


@pytest.mark.parametrize("name", sorted(hooks()))
def test_no_hook_can_be_passed_by_whatever_the_commit_touches(name: str) -> None:
    hook = hooks()[name]
    assert hook["always_run"]
    assert not hook["pass_filenames"]
    assert {"files", "types", "types_or", "exclude"}.isdisjoint(hook)


@pytest.mark.parametrize("name", sorted(hooks()))
def test_hook_calls_a_command_that_is_there(name: str) -> None:
    program, command, *_ = hooks()[name]["entry"].split()
    assert program == "gitops-lint"
    assert command in COMMANDS


def test_hooks_are_a_manifest() -> None:
    schema = ROOT / "../shared/schemas/pre-commit-hooks.json"
    if not schema.exists():
        pytest.skip("the manifest's public schema is not beside this checkout")
    jsonschema.validate(list(hooks().values()), json.loads(schema.read_text()))


def test_pre_commit_accepts_the_hooks() -> None:
    run([sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")], check=True)


@dataclass(frozen=True)
class Demand:
    require: Literal["any", "digest"] = "any"  # how fixed


@dataclass(frozen=True)
class Options:
    max_days: int = 3  # how long
    names: tuple[str, ...] = ()
    images: tuple[Demand, ...] = ()  # by pattern


def test_options_are_on_the_page() -> None:
    def check(_subject: object, _options: Options) -> list[object]:
        return []

    made: Rule[Any, Any] = rule(object, category="run", options=Options)(check)  # type: ignore[arg-type]
    rows = (
        "| `max-days` | number | `3` | how long |",
        "| `names` | list of text |  |  |",
        "| `images` | list of mapping |  | by pattern |",
        "| `images[].require` | `any` or `digest` | `any` | how fixed |",
    )
    assert "\n".join(rows) in pages.page(made)
