from __future__ import annotations

import marshal
import multiprocessing
import os
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gitops_lint import cache
from gitops_lint.cache import Cache, location, sweep
from gitops_lint.severity import Severity

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def only(root: Path) -> Path:
    (found,) = [path for path in root.rglob("*") if path.is_file()]
    return found


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PLAIN, st.text())
def test_what_is_put_is_got(tmp_path: Path, value: object, key: str) -> None:
    Cache(str(tmp_path)).put("facts", key, value)
    assert Cache(str(tmp_path)).get("facts", key) == value
    assert Cache(str(tmp_path)).get("other", key) is None


def test_without_a_root_nothing_is_kept() -> None:
    nothing = Cache(None)
    nothing.put("facts", "k", 1)
    assert nothing.get("facts", "k") is None


def test_a_class_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unmarshallable"):
        Cache(str(tmp_path)).put("facts", "k", Severity)
    assert not list(tmp_path.rglob("*"))


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda data: data[:-1],
        lambda data: data[:20],
        lambda data: data + b"x",
        lambda data: data[:-3] + bytes([data[-3] ^ 1]) + data[-2:],
        lambda data: data.replace(b"gitops", b"others"),
        lambda _: marshal.dumps("clean"),
        lambda _: b'{"clean": true}',
        lambda _: b"\x80\x04K\x01.",
    ],
)
def test_what_is_damaged_or_foreign_is_not_there(tmp_path: Path, damage: object) -> None:
    kept = Cache(str(tmp_path))
    kept.put("facts", "k", "value")
    path = only(tmp_path)
    assert callable(damage)
    path.write_bytes(damage(path.read_bytes()))
    assert kept.get("facts", "k") is None
    kept.put("facts", "k", "again")
    assert kept.get("facts", "k") == "again"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_another_users_file_is_not_there(tmp_path: Path) -> None:
    Cache(str(tmp_path)).put("facts", "k", 1)
    os.chown(only(tmp_path), 12345, 12345)
    assert Cache(str(tmp_path)).get("facts", "k") is None


def test_another_version_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Cache(str(tmp_path)).put("facts", "k", 1)
    monkeypatch.setattr(cache, "__version__", "99")
    assert Cache(str(tmp_path)).get("facts", "k") is None


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    blocked = Cache(str(tmp_path / "file"))
    blocked.put("facts", "k", 1)
    assert blocked.get("facts", "k") is None

    def full(_from: str, _to: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gitops_lint.cache.os.replace", full)
    Cache(str(tmp_path / "full")).put("facts", "k", 1)
    assert not [path for path in (tmp_path / "full").rglob("*") if path.is_file()]  # nothing half-done is left


def test_files_are_the_users_own(tmp_path: Path) -> None:
    Cache(str(tmp_path / "c")).put("facts", "k", 1)
    path = only(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0


def hammer(root: str, number: int) -> None:
    kept = Cache(root)
    for turn in range(60):
        assert kept.get("facts", "one") in {None, *(key * 1000 for key in "abcdef")}
        kept.put("facts", "one", "abcdef"[(turn + number) % 6] * 1000)


def test_processes_at_the_same_time_do_each_other_no_harm(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=hammer, args=(str(tmp_path), number)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 4
    assert only(tmp_path)


def test_the_least_recently_used_are_swept(tmp_path: Path) -> None:
    kept = Cache(str(tmp_path))
    now = time.time()
    for age, key in enumerate(("today", "yesterday", "before")):
        kept.put("facts", key, "x" * 1000)
        path = max((path for path in tmp_path.rglob("*") if path.is_file()), key=lambda path: path.stat().st_mtime)
        os.utime(path, (now - 2 * age * 86400 - 10,) * 2)
    assert kept.get("facts", "before") == "x" * 1000  # which is use
    sweep(str(tmp_path), now, most_bytes=2500)
    assert [kept.get("facts", key) is None for key in ("today", "yesterday", "before")] == [False, True, False]
    sweep(str(tmp_path), now + 31 * 86400)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"GITOPS_LINT_CACHE_DIR": "/c", "XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/c"),
        ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/x/gitops-lint"),
        ({"XDG_CACHE_HOME": "x", "HOME": "/h"}, "/h/.cache/gitops-lint"),
        ({"HOME": "/h"}, "/h/.cache/gitops-lint"),
        ({"GITOPS_LINT_CACHE_DIR": "relative"}, None),
        ({}, None),
    ],
)
def test_where_the_cache_is(environment: Mapping[str, str], expected: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gitops_lint.cache.sys.platform", "linux")
    assert location(environment) == expected


def test_never_inside_the_checkout(tmp_path: Path) -> None:
    (tmp_path / "repo").mkdir()
    (tmp_path / "link").symlink_to("repo/.cache")
    for inside in ("repo", "repo/.cache", "link"):
        assert location({"GITOPS_LINT_CACHE_DIR": str(tmp_path / inside)}, outside=str(tmp_path / "repo")) is None
    assert location({"GITOPS_LINT_CACHE_DIR": str(tmp_path / "repo-2")}, outside=str(tmp_path / "repo"))
