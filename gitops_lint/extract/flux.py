"""What Flux's objects point at: git revisions, artifacts, charts, images.

Fields and precedence: source-controller api/v1/{gitrepository,ocirepository,helmchart}_types.go, helm-controller
api/v2/helmrelease_types.go. What is left out has a default that surprises: branch `master`, tag `latest`, any version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from gitops_lint.extract.walk import Place, text
from gitops_lint.node import Map, key_location, value_location
from gitops_lint.pointer import Motion, Pointer, PointerKind
from gitops_lint.pointers import git_revision, remote_url, tag, version_range

Verdict = tuple[Motion, str]


def objects(place: Place) -> Iterator[Pointer]:
    """The pointers of a mapping that is one of Flux's objects."""
    node = place.node
    group = str(node.get("apiVersion", "")).partition("/")[0]
    spec = node.get("spec")
    if not group.endswith(".toolkit.fluxcd.io") or not isinstance(spec, Map):
        return
    find = _KINDS.get(str(node.get("kind")))
    if find is not None:
        yield from find(Place((*place.path, "spec"), spec))


def _git_repository(place: Place) -> Iterator[Pointer]:
    url = text(place.node, "url")
    if url:
        yield _referenced(place, remote_url.normal(url), _GIT)


def _oci_repository(place: Place) -> Iterator[Pointer]:
    url = text(place.node, "url")
    if url:
        yield _referenced(place, url, _OCI)


class _Source(NamedTuple):
    """What the keys of a source's `ref` mean, the one that wins first, and what stands in for all of them."""

    kind: PointerKind
    keys: dict[str, Callable[[str], Verdict]]
    default: str
    why: str


_GIT = _Source(
    PointerKind.GIT,
    {
        "commit": git_revision.judge,
        "name": git_revision.judge,
        "semver": version_range.judge,
        "tag": lambda _: (Motion.VERSION, "a tag"),
        "branch": lambda text: git_revision.judge(f"refs/heads/{text}"),
    },
    default="master",
    why="no `ref` means the branch `master`",
)
_OCI = _Source(
    PointerKind.REMOTE,
    {"digest": lambda _: (Motion.DIGEST, "pinned by its digest"), "semver": version_range.judge, "tag": tag.judge},
    default="latest",
    why="no `ref` means the tag `latest`",
)


def _referenced(place: Place, name: str, source: _Source) -> Pointer:
    ref = place.node.get("ref")
    if isinstance(ref, Map):
        for key, judge in source.keys.items():
            version = text(ref, key)
            if version:
                motion, reason = judge(version)
                digest = version if key == "digest" else ""
                at = value_location(ref, key)
                return Pointer(
                    source.kind, f"{name} at {version}", name, version, motion, reason, at, (*place.path, "ref", key), digest=digest
                )
    return Pointer(
        source.kind, name, name, source.default, Motion.MOVING, source.why, key_location(place.node, "url"), (*place.path, "ref")
    )


def _helm_release(place: Place) -> Iterator[Pointer]:
    chart = place.node.get("chart")
    spec = chart.get("spec") if isinstance(chart, Map) else None
    if isinstance(spec, Map):
        yield from _helm_chart(Place((*place.path, "chart", "spec"), spec))


def _helm_chart(place: Place) -> Iterator[Pointer]:
    node = place.node
    source = node.get("sourceRef")
    name, version = text(node, "chart"), text(node, "version")
    if isinstance(source, Map) and source.get("kind") not in (None, "HelmRepository"):
        return  # from a git repository or a bucket, where the version is ignored
    if "version" not in node and not (name and isinstance(source, Map)):
        return  # a patch, whose base names the chart
    motion, reason = version_range.judge(version)
    at = value_location(node, "version") if "version" in node else key_location(node, "chart")
    written = f"{name} {version}".strip() or "chart"
    yield Pointer(PointerKind.CHART, written, name, version, motion, reason, at, (*place.path, "version"))


_KINDS: dict[str, Callable[[Place], Iterator[Pointer]]] = {
    "GitRepository": _git_repository,
    "OCIRepository": _oci_repository,
    "HelmRelease": _helm_release,
    "HelmChart": _helm_chart,
}
