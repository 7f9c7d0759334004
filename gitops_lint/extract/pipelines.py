"""What pipelines and hooks take from elsewhere: GitHub's `uses`, GitLab's `include`, pre-commit's `rev`, CircleCI's orbs, Lighthouse."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.extract.image_text import pointer as image
from gitops_lint.extract.relevant import GITHUB
from gitops_lint.extract.walk import Place, items, places, text
from gitops_lint.keypath import KeyPath
from gitops_lint.node import Location, Map, Seq, Value, key_location, value_location
from gitops_lint.pointer import Motion, Pointer, PointerKind
from gitops_lint.pointers import include, remote_url

_NO_REPOSITORIES = ("local", "meta", "builtin")  # of pre-commit, and of prek


def includes(path: str, root: Map) -> Iterator[Pointer]:
    """What a pipeline's file takes by revision, but for its images."""
    if GITHUB.search(path):
        for place in places(root):
            yield from _uses(place)
    elif ".pre-commit-config" in path:
        yield from _hooks(root)
    elif ".circleci/" in path:
        yield from _orbs(root)
    elif "gitlab" in path:
        yield from _gitlab(root)


def lighthouse(place: Place) -> Iterator[Pointer]:
    """A Tekton step whose image says `uses:owner/repository/path@revision`."""
    value = place.node.get("image")
    if isinstance(value, str) and value.startswith("uses:"):
        yield _include(value.removeprefix("uses:"), value_location(place.node, "image"), (*place.path, "image"), shown=value)


def _uses(place: Place) -> Iterator[Pointer]:
    node = place.node
    used = node.get("uses")
    if isinstance(used, str):
        at, key = value_location(node, "uses"), (*place.path, "uses")
        if used.startswith("docker://"):
            found = image(used.removeprefix("docker://"), at, key, strict=False)
            if found is not None:
                yield found
        elif not include.local(used):
            yield _include(used, at, key)
    container = node.get("container")
    if isinstance(container, str) and place.path[:1] == ("jobs",):
        found = image(container, value_location(node, "container"), (*place.path, "container"), strict=False)
        if found is not None:
            yield found


def _include(written: str, at: Location, key: KeyPath, *, shown: str = "") -> Pointer:
    name, revision = include.split(written)
    motion, reason = include.judge(revision)
    return Pointer(PointerKind.INCLUDE, shown or written, name, revision, motion, reason, at, key)


def _hooks(root: Map) -> Iterator[Pointer]:
    for _, entry, _ in items(root, "repos"):
        url = text(entry, "repo") if isinstance(entry, Map) else ""
        if isinstance(entry, Map) and url and url not in _NO_REPOSITORIES:
            revision = text(entry, "rev")
            motion, reason = include.judge(revision)
            at = value_location(entry, "rev") if "rev" in entry else key_location(entry, "repo")
            yield Pointer(
                PointerKind.INCLUDE,
                f"{url} at {revision}",
                remote_url.normal(url),
                revision,
                motion,
                reason,
                at,
                ("repos", f"[{url}]", "rev"),
            )


def _orbs(root: Map) -> Iterator[Pointer]:
    orbs = root.get("orbs")
    if not isinstance(orbs, Map):
        return
    for name, orb in orbs.items():
        if isinstance(orb, str):
            written, version = include.split(orb)
            motion, reason = include.component(version)
            yield Pointer(PointerKind.INCLUDE, orb, written, version, motion, reason, value_location(orbs, name), ("orbs", name))


def _gitlab(root: Map) -> Iterator[Pointer]:
    alone: Value = root.get("include")
    entries = items(root, "include") if isinstance(alone, Seq) else [(-1, alone, value_location(root, "include"))]
    for index, entry, at in entries:
        here: KeyPath = ("include",) if index < 0 else ("include", f"[{index}]")
        if isinstance(entry, Map):
            yield from _included(Place(here, entry))
        elif isinstance(entry, str) and "://" in entry:
            yield from _by_url(entry, at, here)
    yield from _gitlab_images(root)


def _included(place: Place) -> Iterator[Pointer]:
    node = place.node
    project, component, remote = (text(node, key) for key in ("project", "component", "remote"))
    if project:
        revision = text(node, "ref")
        motion, reason = include.judge(revision)
        at = value_location(node, "ref") if "ref" in node else key_location(node, "project")
        written = f"{project} at {revision}" if revision else project
        yield Pointer(PointerKind.INCLUDE, written, project, revision, motion, reason, at, (*place.path, "ref"))
    elif component:
        name, version = include.split(component)
        motion, reason = include.component(version)
        key = (*place.path, "component")
        yield Pointer(PointerKind.INCLUDE, component, name, version, motion, reason, value_location(node, "component"), key)
    elif remote and "integrity" not in node:  # a hash of what must be got
        yield from _by_url(remote, value_location(node, "remote"), (*place.path, "remote"))


def _by_url(url: str, at: Location, key: KeyPath) -> Iterator[Pointer]:
    remote = remote_url.parse(url, directory=False)
    if remote is not None and remote.motion is not Motion.UNKNOWN:
        yield Pointer(PointerKind.INCLUDE, url, remote.name, remote.revision, remote.motion, remote.reason, at, key)


def _gitlab_images(root: Map) -> Iterator[Pointer]:
    """`image: {name}` and `services`, whose items are texts or `{name}`; `image: text` is found as everywhere."""
    for place in places(root):
        node = place.node
        if place.parent == "image" and isinstance(node.get("name"), str):
            yield from _named(node["name"], value_location(node, "name"), (*place.path, "name"))
        for index, entry, at in items(node, "services"):
            key = (*place.path, "services", f"[{index}]")
            if isinstance(entry, str):
                yield from _named(entry, at, key)
            elif isinstance(entry, Map) and isinstance(entry.get("name"), str):
                yield from _named(entry["name"], value_location(entry, "name"), (*key, "name"))


def _named(written: str, at: Location, key: KeyPath) -> Iterator[Pointer]:
    found = image(written, at, key, strict=False)
    if found is not None:
        yield found
