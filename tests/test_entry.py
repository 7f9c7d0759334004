from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gitops_lint import __version__
from gitops_lint.cli.output import _save
from tests.trees.scratch import repository

PROJECT = Path(__file__).parents[1]
SCRIPT = Path(sys.executable).with_name("gitops-lint")
MODULE = [sys.executable, "-m", "gitops_lint"]


def run(*words: str | Path, cwd: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHONPATH"))}
    return subprocess.run([*words], cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def test_the_version() -> None:
    done = run(*MODULE, "--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"gitops-lint, version {__version__}\n", "")


@pytest.mark.parametrize(("where", "status"), [(">/dev/full", 2), (">&-", 2), ("| true", 0)])
def test_a_version_that_nobody_gets(where: str, status: int) -> None:
    done = run("sh", "-c", f"{sys.executable} -m gitops_lint --version {where}")
    assert (done.returncode, done.stderr) == (status, "")


@pytest.mark.parametrize(("where", "statuses"), [(">/dev/full", {2}), (">&-", {2}), ("| head -c 1", {0})])
def test_a_report_that_nobody_gets(where: str, statuses: set[int]) -> None:
    done = run("sh", "-c", f"{sys.executable} -m gitops_lint check examples {where}")
    assert done.returncode in statuses
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


@pytest.mark.parametrize("part", [".", "charts", "charts/README.md"])
def test_nothing_to_check_is_no_success_in_any_part(tmp_path: Path, part: str) -> None:
    root = repository(tmp_path / "repo", {"charts/README.md": "hello\n"})
    done = run(*MODULE, "check", part, cwd=root)
    assert (done.returncode, "nothing-checked" in done.stdout) == (2, True)


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A checkout whose modules would be imported instead of ours and of our dependencies'."""
    spring = f"open({str(tmp_path / 'canary')!r}, 'a').write(__name__ + ' ')\n"
    names = [
        "click",
        "ruamel/__init__",
        "pydantic",
        "yaml/__init__",
        "re",
        "json/__init__",
        "subprocess",
        "sitecustomize",
        "typing",
        "marshal",
    ]
    files = {f"{name}.py": spring for name in names}
    return repository(tmp_path / "repo", {**files, "evil.pth": f"import os; {spring}", ".env": "X=1\n", "values-dev.yaml": "a: 1\n"})


@pytest.mark.parametrize("argument", ["--version", "check", "rules"])
def test_nothing_is_imported_from_the_checkout(hostile: Path, argument: str) -> None:
    done = run(*MODULE, argument, cwd=hostile)
    if "No module named gitops_lint" in done.stderr:
        pytest.skip("the package is not installed here, only importable from the project")
    assert "Traceback" not in done.stderr
    assert not (hostile.parent / "canary").exists()


@pytest.mark.skipif(not SCRIPT.exists(), reason="the console script is not installed here")
def test_nor_by_the_console_script(hostile: Path) -> None:
    (hostile / "gitops_lint").mkdir()
    (hostile / "gitops_lint/__init__.py").write_text((hostile / "click.py").read_text())
    done = run(SCRIPT, "check", cwd=hostile)
    assert "Traceback" not in done.stderr
    assert not (hostile.parent / "canary").exists()


def test_a_report_goes_into_a_pipe_and_never_in_its_place(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        _save(str(pipe), b"report")
        assert os.read(reading, 100) == b"report"
    finally:
        os.close(reading)
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


@pytest.mark.parametrize("words", [["rules"], ["explain", "missing-key"], ["--help"], ["matrix"]])
def test_a_full_disk_is_no_mistake_of_ours(words: list[str]) -> None:
    done = run("sh", "-c", '"$@" >/dev/full', "sh", *MODULE, *words)
    assert (done.returncode, done.stderr) == (2, "gitops-lint: cannot write to standard output: No space left on device\n")


def test_an_index_that_git_cannot_read(tmp_path: Path) -> None:
    root = repository(tmp_path / "shop", {"values-dev.yaml": "a: 1\n", "values-prod.yaml": "a: 1\n"})
    (root / ".git" / "index").write_bytes(b"DIRC" + bytes(50))
    done = run(*MODULE, "check", root)
    assert done.returncode == 2
    assert "`git ls-files` failed" in done.stderr


def test_a_configuration_without_an_end(tmp_path: Path) -> None:
    root = repository(tmp_path / "shop", {"values-dev.yaml": "a: 1\n"})
    done = run(*MODULE, "check", root, "--config", "/dev/zero")
    assert (done.returncode, done.stderr) == (2, "gitops-lint: `/dev/zero` is larger than 5 MiB, which no configuration is\n")


def test_a_configuration_that_nobody_has_added_yet(tmp_path: Path) -> None:
    root = repository(tmp_path, {"values-dev.yaml": "a: 1\nb: 1\n", "values-prod.yaml": "a: 1\n"})
    assert run(*MODULE, "check", "--no-cache", root).returncode == 1
    (root / ".gitops-lint.yaml").write_text("rules: {missing-key: off}\n")
    assert run(*MODULE, "check", "--no-cache", root).returncode == 0
    (root / ".gitops-lint.yaml").write_text("rulez: {}\n")
    assert run(*MODULE, "check", "--no-cache", root).returncode == 2
