"""What the README shows is run: each command in its order, in a repository made of the example, and each configuration is loaded."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import run

import pytest
import yaml

from gitops_lint.config.load import load

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands() -> Iterator[tuple[str, str]]:
    for kind, text in BLOCKS:
        if kind == "console":
            for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                yield command, output


def pattern(output: str) -> str:
    """A line of dots stands for any lines, dots elsewhere for the rest of a line."""
    lines = ["(?:.*\n)*" if line == "..." else ".*".join(map(re.escape, line.split("..."))) + "\n" for line in output.splitlines()]
    return "".join(lines)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "examples/shop", tmp_path, dirs_exist_ok=True)
    for command in ("git init --quiet", "git add .", "git -c user.name=a -c user.email=a@b.example commit --quiet --no-verify -m begin"):
        run(shlex.split(command), cwd=tmp_path, check=True)
    return tmp_path


def test_commands_print_what_the_readme_shows(shop: Path) -> None:
    tool = f'gitops-lint() {{ "{sys.executable}" -m gitops_lint "$@"; }}\n'
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "XDG_CACHE_HOME": str(shop / ".git/cache")}
    for command, output in commands():
        ran = run(["bash", "-c", tool + command], cwd=shop, env=environment, capture_output=True, text=True, check=False)
        assert ran.returncode in {0, 1}, ran.stderr
        assert re.fullmatch(pattern(output), ran.stdout), f"$ {command}\n{ran.stdout}"


def test_the_readme_has_commands() -> None:
    assert len(list(commands())) > 5


def test_the_configuration_is_one() -> None:
    configurations = [text for kind, text in BLOCKS if kind == "yaml" and text.startswith("environments:")]
    assert [load(text.encode(), ".gitops-lint.yaml").parity for text in configurations] == ["together"]


def test_other_yaml_is_yaml_and_names_a_hook_that_is_there() -> None:
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    parsed = [yaml.safe_load(text) for kind, text in BLOCKS if kind == "yaml"]
    used = [hook["id"] for text in parsed if "repos" in text for hook in text["repos"][0]["hooks"]]
    assert used
    assert set(used) <= hooks


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\((?!https?:)([^)#]+)\)", README))))
def test_links_lead_somewhere(target: str) -> None:
    assert (ROOT / target).exists()
