"""Each folder here is a small repository, in `tree.md`, and the environments that are in it, in `expected.yaml`.

Where that has `values`, they are effective ones: by application, environment and key, the value and where it is written, or null for a
key that is not set. `noted` are the reasons of what only a cluster knows, `unverified` those of what is declared and cannot be evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from gitops_lint import assembling, reader
from gitops_lint.blueprint import Blueprint
from gitops_lint.compare import leaves
from gitops_lint.discovery.adapters import discover, unverified
from gitops_lint.discovery.ignored import excluded
from gitops_lint.files import Files
from gitops_lint.keypath import dotted
from gitops_lint.lacking import trail
from gitops_lint.model import Environment
from gitops_lint.node import Opaque
from gitops_lint.settings import DeclaredApplication, Settings
from gitops_lint.trees.memory import MemoryTree

HERE = Path(__file__).parent
FOLDERS = sorted(path.parent.name for path in HERE.glob("*/tree.md"))
_BLOCK = re.compile(r"^((?:`[^`\n]+`(?:, )?)+):\n\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def files_of(page: str) -> Iterator[tuple[str, str]]:
    """The files of a page: each fenced block is what the files named above it hold."""
    for names, text in _BLOCK.findall(page):
        for name in re.findall(r"`([^`]+)`", names):
            yield name, text


def settings_of(expected: dict[str, Any]) -> Settings:
    declared = expected.get("declared", {})
    applications = tuple(
        DeclaredApplication(name, tuple((env, tuple(layers)) for env, layers in envs.items())) for name, envs in declared.items()
    )
    return Settings(applications=applications, exclude=tuple(expected.get("exclude", ())), path="gitops-lint.yaml")


def summary(blueprints: tuple[Blueprint, ...]) -> dict[str, Any]:
    """What was discovered, in the form of `expected.yaml`: layers as `role path`, axes and systems only where there are any."""
    out: dict[str, Any] = {}
    for blueprint in blueprints:
        application = out.setdefault(
            blueprint.application, {"system": blueprint.system, "evidence": blueprint.evidence.text, "environments": {}}
        )
        environment: dict[str, Any] = {"stage": blueprint.stage} if blueprint.stage != blueprint.name else {}
        environment |= {"axes": dict(blueprint.axes)} if blueprint.axes else {}
        environment |= {"root": blueprint.root} if blueprint.root else {}
        environment |= {"unverified": [entry.reason for entry in blueprint.hazy]} if blueprint.hazy else {}
        application["environments"][blueprint.name] = environment | {"layers": [f"{s.role.value} {s.path}" for s in blueprint.sources]}
    return out


def discovered(folder: str) -> tuple[dict[str, Any], dict[str, Any]]:
    expected = yaml.safe_load((HERE / folder / "expected.yaml").read_text())
    tree = MemoryTree(dict(files_of((HERE / folder / "tree.md").read_text())))
    settings = settings_of(expected)
    return expected, summary(discover(Files(tree, reader.read, skip=excluded(settings)), settings))


@pytest.mark.parametrize("folder", FOLDERS)
def test_environments(folder: str) -> None:
    expected, found = discovered(folder)
    assert found == (expected["applications"] or {})


def valued(folder: str, expected: dict[str, Any]) -> Iterator[tuple[Environment, dict[str, Any]]]:
    """Each environment for which effective values are expected, with those."""
    tree = MemoryTree(dict(files_of((HERE / folder / "tree.md").read_text())))
    settings = settings_of(expected)
    found = assembling.applications(Files(tree, reader.read, skip=excluded(settings)), settings)
    for name, environments in expected["values"].items():
        application = next(app for app in found if app.name == name)
        for environment, values in environments.items():
            yield application.named(environment), values


def described(environment: Environment, key: str) -> list[Any] | None:
    """The value of a leaf, and its place."""
    path = next((path for path in leaves(environment.values) if dotted(path) == key), None)
    if path is None:
        return None
    *_, setting = trail(environment, environment.values, path)
    value = "(unknown)" if isinstance(setting.value, Opaque) else setting.value
    return [value, f"{setting.location.path}:{setting.location.line}"]


@pytest.mark.parametrize("folder", [folder for folder in FOLDERS if "\nunverified:" in (HERE / folder / "expected.yaml").read_text()])
def test_what_cannot_be_evaluated(folder: str) -> None:
    expected = yaml.safe_load((HERE / folder / "expected.yaml").read_text())
    settings = settings_of(expected)
    files = Files(MemoryTree(dict(files_of((HERE / folder / "tree.md").read_text()))), reader.read, skip=excluded(settings))
    assert [entry.reason for entry in unverified(files, settings)] == expected["unverified"]


EVALUATED = [folder for folder in FOLDERS if "\nvalues:" in (HERE / folder / "expected.yaml").read_text()]


@pytest.mark.parametrize("folder", EVALUATED)
def test_effective_values(folder: str) -> None:
    expected = yaml.safe_load((HERE / folder / "expected.yaml").read_text())
    for environment, values in valued(folder, expected):
        noted = [entry.reason for entry in environment.noted]
        found = {key: noted if key == "noted" else described(environment, key) for key in values}
        assert found == values, environment.name
