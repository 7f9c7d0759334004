"""The hook as pre-commit runs it: installed from this repository into an environment of its own, before a commit in another one."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess, run

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.slow

FILES = {
    "values-dev.yaml": "cache:\n  ttl: 60\nhost: dev.acme.example\n",
    "values-qa.yaml": "cache:\n  ttl: 60\nhost: qa.acme.example\n",
    "values-prod.yaml": "cache:\n  ttl: 60\nhost: acme.example\n",
    "Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
}
OWN = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "PRE_COMMIT", "PRE_COMMIT_HOME")


def called(*words: str, at: Path) -> CompletedProcess[str]:
    names = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "a"), ("EMAIL", "a@acme.example"))}
    environment = {key: value for key, value in os.environ.items() if key not in OWN} | names
    return run(words, cwd=at, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--no-verify", "--message", "begin"]):
        assert called("git", *words, at=tmp_path).returncode == 0
    return tmp_path


def tried(scratch: Path) -> CompletedProcess[str]:
    called("git", "add", "--all", at=scratch)
    return called(sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), "gitops-lint", "--verbose", at=scratch)


def add_to_dev(scratch: Path) -> None:
    (scratch / "values-dev.yaml").write_text(FILES["values-dev.yaml"] + "timeout: 30s\n")


def drop_from_prod(scratch: Path) -> None:
    (scratch / "values-prod.yaml").write_text("host: acme.example\n")


def delete_qa_and_nothing_else(scratch: Path) -> None:
    (scratch / "values-qa.yaml").unlink()


def add_everywhere(scratch: Path) -> None:
    for name in ("values-dev.yaml", "values-qa.yaml", "values-prod.yaml"):
        (scratch / name).write_text(FILES[name] + "timeout: 30s\n")


def touch_no_environment(scratch: Path) -> None:
    (scratch / "README.md").write_text("hello\n")


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        (add_to_dev, 1, "`timeout`"),
        (drop_from_prod, 1, "`cache`"),
        (delete_qa_and_nothing_else, 0, "2 environments"),
        (add_everywhere, 0, "Passed"),
        (touch_no_environment, 0, "Passed"),
    ],
)
def test_hook(scratch: Path, change: Callable[[Path], None], status: int, said: str) -> None:
    change(scratch)
    ran = tried(scratch)
    assert ran.returncode == status, ran.stdout + ran.stderr
    assert said in ran.stdout
    assert "Skipped" not in ran.stdout
