from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from gitops_lint import boot
from gitops_lint.config import load
from gitops_lint.trees.entry import UnreadableError
from gitops_lint.trees.open import work_tree
from gitops_lint.trees.worktree import lent
from tests.trees.scratch import commit, git, repository, write

FILES = {"apps/dev.yaml": "a: 1\n", "apps/prod.yaml": "a: 2\n", ".gitignore": "ignored/\n"}
PROJECT = Path(__file__).parents[1]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith(("GIT_", "CI", "GITHUB_", "PRE_COMMIT", "GITOPS_LINT_"))]:
        monkeypatch.delenv(name)
    root = repository(tmp_path / "repo", FILES)
    write(root, {"ignored/target.yaml": "t: 1\n"})
    (root / "link.yaml").symlink_to("ignored/target.yaml")
    commit(root)
    git(root, "branch", "base")
    git(root, "update-ref", "refs/remotes/origin/remote", "HEAD")
    monkeypatch.chdir(root)
    monkeypatch.setenv("GITOPS_LINT_CACHE_DIR", str(tmp_path / "cache"))
    for module in ("boot", "cache"):
        monkeypatch.setattr(f"gitops_lint.{module}.version", lambda: "0" * 16)  # somebody may be editing the source meanwhile
    return root


def report(argv: list[str]) -> int:
    sys.stdout.write(f"report of {argv} ü\n")
    sys.stdout.buffer.write(b"raw\xff\n")
    click.echo("talk", err=True)
    boot.keep("baseline.json")
    return 1


def record(argv: list[str], main: Callable[[list[str]], int] = report) -> int:
    return boot.record(boot.find_place(argv), argv, main)


def remembered(argv: list[str]) -> bool:
    return boot.lookup(boot.find_place(argv)) is not None


CHECK = ["check", "--base", "base", "--format=json", "-v"]


@pytest.mark.usefixtures("root")
def test_the_same_run_again_prints_the_same(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert boot.recall(boot.find_place(CHECK)) is None
    assert record(CHECK) == 1
    first = capfdbinary.readouterr()
    assert boot.recall(boot.find_place(CHECK)) == 1
    assert capfdbinary.readouterr() == first
    assert first == (f"report of {CHECK} ü\nraw".encode() + b"\xff\n", b"talk\n")


def track_another(root: Path) -> None:
    write(root, {"new.yaml": "n: 1\n"})
    git(root, "add", "new.yaml")


def later(path: Path) -> None:
    os.utime(path, ns=(path.stat().st_mtime_ns + 10**9,) * 2)


@pytest.mark.parametrize(
    "change",
    [
        lambda root: write(root, {"untracked.yaml": "u: 1\n"}),
        lambda root: later(root / "apps/dev.yaml"),
        lambda root: (root / "apps/dev.yaml").write_text("a: 1\n"),
        lambda root: git(root, "status"),
        lambda root: git(root, "branch", "other"),
        lambda root: write(root, {".git/COMMIT_EDITMSG": "x"}),
    ],
)
def test_what_does_not_matter(root: Path, change: Callable[[Path], object]) -> None:
    record(CHECK)
    change(root)
    assert remembered(CHECK)


@pytest.mark.parametrize(
    "change",
    [
        lambda root: write(root, {"apps/dev.yaml": "a: 3\n"}),
        lambda root: (root / "apps/dev.yaml").unlink(),
        track_another,
        lambda root: git(root, "mv", "apps/dev.yaml", "apps/qa.yaml"),
        lambda root: git(root, "rm", "-q", "--cached", "apps/dev.yaml"),
        lambda root: git(root, "commit", "-q", "--allow-empty", "-m", "later"),
        lambda root: git(root, "checkout", "-q", "--detach"),
        lambda root: git(root, "branch", "-f", "base", git(root, "rev-parse", "HEAD~1").strip()),
        lambda root: write(root, {".git/shallow": git(root, "rev-parse", "HEAD")}),
        lambda root: write(root, {".gitops-lint.yaml": "parity: strict\n"}),  # untracked
        lambda root: write(root, {"baseline.json": "{}"}),
        lambda root: write(root, {"ignored/target.yaml": "t: 2\n"}),  # behind a tracked link
        lambda root: (root / "ignored/target.yaml").unlink(),
        lambda root: os.chdir(root / "apps"),
    ],
)
def test_what_matters(root: Path, change: Callable[[Path], object]) -> None:
    record(CHECK)
    assert remembered(CHECK)
    change(root)
    assert not remembered(CHECK)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NO_COLOR", "1"),
        ("COLUMNS", "40"),
        ("GITHUB_BASE_REF", "remote"),
        ("PRE_COMMIT_FROM_REF", "base"),
        ("GITOPS_LINT_X", "1"),
        ("CI", "1"),
    ],
)
def test_the_environment_matters(root: Path, name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    record(["check", str(root)])
    assert remembered(["check", str(root)])
    monkeypatch.setenv(name, value)
    assert not remembered(["check", str(root)])


def test_the_base_that_the_environment_names_matters(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_BASE_REF", "remote")
    record(["check"])
    assert remembered(["check"])
    git(root, "update-ref", "refs/remotes/origin/remote", "HEAD~1")
    assert not remembered(["check"])


def test_the_day_matters(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record(["check", str(root)])
    monkeypatch.setattr("gitops_lint.boot.time.gmtime", lambda: (2099, 1, 1, 0, 0, 0, 0, 1, 0))
    assert not remembered(["check", str(root)])


@pytest.mark.parametrize(
    "argv",
    [
        ["show"],
        ["check", "--output", "json:x"],
        ["check", "--output=json:x"],
        ["check", "--no-cache"],
        ["check", "--staged"],
        ["check", "--fix"],
        ["check", "--unknown"],
        ["check", "--base"],
        ["check", "--base", "HEAD~1"],  # may need more than names to be resolved
        ["check", "--base", "../../x"],
        ["check", "a", "b"],
        ["check", "absent"],
        [],
    ],
)
def test_what_is_never_remembered(root: Path, argv: list[str]) -> None:
    record(argv)
    assert not remembered(argv)
    assert not list((root.parent).glob("cache/*"))


def failing(_argv: list[str]) -> int:
    boot.keep()
    return 2


def meddling(_argv: list[str]) -> int:
    boot.keep()
    Path("apps/dev.yaml").write_text("a: 77\n")
    return 0


def meddling_after_opening(_argv: list[str]) -> int:
    boot.keep()
    tree = work_tree(".")
    Path("apps/dev.yaml").write_text("a: 7\n")
    tree.read("apps/dev.yaml")
    return 0


def removing(_argv: list[str]) -> int:
    boot.keep()
    tree = work_tree(".")
    Path("apps/dev.yaml").unlink()
    with pytest.raises(UnreadableError):
        tree.read("apps/dev.yaml")
    return 0


def moving(_argv: list[str]) -> int:
    boot.keep()
    work_tree(".")
    git(Path(), "commit", "-q", "--allow-empty", "-m", "meanwhile")
    return 0


def reading(_argv: list[str]) -> int:
    boot.keep()
    tree = work_tree(".")
    for path in tree.names():
        tree.read(path)
    return 0


def opening(opened: list[object]) -> int:
    opened.extend((work_tree("."), work_tree(".")))
    return reading([])


def test_a_run_is_given_the_tree_that_was_looked_through(root: Path) -> None:
    argv = ["check", str(root)]
    place = boot.find_place(argv)
    opened: list[object] = []
    boot.record(place, argv, lambda _argv: opening(opened))
    assert opened[0] is place.tree
    assert opened[1] is not place.tree
    assert not lent
    assert remembered(argv)


@pytest.mark.parametrize("main", [failing, meddling, meddling_after_opening, removing, moving, lambda _argv: 0])
def test_which_runs_are_not_remembered(root: Path, main: Callable[[list[str]], int]) -> None:
    record(["check", str(root)], main)
    assert not remembered(["check", str(root)])


def test_a_crash_leaves_the_streams_as_they_were(root: Path) -> None:
    before = sys.stdout, sys.stderr
    with pytest.raises(ZeroDivisionError):
        record(["check", str(root)], lambda _argv: 1 // 0)
    assert (sys.stdout, sys.stderr) == before
    assert not lent


def test_a_cache_in_the_checkout_is_not_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record(["check"])
    (root.parent / "cache").rename(root / "cache")
    monkeypatch.setenv("GITOPS_LINT_CACHE_DIR", str(root / "cache"))
    assert not remembered(["check"])


def test_outside_git_nothing_is_remembered(tmp_path: Path) -> None:
    record(["check", str(tmp_path)])
    assert not remembered(["check", str(tmp_path)])


def test_the_configuration_has_the_names_that_are_looked_for() -> None:
    assert boot.CONFIGS == load.NAMES


def modules(code: str, cwd: Path) -> set[str]:
    program = f"import sys\n{code}\nsys.stdout.write(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=cwd, env={**os.environ, "PYTHONPATH": str(PROJECT)}, capture_output=True, check=True
    )
    return set(done.stdout.decode().rpartition("\n")[2].split())


def test_a_warm_run_imports_next_to_nothing(root: Path) -> None:
    said = "def main(argv):\n    boot.keep()\n    return 0\n"
    modules(f"from gitops_lint import boot\n{said}boot.record(boot.find_place(['check']), ['check'], main)", root)
    warm = modules("from gitops_lint.__main__ import main\nassert main(['check']) == 0\nprint()", root) - modules("", root)
    assert not warm & {
        "typing",
        "re",
        "subprocess",
        "pathlib",
        "dataclasses",
        "enum",
        "json",
        "click",
        "yaml",
        "pydantic",
        "gitops_lint.engine",
    }
    version = modules("from gitops_lint.__main__ import main\nmain(['--version'])", root) - modules("", root)
    assert version == {"gitops_lint", "gitops_lint.__main__", "gitops_lint.streams"} | (version & {"types", "__future__"})
