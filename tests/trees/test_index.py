from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gitops_lint.trees import index
from gitops_lint.trees.entry import TreeError
from gitops_lint.trees.open import index_tree, work_tree
from tests.trees.scratch import git, repository, write

FILES = {
    "a.yaml": "a: 1\n",
    "apps/prod/values.yaml": "b: 2\n",
    "apps/prod/values-eu.yaml": "b: 3\n",
    "ü/ß.yaml": "c: 4\n",
    "run.sh": "#!/bin/sh\n",
}


def listed(root: Path) -> list[tuple[str, int, str]]:
    lines = git(root, "ls-files", "-s", "-z").split("\0")[:-1]
    return [(line.partition("\t")[2], int(line.split()[0], 8), line.split()[1]) for line in lines]


@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_every_version_is_read_as_git_reads_it(tmp_path: Path, version: str) -> None:
    root = repository(tmp_path, FILES)
    (root / "run.sh").chmod(0o755)
    write(root, {"intended.yaml": "x: 1\n"})
    git(root, "add", "run.sh")
    git(root, "add", "-N", "intended.yaml")  # needs the extended flags of version 3
    git(root, "update-index", "--index-version", version)
    records = index.parse((root / ".git/index").read_bytes())
    assert [(path, mode, blob) for path, _, mode, blob, *_ in records] == listed(root)
    assert [record[0] for record in records if record[6]] == ["intended.yaml"]


@pytest.mark.parametrize("setting", ["core.splitIndex=true", "index.sparse=true"])
def test_what_only_git_can_read_git_is_asked_for(tmp_path: Path, setting: str) -> None:
    root = repository(tmp_path, FILES)
    if setting.startswith("index"):
        git(root, "-c", setting, "sparse-checkout", "set", "--cone", "--sparse-index", "ü")
    else:
        git(root, "-c", setting, "update-index", "--split-index")
    with pytest.raises(index.IndexFormatError):
        index.parse((root / ".git/index").read_bytes())
    tree = work_tree(str(root))
    assert sorted(tree.names()) == sorted(FILES)
    assert {path: tree.read(path).decode() for path in FILES} == FILES


def test_a_sha256_repository(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--object-format=sha256")
    write(tmp_path, FILES)
    git(tmp_path, "add", "-A")
    tree = work_tree(str(tmp_path))
    assert {path: tree.blob(path) for path in tree.names()} == {path: blob for path, _, blob in listed(tmp_path)}
    write(tmp_path, {"a.yaml": "a: 2\n"})
    assert work_tree(str(tmp_path)).blob("a.yaml") == git(tmp_path, "hash-object", "a.yaml").strip()


def test_an_unmerged_file_is_one_name(tmp_path: Path) -> None:
    root = repository(tmp_path, {"a.yaml": "a: 1\n"})
    git(root, "checkout", "-qb", "side")
    write(root, {"a.yaml": "a: 2\n"})
    git(root, "commit", "-qam", "side")
    git(root, "checkout", "-q", "main")
    write(root, {"a.yaml": "a: 3\n"})
    git(root, "commit", "-qam", "main")
    with pytest.raises(Exception, match="exit status 1"):
        git(root, "merge", "side")
    tree = work_tree(str(root))
    assert list(tree.names()) == ["a.yaml"]
    assert b"<<<<<<<" in tree.read("a.yaml")
    assert index_tree(str(root)).read("a.yaml") == b"a: 3\n"


@pytest.mark.parametrize("content", [b"", b"DIRC", b"DIRC\0\0\0\x02\xff\xff\xff\xff", b"\0" * 100, b"DIRC\0\0\0\x09\0\0\0\0" + b"\0" * 20])
def test_a_damaged_index_is_an_error_that_says_so(tmp_path: Path, content: bytes) -> None:
    root = repository(tmp_path, FILES)
    (root / ".git/index").write_bytes(content)
    with pytest.raises(TreeError, match=r"ls-files|the git index is damaged"):
        work_tree(str(root)).names()


def test_an_index_that_is_cut_off_is_not_read_as_git_reads_it(tmp_path: Path) -> None:
    root = repository(tmp_path, FILES)
    whole = (root / ".git/index").read_bytes()
    (root / ".git/index").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(TreeError, match="damaged"):
        work_tree(str(root)).names()


@settings(max_examples=300)
@given(st.data())
def test_no_bytes_do_more_than_be_refused(data: st.DataObject) -> None:
    entry = b"\0" * 40 + b"\1" * 20 + b"\0\1a" + b"\0" * 9
    whole = bytearray(b"DIRC\0\0\0\2\0\0\0\1" + entry + b"TREE\0\0\0\4abcd" + b"\0" * 20)
    for _ in range(data.draw(st.integers(0, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        index.parse(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    except (index.IndexFormatError, index.IndexDamagedError):
        return
