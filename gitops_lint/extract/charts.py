"""What charts and helmfiles point at: the charts that they are made of or release, and what they include by URL.

Fields: helm pkg/chart/v2/dependency.go, v4.2.4; helmfile pkg/state/state.go, v1.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.extract.walk import Place, items, places, text
from gitops_lint.keypath import KeyPath
from gitops_lint.node import Location, Map, key_location, value_location
from gitops_lint.pointer import Motion, Pointer, PointerKind
from gitops_lint.pointers import remote_url, version_range
from gitops_lint.pointers.placeholder import unknown

_LISTS = ("bases", "values", "secrets")


def dependencies(root: Map) -> Iterator[Pointer]:
    """The charts that a Chart.yaml or requirements.yaml depends on; those that are vendored beside it are none."""
    for _, entry, _ in items(root, "dependencies"):
        if isinstance(entry, Map):
            repository = text(entry, "repository")
            if repository and not repository.startswith("file:"):
                name = text(entry, "name")
                yield _chart(entry, f"{repository.rstrip('/')}/{name}", name, ("dependencies", f"[{name}]"))


def helmfile(root: Map) -> Iterator[Pointer]:
    """The charts that a helmfile releases, and the states and values that it takes from elsewhere."""
    for place in places(root):
        node = place.node
        if place.path[:1] == ("releases",) and isinstance(node.get("chart"), str):
            yield from _release(place)
        for name in _LISTS:
            for index, entry, at in items(node, name):
                yield from _remote(entry, at, (*place.path, name, f"[{index}]"))
        if place.path[:1] == ("helmfiles",) or place.path[:1] == ("repositories",):
            for name in ("path", "url"):
                if name in node and str(node[name]).startswith(("git::", "git+")):
                    yield from _remote(node[name], value_location(node, name), (*place.path, name))


def inflated(place: Place) -> Iterator[Pointer]:
    """The chart of an object that asks for one: kustomize's generator, and k3s' controller.

    Fields: kustomize api/types/helmchartargs.go, v5.8.1; k3s-io/helm-controller pkg/apis/helm.cattle.io/v1/types.go, v0.16.
    """
    node = place.node
    kind, spec = node.get("kind"), node.get("spec")
    of_k3s = kind == "HelmChart" and str(node.get("apiVersion")).startswith("helm.cattle.io/")
    if kind == "HelmChartInflationGenerator" and text(node, "repo"):
        name = text(node, "name")
        yield _chart(node, f"{text(node, 'repo').rstrip('/')}/{name}", name, place.path)
    elif of_k3s and isinstance(spec, Map) and text(spec, "chart"):
        name, repository = text(spec, "chart"), text(spec, "repo").rstrip("/")
        if repository or name.startswith("oci://"):
            yield _chart(spec, f"{repository}/{name}".lstrip("/"), name, (*place.path, "spec"))


def _release(place: Place) -> Iterator[Pointer]:
    node = place.node
    chart = text(node, "chart")
    if chart.startswith((".", "/")) or unknown(chart):
        return
    if "://" in chart and not chart.startswith("oci://"):
        yield from _remote(chart, value_location(node, "chart"), (*place.path, "chart"))
    elif "version" in node or not ({"inherit", "<<"} & node.keys()):
        yield _chart(node, chart, chart, place.path)


def _chart(node: Map, name: str, shown: str, path: KeyPath) -> Pointer:
    version = text(node, "version")
    motion, reason = version_range.judge(version)
    at = value_location(node, "version") if "version" in node else key_location(node, "chart" if "chart" in node else "name")
    return Pointer(PointerKind.CHART, f"{shown} {version}".strip(), name, version, motion, reason, at, (*path, "version"))


def _remote(entry: object, at: Location, key: KeyPath) -> Iterator[Pointer]:
    if not isinstance(entry, str) or "://" not in entry or entry.startswith(("ref+", "secretref+", "secrets://")):
        return
    remote = remote_url.parse(entry, directory=False)
    if remote is not None and remote.motion is not Motion.UNKNOWN:
        yield Pointer(PointerKind.REMOTE, entry, remote.name, remote.revision, remote.motion, remote.reason, at, key)
