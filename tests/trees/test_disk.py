from __future__ import annotations

import os
import socket
import threading
import time
from pathlib import Path

import pytest

from gitops_lint.trees import disk
from gitops_lint.trees.disk import DANGLING, NOT_A_FILE, OUTSIDE, TOO_LARGE, Door
from gitops_lint.trees.entry import UnreadableError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "repo"
    (root / "envs/prod").mkdir(parents=True)
    (root / "envs/prod/values.yaml").write_text("a: 1\n")
    (root / ".git").mkdir()
    (root / ".git/config").write_text("token")
    (tmp_path / "repo-evil").mkdir()
    (tmp_path / "repo-evil/values.yaml").write_text("secret")
    return root


def refused(root: Path, path: str) -> str:
    with pytest.raises(UnreadableError) as caught:
        Door(str(root)).read(path)
    assert caught.value.path == path
    assert "repo-evil" not in caught.value.reason
    return caught.value.reason


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("/etc/passwd", OUTSIDE),
        ("/proc/self/environ", OUTSIDE),
        ("/dev/zero", OUTSIDE),
        ("../repo-evil/values.yaml", OUTSIDE),  # begins with the root's own name
        ("envs/../../repo-evil/values.yaml", OUTSIDE),
        (".git/config", OUTSIDE),
        ("nowhere.yaml", DANGLING),
        ("../nowhere.yaml", DANGLING),
        ("values.yaml", "cannot be read: Too many levels of symbolic links"),  # itself
        ("envs", NOT_A_FILE),
    ],
)
def test_a_link_that_is_not_followed(root: Path, target: str, reason: str) -> None:
    (root / "values.yaml").symlink_to(target)
    assert refused(root, "values.yaml") == reason


def test_a_link_within_the_tree_is_followed(root: Path) -> None:
    (root / "one").symlink_to("two")
    (root / "two").symlink_to("envs/prod/values.yaml")
    (root / "three").symlink_to(root / "envs/prod/values.yaml")
    (root / "all").symlink_to("envs")
    door = Door(str(root))
    assert [door.read(path) for path in ("one", "three", "all/prod/values.yaml")] == [b"a: 1\n"] * 3
    assert door.target("one") == "envs/prod/values.yaml"


@pytest.mark.parametrize("path", ["../repo-evil/values.yaml", "envs/../../repo-evil/values.yaml", ".git/config", "out/values.yaml"])
def test_a_path_that_leads_out(root: Path, path: str) -> None:
    (root / "out").symlink_to("../repo-evil")
    assert refused(root, path) == OUTSIDE


def test_an_absolute_path_is_taken_from_the_root(root: Path) -> None:
    assert Door(str(root)).read("/envs/prod/values.yaml") == b"a: 1\n"
    assert refused(root, "/etc/passwd") == "is not there"


def test_what_is_no_regular_file_is_refused_at_once(root: Path) -> None:
    os.mkfifo(root / "fifo")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(os.path.relpath(root / "socket"))
        begun = time.monotonic()
        assert [refused(root, path) for path in ("fifo", "socket", "envs")] == [NOT_A_FILE] * 3
        assert time.monotonic() - begun < 2


def test_a_file_that_is_too_large_is_not_read(root: Path) -> None:
    with (root / "large.yaml").open("wb") as file:
        file.truncate(3 * 1024**3)
    begun = time.monotonic()
    assert refused(root, "large.yaml") == TOO_LARGE
    assert time.monotonic() - begun < 1


@pytest.mark.parametrize(("size", "fits"), [(disk.LIMIT, True), (disk.LIMIT + 1, False)])
def test_the_limit_is_exact(root: Path, size: int, fits: bool) -> None:  # noqa: FBT001  a table's column
    (root / "x").write_bytes(b"x" * size)
    assert len(Door(str(root)).read("x")) == size if fits else refused(root, "x") == TOO_LARGE


def test_a_file_that_may_not_be_read(commoner: Path) -> None:
    (commoner / "closed.yaml").touch(mode=0)
    assert refused(commoner, "closed.yaml") == "cannot be read: Permission denied"


def test_a_race_between_a_file_and_a_link_never_shows_what_is_outside(root: Path) -> None:
    path, inside, link = root / "values.yaml", root / "inside", root / "link"
    outside = root.parent / "repo-evil/values.yaml"
    ended = threading.Event()

    def swap() -> None:
        while not ended.is_set():
            inside.write_text("a: 1\n")
            inside.replace(path)
            link.symlink_to(outside)
            link.replace(path)

    thread = threading.Thread(target=swap)
    thread.start()
    door = Door(str(root))
    seen = set()
    try:
        for _ in range(2000):
            try:
                seen.add(door.read("values.yaml"))
            except UnreadableError as error:
                seen.add(error.reason.encode())
    finally:
        ended.set()
        thread.join()
    assert b"secret" not in seen
    assert seen & {b"a: 1\n", OUTSIDE.encode()}


def test_a_named_file_may_be_anywhere(root: Path) -> None:
    (root / "config").symlink_to("../repo-evil/values.yaml")
    assert disk.named(str(root / "config")) == b"secret"
    with pytest.raises(UnreadableError, match="is not there"):
        disk.named(str(root / "absent"))
    with pytest.raises(UnreadableError, match=NOT_A_FILE):
        disk.named("/dev/zero")
