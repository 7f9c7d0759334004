"""Which commit a name means, and what commits are to each other."""

from __future__ import annotations

import re
from typing import NamedTuple

from gitops_lint.didyoumean import suggest
from gitops_lint.trees import git
from gitops_lint.trees.checkout import Checkout
from gitops_lint.trees.entry import TreeError

# `HEAD~1`, `@{u}`, `FETCH_HEAD^2`: the work tree's own, never `origin/HEAD` of a clone
_OWN_HEAD = re.compile(r"(?:[A-Z]+_)*HEAD(?![^~^@:])|@(?![^~^{])")


class Resolved(NamedTuple):
    """A commit id, and what the user should know about the name that led to it."""

    commit: str
    note: str = ""


def resolve(checkout: Checkout, name: str) -> str:
    """The id of the commit that a branch, remote branch, tag or anything else of gitrevisions(7) names. Raises TreeError."""
    return resolved(checkout, name).commit


def resolved(checkout: Checkout, name: str) -> Resolved:
    """As `resolve`, with a note where a tag has the same name as a branch: the branch is meant."""
    commit, is_branch, is_tag = _look_up(checkout, name)
    if not commit:
        raise TreeError(_absent(checkout, name))
    note = f"`{name}` is a branch and a tag; the branch is meant" if is_branch and is_tag else ""
    return Resolved(commit, note)


def known(checkout: Checkout, name: str) -> str:
    """The id of the commit, or nothing if there is none of that name here."""
    try:
        return _look_up(checkout, name)[0]
    except TreeError:
        return ""


def _look_up(checkout: Checkout, name: str) -> tuple[str, bool, bool]:
    if not name or name.startswith("-") or any(ord(char) < 33 for char in name):  # noqa: PLR2004  blanks and control characters
        raise TreeError(f"`{name}` cannot be the name of a commit")
    candidates = [f"refs/heads/{name}", f"refs/remotes/{name}", f"refs/remotes/origin/{name}", f"refs/tags/{name}", name]
    # Names go in by stdin, one a line, where nothing is an option.
    asked = "".join(f"{candidate}^{{commit}}\n" for candidate in candidates)
    answers = git.output(checkout, "cat-file", "--batch-check", stdin=asked.encode()).decode(errors="replace").splitlines()
    found = [answer.split()[0] if answer.endswith(" missing") is False and " commit " in answer else "" for answer in answers]
    if _OWN_HEAD.match(name) or name.startswith("refs/"):
        return found[4], False, False
    return next((commit for commit in found if commit), ""), any(found[:3]), bool(found[3])


def _absent(checkout: Checkout, name: str) -> str:
    if checkout.shallow:
        return (
            f"`{name}` is not in this shallow clone; fetch it: `fetch-depth: 0` (GitHub), `GIT_DEPTH: 0` (GitLab) "
            f"or `git fetch --depth=1 origin {name}`"
        )
    names = git.output(checkout, "for-each-ref", "--format=%(refname:short)").decode(errors="replace").split()
    near = suggest(name, names) or "; a branch of the remote is `origin/…` and may have to be fetched"
    return f"there is no commit `{name}` in this repository{near}"


def merge_base(checkout: Checkout, one: str, other: str) -> str:
    """The best common ancestor of two commits; nothing if they have none, or none that a shallow clone knows of."""
    status, out = git.run(checkout, "merge-base", "--end-of-options", resolve(checkout, one), resolve(checkout, other))
    return out.decode().strip() if status == 0 else ""


def fork_point(checkout: Checkout, base: str, head: str = "HEAD") -> str:
    """What a change from `base` to `head` is to be compared with: their merge base, or `base` itself where history is too short to tell.

    Raises TreeError if either is not here.
    """
    return merge_base(checkout, base, head) or resolve(checkout, base)
