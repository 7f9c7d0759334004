"""Documentation that is run: the commands of a page's console blocks, and what they must print."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import run

ROOT = Path(__file__).parent.parent
IDENTITY = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "a"), ("EMAIL", "a@b.example"))}


def blocks(page: str) -> list[tuple[str, str]]:
    """The fenced blocks of a page: language and text."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def commands(page: str) -> Iterator[tuple[str, str]]:
    """The commands of a page, in order, each with the output that is shown."""
    for kind, text in blocks(page):
        if kind == "console":
            for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                yield command, output


def files(page: str) -> dict[str, str]:
    """The files of a page that brings its own: each fenced block is what those named above it hold."""
    found = re.findall(r"^((?:`[^`\n]+`(?:, )?)+):\n\n```\w*\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return {name: text for names, text in found for name in re.findall(r"`([^`]+)`", names)}


def printed_as(output: str, printed: str) -> bool:
    """Whether something was printed as it is shown: a line of dots stands for any lines, dots elsewhere for a part of the line."""
    lines = ["(?:.*\n)*" if line == "..." else ".*".join(map(re.escape, line.split("..."))) + "\n" for line in output.splitlines()]
    return re.fullmatch("".join(lines), printed) is not None


def replay(page: str, folder: Path) -> list[str]:
    """Run a page's commands in a repository of its files, or of the example shop, and say which printed something else than it shows."""
    for name, text in files(page).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    if not files(page):
        shutil.copytree(ROOT / "examples/shop", folder, dirs_exist_ok=True)
    environment = {**os.environ, **IDENTITY, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "XDG_CACHE_HOME": str(folder / ".git/cache")}
    for command in ("git init --quiet", "git add .", "git commit --quiet --no-verify -m begin"):
        run(shlex.split(command), cwd=folder, check=True, env=environment)
    tool = f'gitops-lint() {{ "{sys.executable}" -m gitops_lint "$@"; }}\n'
    wrong = []
    for command, output in commands(page):
        ran = run(["bash", "-c", tool + command], cwd=folder, env=environment, capture_output=True, text=True, check=False)
        if ran.returncode not in {0, 1} or not printed_as(output, ran.stdout):
            wrong.append(f"$ {command}\n{ran.stdout}{ran.stderr}exit status {ran.returncode}")
    return wrong
