"""The hooks as their runners run them: installed from this repository into an environment of their own, before a commit in another one."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess, run

import pytest

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
pytestmark = pytest.mark.slow

FILES = {
    "values-dev.yaml": "cache:\n  ttl: 60\nhost: dev.acme.example\n",
    "values-qa.yaml": "cache:\n  ttl: 60\nhost: qa.acme.example\n",
    "values-prod.yaml": "cache:\n  ttl: 60\nhost: acme.example\n",
    "Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
}
STALE = "cache:\n  ttl: 60 # gitops-lint: ignore[missing-key] not yet\nhost: dev.acme.example\n"
OWN = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "PRE_COMMIT", "PRE_COMMIT_HOME", "CI", "LEFTHOOK")


def called(*words: str, at: Path, **variables: str) -> CompletedProcess[str]:
    names = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "a"), ("EMAIL", "a@acme.example"))}
    inherited = {key: value for key, value in os.environ.items() if key not in OWN}
    environment = {**inherited, **names, "PATH": f"{BIN}:{inherited['PATH']}", **variables}
    return run(words, cwd=at, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    (tmp_path / "repo").mkdir()
    for name, text in FILES.items():
        (tmp_path / "repo" / name).write_text(text)
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--no-verify", "--message", "begin"]):
        assert called("git", *words, at=tmp_path / "repo").returncode == 0
    return tmp_path / "repo"


@pytest.fixture(scope="module")
def prek_home(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("prek"))


def by_pre_commit(scratch: Path, hook: str) -> CompletedProcess[str]:
    return called(sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), hook, "--verbose", at=scratch)


def by_prek(scratch: Path, hook: str, home: str) -> CompletedProcess[str]:
    return called("prek", "try-repo", str(ROOT), hook, "--verbose", at=scratch, PREK_HOME=home)


def add_to_dev(scratch: Path) -> None:
    (scratch / "values-dev.yaml").write_text(FILES["values-dev.yaml"] + "timeout: 30s\n")


def drop_from_prod(scratch: Path) -> None:
    (scratch / "values-prod.yaml").write_text("host: acme.example\n")


def delete_qa_and_nothing_else(scratch: Path) -> None:
    (scratch / "values-qa.yaml").unlink()


def delete_prod_s_key_s_file(scratch: Path) -> None:
    (scratch / "values-prod.yaml").write_text("host: acme.example\n")
    (scratch / "values-qa.yaml").unlink()


def add_everywhere(scratch: Path) -> None:
    for name in ("values-dev.yaml", "values-qa.yaml", "values-prod.yaml"):
        (scratch / name).write_text(FILES[name] + "timeout: 30s\n")


def touch_no_environment(scratch: Path) -> None:
    (scratch / "README.md").write_text("hello\n")


CHANGES = [
    (add_to_dev, 1, "`timeout`"),
    (drop_from_prod, 1, "`cache`"),
    (delete_qa_and_nothing_else, 0, "2 environments"),
    (add_everywhere, 0, "3 environments"),
    (touch_no_environment, 0, "3 environments"),
]


@pytest.mark.parametrize(("change", "status", "said"), CHANGES[::2])
def test_hook(scratch: Path, change: Callable[[Path], None], status: int, said: str) -> None:
    change(scratch)
    called("git", "add", "--all", at=scratch)
    ran = by_pre_commit(scratch, "gitops-lint")
    assert ran.returncode == status, ran.stdout + ran.stderr
    assert said in ran.stdout
    assert "Skipped" not in ran.stdout


@pytest.mark.parametrize(("change", "status", "said"), CHANGES[:3:2])
def test_prek_runs_it_alike(scratch: Path, change: Callable[[Path], None], status: int, said: str, prek_home: str) -> None:
    change(scratch)
    called("git", "add", "--all", at=scratch)
    ran = by_prek(scratch, "gitops-lint", prek_home)
    assert ran.returncode == status, ran.stdout + ran.stderr
    assert said in ran.stdout
    assert "Skipped" not in ran.stdout


@pytest.mark.parametrize("runner", ["pre-commit", "prek"])
def test_fixes_are_made_and_left_to_be_staged(scratch: Path, runner: str, prek_home: str) -> None:
    (scratch / "values-dev.yaml").write_text(STALE)
    called("git", "add", "values-dev.yaml", at=scratch)

    ran = by_prek(scratch, "gitops-lint-fix", prek_home) if runner == "prek" else by_pre_commit(scratch, "gitops-lint-fix")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "files were modified by this hook" in ran.stdout
    assert (scratch / "values-dev.yaml").read_text() == FILES["values-dev.yaml"]
    assert called("git", "show", ":values-dev.yaml", at=scratch).stdout == STALE


@pytest.fixture
def lefthook(scratch: Path) -> Path:
    """The scratch repository with the hooks of `contrib/lefthook` installed."""
    shutil.copy(ROOT / "contrib" / "lefthook" / "gitops-lint.yml", scratch / "lefthook.yml")
    installed = called("lefthook", "install", at=scratch)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    return scratch


def committed(scratch: Path) -> CompletedProcess[str]:
    called("git", "add", "--all", at=scratch)
    return called("git", "commit", "--message", "change", at=scratch)


@pytest.mark.parametrize(("change", "status", "said"), [*CHANGES, (delete_prod_s_key_s_file, 1, "`cache`")])
def test_lefthook_runs_it_before_a_commit(lefthook: Path, change: Callable[[Path], None], status: int, said: str) -> None:
    change(lefthook)
    ran = committed(lefthook)
    assert ran.returncode == status, ran.stdout + ran.stderr
    assert said in ran.stdout + ran.stderr


def test_lefthook_stops_at_an_edit(lefthook: Path) -> None:
    (lefthook / "lefthook.yml").write_text("pre-commit:\n  jobs:\n    - name: fix\n      run: gitops-lint fix --staged\n")
    (lefthook / "values-dev.yaml").write_text(STALE)
    ran = committed(lefthook)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert (lefthook / "values-dev.yaml").read_text() == FILES["values-dev.yaml"]
    assert called("git", "show", ":values-dev.yaml", at=lefthook).stdout == STALE
    assert committed(lefthook).returncode == 0


def test_lefthook_runs_it_before_a_push(lefthook: Path) -> None:
    called("git", "init", "--quiet", "--bare", str(lefthook.parent / "remote"), at=lefthook)
    called("git", "remote", "add", "origin", str(lefthook.parent / "remote"), at=lefthook)
    assert called("git", "push", "--quiet", "origin", "HEAD:main", at=lefthook).returncode == 0
    add_to_dev(lefthook)
    called("git", "commit", "--all", "--no-verify", "--message", "change", at=lefthook)
    ran = called("git", "push", "origin", "HEAD:main", at=lefthook)
    assert ran.returncode == 1
    assert "`timeout`" in ran.stdout + ran.stderr
