from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from gitops_lint.config.load import load
from tests.console import ROOT, blocks, commands, files, printed_as, replay

README = (ROOT / "README.md").read_text()
HOW_TO = sorted((ROOT / "docs" / "howto").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


RUN = ["README.md", "docs/tutorial.md", *(page.relative_to(ROOT).as_posix() for page in HOW_TO if files(page.read_text()))]


@pytest.mark.parametrize("page", RUN)
def test_commands_print_what_the_page_shows(page: str, tmp_path: Path) -> None:
    text = (ROOT / page).read_text()
    assert len(list(commands(text))) > 1
    assert not replay(text, tmp_path)


def test_every_how_to_is_in_the_navigation() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text()
    assert not [page.name for page in HOW_TO if f"howto/{page.name}" not in navigation]


@pytest.mark.parametrize(
    ("output", "printed", "same"),
    [
        ("a\n", "a\n", True),
        ("a\n", "a\nb\n", False),
        ("a\n...\n", "a\nb\nc\n", True),
        ("...\nc\n", "c\n", True),
        ("a ... c\n", "a b c\n", True),
        ("a.c\n", "abc\n", False),
        ("", "a\n", False),
    ],
)
def test_dots_stand_for_the_rest(output: str, printed: str, same: bool) -> None:  # noqa: FBT001
    assert printed_as(output, printed) == same


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    targets = set(re.findall(r"\]\((?!https?:|#)([^)#]+)[^)]*\)", page.read_text()))
    assert not [target for target in targets if not (page.parent / target).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_yaml_is_yaml_and_configurations_are_valid(page: Path) -> None:
    for kind, text in blocks(page.read_text()):
        if kind == "yaml" and page.parent.name != "rules":
            list(yaml.safe_load_all(text))
            if text.startswith("environments:") and text not in files(page.read_text()).values():
                load(text.encode(), ".gitops-lint.yaml")


def test_hooks_that_are_shown_are_there() -> None:
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    shown = {name for page in PAGES for name in re.findall(r"^ +- id: (\S+)", page.read_text(), re.MULTILINE)}
    assert shown
    assert shown <= hooks
