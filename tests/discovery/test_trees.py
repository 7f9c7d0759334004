"""Each folder here is a small repository, in `tree.md`, and the environments that are in it, in `expected.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from gitops_lint import reader
from gitops_lint.blueprint import Blueprint
from gitops_lint.discovery import discover
from gitops_lint.discovery.ignored import excluded
from gitops_lint.files import Files
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
