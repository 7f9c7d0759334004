"""What OpenShift builds an image from: the revision of a git repository.

Fields: openshift/api build/v1/types.go, GitBuildSource. No `ref` means the tip of the default branch.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.extract.walk import Place, text
from gitops_lint.node import Map, key_location, value_location
from gitops_lint.pointer import Pointer, PointerKind
from gitops_lint.pointers import git_revision, remote_url


def builds(place: Place) -> Iterator[Pointer]:
    """The git pointer of a BuildConfig, if the mapping is one and has one."""
    spec = place.node.get("spec") if place.node.get("kind") == "BuildConfig" else None
    source = spec.get("source") if isinstance(spec, Map) else None
    git = source.get("git") if isinstance(source, Map) else None
    if not isinstance(git, Map) or not text(git, "uri"):
        return
    url, revision = text(git, "uri"), text(git, "ref")
    motion, reason = git_revision.judge(revision)
    at = value_location(git, "ref") if "ref" in git else key_location(git, "uri")
    key = (*place.path, "spec", "source", "git", "ref")
    yield Pointer(PointerKind.GIT, f"{url} at {revision or 'HEAD'}", remote_url.normal(url), revision, motion, reason, at, key)
