"""What a stranger can put into a checkout, its configuration or a name must never be run, written or believed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from gitops_lint.trees import base, history, revision
from gitops_lint.trees import git as wrapper
from gitops_lint.trees.entry import TreeError, UnreadableError
from gitops_lint.trees.open import commit_tree, event, index_tree, repository, work_tree
from tests.trees.scratch import commit, git, write
from tests.trees.scratch import repository as make

FILES = {"envs/dev/values.yaml": "a: 1\n", "envs/prod/values.yaml": "a: 2\n"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make(tmp_path / "repo", FILES)


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    return tmp_path / "canary"


def everything(path: Path) -> None:
    """Every way in which we call git or read a repository."""
    work = work_tree(str(path))
    for tree in (work, index_tree(str(path)), commit_tree(str(path), "HEAD")):
        for name in tree.names():
            tree.blob(name)
            tree.read(name)
    checkout = repository(str(path))
    wrapper.list_index(checkout)
    head = revision.resolve(checkout, "HEAD")
    list(history.changes(checkout, history.commits(checkout, head)))
    revision.merge_base(checkout, head, head)
    base.find({"GITHUB_BASE_REF": "main"}, lambda name: revision.known(checkout, name), event)


def test_a_directory_that_poses_as_a_bare_repository(root: Path, canary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trap = root / "envs/prod"
    config = f'[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n\tfsmonitor = "touch {canary}; false"\n'
    write(trap, {"HEAD": "ref: refs/heads/main\n", "config": config, "objects/x": "", "refs/x": ""})
    commit(root)
    for folder in (trap, trap / "refs", root):
        monkeypatch.chdir(folder)
        assert work_tree(".").root == str(root)
        everything(Path())
    assert not canary.exists()


def test_a_hostile_configuration(root: Path, canary: Path) -> None:
    script = canary.with_suffix(".sh")
    script.write_text(f"#!/bin/sh\ntouch {canary}\ncat\n")
    script.chmod(0o755)
    hooks = root / ".git/own-hooks"
    hooks.mkdir()
    for hook in ("post-index-change", "reference-transaction", "post-checkout"):
        shutil.copy(script, hooks / hook)
    for key, value in {
        "core.fsmonitor": str(script),
        "core.hooksPath": str(hooks),
        "core.pager": str(script),
        "core.sshCommand": str(script),
        "filter.x.clean": str(script),
        "filter.x.smudge": str(script),
        "diff.external": str(script),
        "diff.x.textconv": str(script),
        "alias.cat-file": f"!{script}",
        "pager.rev-list": str(script),
        "gpg.program": str(script),
        "log.showSignature": "true",
        "credential.helper": f"!{script}",
    }.items():
        git(root, "config", key, value)
    write(root, {".gitattributes": "* filter=x diff=x\n", "envs/prod/values.yaml": "a: 9\n"})
    (root / ".git/info/attributes").write_text("* filter=x diff=x\n")
    everything(root)
    assert not canary.exists()


def test_a_missing_object_is_not_fetched(root: Path, canary: Path) -> None:
    blob = git(root, "rev-parse", "HEAD:envs/prod/values.yaml").strip()
    (root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    for key, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::sh -c touch% {canary}",
        "protocol.ext.allow": "always",
    }.items():
        git(root, "config", key, value)
    tree = commit_tree(str(root), "HEAD")
    with pytest.raises(UnreadableError, match="git repository"):
        tree.read("envs/prod/values.yaml")
    assert tree.read("envs/dev/values.yaml") == b"a: 1\n"
    assert not canary.exists()


@pytest.mark.parametrize("name", ["--output=pwned", "-O", "", "a b", "x\nHEAD", "main\0"])
def test_a_name_that_is_no_name(root: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    with pytest.raises(TreeError, match="cannot be the name of a commit"):
        revision.resolve(repository("."), name)
    assert not (root / "pwned").exists()


def test_a_branch_that_is_called_like_an_option(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / ".git/refs/heads/--output=pwned").write_text(git(root, "rev-parse", "HEAD"))
    monkeypatch.chdir(root)
    with pytest.raises(TreeError):
        commit_tree(".", "--output=pwned")
    assert commit_tree(".", "refs/heads/--output=pwned").read("envs/dev/values.yaml") == b"a: 1\n"
    assert not (root / "pwned").exists()


def test_a_branch_wins_over_a_tag_of_its_name(root: Path) -> None:
    git(root, "tag", "main")
    later = commit(root, {"x.yaml": "x: 1\n"})
    found = revision.resolved(repository(str(root)), "main")
    assert found == (later, "`main` is a branch and a tag; the branch is meant")
    assert revision.resolved(repository(str(root)), "HEAD") == (later, "")


def test_a_replaced_object_is_read_as_it_was(root: Path) -> None:
    good, evil = (git(root, "rev-parse", f"HEAD:envs/{name}/values.yaml").strip() for name in ("prod", "dev"))
    git(root, "replace", good, evil)
    assert commit_tree(str(root), "HEAD").read("envs/prod/values.yaml") == b"a: 2\n"


def test_git_is_not_taken_from_the_checkout(root: Path, canary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root, {"git": f"#!/bin/sh\ntouch {canary}\n"})
    (root / "git").chmod(0o755)
    monkeypatch.chdir(root)
    monkeypatch.setenv("PATH", f".::{os.environ['PATH']}")
    wrapper.program.cache_clear()
    assert index_tree(".").read("envs/dev/values.yaml") == b"a: 1\n"
    assert not canary.exists()


def test_no_git_at_all(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    wrapper.program.cache_clear()
    assert work_tree(str(root)).read("envs/dev/values.yaml") == b"a: 1\n"  # which needs none
    with pytest.raises(TreeError, match="git is needed"):
        commit_tree(str(root), "HEAD")
    wrapper.program.cache_clear()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_a_checkout_that_git_calls_dubious(root: Path) -> None:
    for path in (root, *root.rglob("*")):
        os.chown(path, 12345, 12345, follow_symlinks=False)
    everything(root)


def test_a_checkout_that_git_would_call_dubious(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "stranger"
    script.write_text(f'#!/bin/sh\nGIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec {wrapper.program()} "$@"\n')
    script.chmod(0o755)
    monkeypatch.setattr(wrapper, "program", lambda: str(script))
    everything(root)


@pytest.mark.parametrize(
    "variable", ["GIT_DIR", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY", "GIT_CONFIG_COUNT", "GIT_EXTERNAL_DIFF", "GIT_EXEC_PATH"]
)
def test_what_a_hook_leaves_in_the_environment(root: Path, tmp_path: Path, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make(tmp_path / "other", {"other.yaml": "o: 1\n"})
    monkeypatch.setenv(variable, str(other / ".git"))
    everything(root)
    assert set(commit_tree(str(root), "HEAD").names()) == set(FILES)


@pytest.mark.parametrize("relative", [True, False])
def test_the_index_file_of_a_hook_counts_for_its_own_repository_only(
    root: Path,
    tmp_path: Path,
    relative: bool,  # noqa: FBT001  a table's column
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = make(tmp_path / "other", {"other.yaml": "o: 1\n"})
    shutil.copy(root / ".git/index", root / ".git/next-index-7.lock")
    write(root, {"new.yaml": "n: 1\n"})
    git(root, "add", "new.yaml", GIT_INDEX_FILE=".git/next-index-7.lock")
    monkeypatch.chdir(root)
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index-7.lock" if relative else str(root / ".git/next-index-7.lock"))
    assert set(work_tree(".").names()) == {*FILES, "new.yaml"} == set(index_tree(".").names())
    assert {record[0] for record in wrapper.list_index(repository("."))} == {*FILES, "new.yaml"}
    assert set(work_tree(str(other)).names()) == {"other.yaml"} == set(index_tree(str(other)).names())


def test_a_real_hook_sees_what_is_committed(root: Path, tmp_path: Path) -> None:
    hook = root / ".git/hooks/pre-commit"
    code = (
        "from gitops_lint.trees.open import index_tree, work_tree; print(sorted(index_tree('.').names()), sorted(work_tree('.').names()))"
    )
    interpreter = shutil.which("python", path=os.environ["PATH"]) or "python3"
    hook.write_text(f'#!/bin/sh\nPYTHONPATH={Path(__file__).parents[2]} {interpreter} -c "{code}" > {tmp_path}/seen\n')
    hook.chmod(0o755)
    write(root, {"staged.yaml": "s: 1\n", "untracked.yaml": "u: 1\n"})
    git(root, "add", "staged.yaml")
    write(root, {"envs/dev/values.yaml": "a: 5\n"})
    git(root, "commit", "-qam", "all")
    names = sorted([*FILES, "staged.yaml"])
    assert (tmp_path / "seen").read_text() == f"{names} {names}\n"


def test_a_shallow_clone(root: Path, tmp_path: Path) -> None:
    first = git(root, "rev-parse", "HEAD").strip()
    commit(root, {"envs/prod/values.yaml": "a: 3\n"})
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{root}", str(clone))
    checkout = repository(str(clone))
    with pytest.raises(TreeError, match=r"shallow clone; fetch it: `fetch-depth: 0` .*`git fetch --depth=1 origin "):
        commit_tree(str(clone), first)
    everything(clone)
    assert len(list(history.commits(checkout, revision.resolve(checkout, "HEAD")))) == 1
    git(clone, "fetch", "-q", "--depth=1", "origin", first)
    assert commit_tree(str(clone), first).read("envs/prod/values.yaml") == b"a: 2\n"
    assert revision.merge_base(checkout, first, "HEAD") == ""
    assert revision.fork_point(checkout, first) == first


def test_damaged_objects(root: Path) -> None:
    blob = git(root, "rev-parse", "HEAD:envs/prod/values.yaml").strip()
    path = root / ".git/objects" / blob[:2] / blob[2:]
    path.chmod(0o600)
    path.write_bytes(b"damaged")
    tree = commit_tree(str(root), "HEAD")
    with pytest.raises(UnreadableError, match=r"is damaged|is not in"):
        tree.read("envs/prod/values.yaml")
    assert tree.read("envs/dev/values.yaml") == b"a: 1\n"
    found = list(wrapper.blobs(repository(str(root)), [tree.blob(name) for name in FILES]))
    assert [type(content) for _, content in found] == [bytes, str]


def test_blobs_that_are_too_large_or_absent(root: Path) -> None:
    commit(root, {"large.yaml": "x" * (5 * 1024 * 1024 + 1), "last.yaml": "l: 1\n"})
    tree = commit_tree(str(root), "HEAD")
    with pytest.raises(UnreadableError, match="larger than 5 MiB"):
        tree.read("large.yaml")
    assert tree.read("last.yaml") == b"l: 1\n"
    ids = [tree.blob("large.yaml"), "0" * 40, tree.blob("last.yaml")]
    assert [content for _, content in wrapper.blobs(repository(str(root)), ids)] == [
        "is larger than 5 MiB",
        "is not in the git repository",
        b"l: 1\n",
    ]


def test_each_process_of_a_fork_asks_its_own_git(root: Path) -> None:
    tree = commit_tree(str(root), "HEAD")
    assert tree.read("envs/dev/values.yaml") == b"a: 1\n"
    child = os.fork()
    if child == 0:
        status = 1
        try:
            status = 0 if [tree.read("envs/prod/values.yaml") for _ in range(200)] == [b"a: 2\n"] * 200 else 1
        finally:
            os._exit(status)
    assert [tree.read("envs/dev/values.yaml") for _ in range(200)] == [b"a: 1\n"] * 200
    assert os.waitpid(child, 0)[1] == 0
