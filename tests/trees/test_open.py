from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gitops_lint.trees.entry import TreeError, UnreadableError
from gitops_lint.trees.memory import MemoryTree
from gitops_lint.trees.open import commit_tree, index_tree, work_tree
from gitops_lint.trees.protocol import Tree
from gitops_lint.trees.worktree import Folder
from tests.trees.scratch import commit, git, repository, write

FILES = {"apps/dev.yaml": "a: 1\n", "apps/prod.yaml": "a: 2\n", "values.yaml": "b: 1\n"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(tmp_path / "repo", FILES)


def content(tree: Tree) -> dict[str, str]:
    return {path: tree.read(path).decode() for path in tree.names()}


def hashed(root: Path, path: str) -> str:
    return git(root, "hash-object", "--no-filters", path).strip()


def test_names_are_the_tracked_ones_and_content_is_what_is_on_disk(root: Path) -> None:
    write(root, {"untracked.yaml": "x: 1\n", "values.yaml": "b: 2\n", "added.yaml": "c: 1\n", "apps/prod.yaml": "a: 3\n"})
    git(root, "add", "added.yaml", "apps/prod.yaml")
    write(root, {"apps/prod.yaml": "a: 4\n"})
    (root / "apps/dev.yaml").unlink()
    assert content(work_tree(str(root))) == {"added.yaml": "c: 1\n", "apps/prod.yaml": "a: 4\n", "values.yaml": "b: 2\n"}
    assert content(index_tree(str(root))) == {**FILES, "added.yaml": "c: 1\n", "apps/prod.yaml": "a: 3\n"}
    assert content(commit_tree(str(root), "HEAD")) == FILES


def test_every_tree_gives_sorted_names_and_the_blob_of_what_it_reads(root: Path) -> None:
    (root / "apps/link.yaml").symlink_to("prod.yaml")
    commit(root)
    for tree in (work_tree(str(root)), index_tree(str(root)), commit_tree(str(root), "main"), MemoryTree(FILES), Folder(str(root))):
        assert list(tree.names()) == sorted(tree.names())
        for path, entry in tree.names().items():
            expected = hashed(root, path.replace("link", "prod"))
            assert tree.blob(path) == expected
            assert entry.blob in {"", expected}


def test_a_blob_is_known_unless_the_file_changed(root: Path) -> None:
    old = 1_600_000_000_000_000_000  # older than the index: not racy
    for path in FILES:
        os.utime(root / path, ns=(old, old))
    git(root, "update-index", "--refresh")
    assert all(entry.blob for entry in work_tree(str(root)).names().values())
    write(root, {"values.yaml": "b: 9\n"})
    os.utime(root / "values.yaml", ns=(old, old))  # same size, same time; the change time cannot be set back
    tree = work_tree(str(root))
    assert [path for path, entry in tree.names().items() if not entry.blob] == ["values.yaml"]
    assert tree.blob("values.yaml") == hashed(root, "values.yaml")


def test_a_file_as_young_as_the_index_is_hashed(root: Path) -> None:
    write(root, {"values.yaml": "b: 1\n"})
    git(root, "update-index", "--refresh")
    young = (root / "values.yaml").stat().st_mtime_ns
    os.utime(root / ".git/index", ns=(young, young))
    assert not work_tree(str(root)).names()["values.yaml"].blob


@pytest.mark.parametrize(
    ("attributes", "doubtful"),
    [
        ("*.yaml text eol=lf\n# *.yaml filter=x\n", set()),
        ("*.yaml filter=git-crypt diff=git-crypt", set(FILES)),
        ("prod.yaml ident", {"apps/prod.yaml"}),
        ("*.png filter=lfs diff=lfs merge=lfs -text", set()),
        ("secrets/** filter=git-crypt", set(FILES)),  # a pattern that is not understood
    ],
)
def test_a_blob_is_not_taken_from_the_index_where_git_converts(root: Path, attributes: str, doubtful: set[str]) -> None:
    commit(root, {".gitattributes": attributes})
    later = (root / ".git/index").stat().st_mtime_ns + 10**9
    os.utime(root / ".git/index", ns=(later, later))
    names = work_tree(str(root)).names()
    assert {path for path in FILES if not names[path].blob} == doubtful


def test_a_part_of_a_repository_has_names_from_its_root(root: Path) -> None:
    tree = work_tree(str(root / "apps"))
    assert (tree.root, tree.prefix) == (str(root), "apps")
    assert "values.yaml" in tree.names()
    assert work_tree(str(root / "apps/prod.yaml")).prefix == "apps/prod.yaml"
    assert commit_tree(str(root / "apps"), "HEAD").prefix == "apps"


def test_a_submodule_is_no_file_and_a_tree_of_its_own(root: Path, tmp_path: Path) -> None:
    repository(tmp_path / "other", {"inside.yaml": "x: 1\n"})
    git(root, "submodule", "add", "-q", str(tmp_path / "other"), "sub")
    commit(root)
    for tree in (work_tree(str(root)), index_tree(str(root)), commit_tree(str(root), "HEAD")):
        assert set(tree.names()) == {*FILES, ".gitmodules"}
    assert content(work_tree(str(root / "sub"))) == {"inside.yaml": "x: 1\n"}


def links(root: Path) -> None:
    for name, target in {
        "in.yaml": "apps/prod.yaml",
        "hop.yaml": "in.yaml",
        "apps/up.yaml": "../values.yaml",
        "through.yaml": "folder/prod.yaml",
        "folder": "apps",
        "self": ".",
        "out.yaml": "../other/values.yaml",
        "absolute.yaml": "/etc/passwd",
        "dangling.yaml": "nowhere.yaml",
        "round.yaml": "round.yaml",
    }.items():
        (root / name).symlink_to(target)


@pytest.mark.parametrize("opened", [work_tree, index_tree, lambda path: commit_tree(path, "HEAD")], ids=["work", "index", "commit"])
def test_links(root: Path, opened: Callable[[str], Tree]) -> None:
    links(root)
    commit(root)
    tree = opened(str(root))
    assert set(tree.names()) - set(FILES) == {
        "in.yaml", "hop.yaml", "apps/up.yaml", "through.yaml", "out.yaml", "absolute.yaml", "dangling.yaml", "round.yaml"
    }  # fmt: skip
    assert [tree.read(path) for path in ("in.yaml", "hop.yaml", "apps/up.yaml", "through.yaml")] == [
        b"a: 2\n",
        b"a: 2\n",
        b"b: 1\n",
        b"a: 2\n",
    ]
    for path, reason in {
        "out.yaml": "leads out of the repository|is a link to nothing",
        "absolute.yaml": "leads out of the repository",
        "dangling.yaml": "is a link to nothing",
        "round.yaml": "circle|Too many levels",
        "absent.yaml": "is not there",
    }.items():
        with pytest.raises(UnreadableError, match=reason):
            tree.read(path)


def readable(tree: Tree) -> dict[str, bytes | None]:
    out: dict[str, bytes | None] = {}
    for path in tree.names():
        try:
            out[path] = tree.read(path)
        except UnreadableError:
            out[path] = None
    return out


SEGMENTS = ("a", "b", "c.yaml", "..", ".")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["", "a/", "b/"]), st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=4)), max_size=6))
def test_links_lead_to_the_same_place_in_a_commit_as_on_disk(drawn: list[tuple[str, list[str]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "repo")
        write(root, {"a/c.yaml": "1", "b/c.yaml": "2", "c.yaml": "3"})
        for number, (where, target) in enumerate(drawn):
            (root / f"{where}l{number}").symlink_to("/".join([*target, f"l{number - 1}"] if number % 2 else target))
        repository(root, {})
        assert readable(commit_tree(str(root), "HEAD")) == readable(work_tree(str(root))) == readable(index_tree(str(root)))


def test_a_sparse_checkout_is_read_whole(root: Path) -> None:
    git(root, "sparse-checkout", "set", "--no-cone", "/values.yaml")
    assert not (root / "apps").exists()
    assert content(work_tree(str(root))) == FILES


def test_a_linked_work_tree(root: Path, tmp_path: Path) -> None:
    git(root, "worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    write(tmp_path / "side", {"values.yaml": "b: 7\n", "new.yaml": "n: 1\n"})
    git(tmp_path / "side", "add", "new.yaml")
    assert content(work_tree(str(tmp_path / "side"))) == {**FILES, "values.yaml": "b: 7\n", "new.yaml": "n: 1\n"}
    assert content(commit_tree(str(tmp_path / "side"), "main")) == FILES
    assert content(work_tree(str(root))) == FILES


def test_a_repository_without_commits(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    write(tmp_path, {"a.yaml": "a: 1\n"})
    assert not work_tree(str(tmp_path)).names()
    assert not index_tree(str(tmp_path)).names()
    with pytest.raises(TreeError, match="no commit `HEAD`"):
        commit_tree(str(tmp_path), "HEAD")


def test_a_plain_folder(tmp_path: Path) -> None:
    write(tmp_path, {"b.yaml": "b: 1\n", "a/.git/config": "x", "a/x.yaml": "x: 1\n", "a/b/c.yaml": "c: 1\n"})
    (tmp_path / "a/up").symlink_to("..")
    tree = work_tree(str(tmp_path))
    assert content(tree) == {"a/b/c.yaml": "c: 1\n", "a/x.yaml": "x: 1\n", "b.yaml": "b: 1\n"}
    assert work_tree(str(tmp_path / "b.yaml")).prefix == "b.yaml"
    with pytest.raises(TreeError, match="is not in a git repository"):
        index_tree(str(tmp_path))


def test_a_folder_that_may_not_be_listed_is_told(commoner: Path) -> None:
    write(commoner, {"prod/x.yaml": "x: 1\n", "y.yaml": "y: 1\n"})
    (commoner / "prod").chmod(0)
    tree = Folder(str(commoner))
    assert list(tree.names()) == ["y.yaml"]
    assert [(failure.path, failure.reason) for failure in tree.failures] == [("prod", "cannot be listed: Permission denied")]
    (commoner / "prod").chmod(0o700)


def test_a_tracked_file_in_a_closed_folder_is_not_absent(commoner: Path) -> None:
    repository(commoner, {"prod/x.yaml": "x: 1\n"})
    (commoner / "prod").chmod(0)
    tree = work_tree(str(commoner))
    assert list(tree.names()) == ["prod/x.yaml"]
    with pytest.raises(UnreadableError, match="cannot be read: Permission denied"):
        tree.read("prod/x.yaml")


@pytest.mark.parametrize("path", ["absent", "repo/absent.yaml"])
def test_a_path_that_is_not_there(root: Path, path: str) -> None:
    with pytest.raises(TreeError, match="is not there"):
        work_tree(str(root.parent / path))


def test_a_git_file_that_leads_nowhere(tmp_path: Path) -> None:
    write(tmp_path, {".git": "gitdir: /nowhere\n", "a.yaml": "a: 1\n"})
    with pytest.raises(TreeError, match="does not lead to a git directory"):
        work_tree(str(tmp_path))


@pytest.mark.parametrize("name", ["index", "config", "info/attributes", "HEAD"])
def test_a_git_directory_with_a_pipe_in_it(root: Path, name: str) -> None:
    (root / ".git" / name).unlink(missing_ok=True)
    os.mkfifo(root / ".git" / name)
    if name == "index":
        with pytest.raises(TreeError, match="the git index is not a regular file"):
            work_tree(str(root)).names()
    else:
        assert set(FILES) <= set(work_tree(str(root)).names())


def test_a_stale_lock_stops_nobody(root: Path) -> None:
    (root / ".git/index.lock").touch()
    assert content(work_tree(str(root))) == FILES


def test_a_repository_of_a_stranger_above_is_not_taken(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stat = os.stat

    def owned(path: str) -> os.stat_result:
        found = list(stat(path))
        found[4] = 1234 if path == str(root) else os.geteuid()
        return os.stat_result(found)

    monkeypatch.setattr("gitops_lint.trees.checkout.os.stat", owned)
    with pytest.raises(TreeError, match="of another user"):
        work_tree(str(root / "apps"))
    assert work_tree(str(root)).root == str(root)


def test_a_link_in_a_circle_is_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "round").symlink_to("round")
    (tmp_path / "a.yaml").write_text("a: 1\n")
    tree = Folder(str(tmp_path))
    assert list(tree.names()) == ["a.yaml", "round"]
    with pytest.raises(UnreadableError):
        tree.read("round")


@pytest.mark.parametrize(
    ("name", "said"), [("mian", "; did you mean `main`?"), ("v1.1", "; did you mean `v1.0`?"), ("zzz", "; a branch of")]
)
def test_the_nearest_branch_or_tag_is_named(root: Path, name: str, said: str) -> None:
    git(root, "tag", "v1.0")
    with pytest.raises(TreeError) as caught:
        commit_tree(str(root), name)
    assert str(caught.value).startswith(f"there is no commit `{name}` in this repository{said}")
