"""What a pipeline takes from elsewhere, by revision: GitHub's `uses`, GitLab's `include`, pre-commit's `rev`, and their like."""

from __future__ import annotations

import re

from gitops_lint.pointer import Motion
from gitops_lint.pointers import git_revision
from gitops_lint.pointers.placeholder import unknown

_PARTIAL = re.compile(r"\d+(?:\.\d+)?")
_MOVING = frozenset({"volatile", "latest", "~latest", "versionStream"})


def judge(revision: str) -> tuple[Motion, str]:
    """Whether the revision of an action, a template or a hook moves, and why; the empty one is the default branch's tip."""
    if revision in _MOVING:
        return Motion.MOVING, "follows the version stream" if revision == "versionStream" else "the newest release"
    return git_revision.judge(revision)


def component(version: str) -> tuple[Motion, str]:
    """The same for GitLab's CI/CD components, where `1` and `1.2` select the newest release with that beginning."""
    if _PARTIAL.fullmatch(version):
        return Motion.MOVING, "a part of a version stands for the newest release with that beginning"
    return judge(version)


def split(text: str) -> tuple[str, str]:
    """Name and revision of `owner/name/path@revision`; the revision is empty where there is none."""
    name, _, revision = text.rpartition("@")
    return (name, revision) if name else (text, "")


def local(text: str) -> bool:
    """Whether a `uses` names a folder of its own repository, or something that nobody knows yet."""
    return text.startswith(("./", "../", "/")) or unknown(text)
