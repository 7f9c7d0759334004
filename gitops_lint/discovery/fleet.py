"""Rancher Fleet: the targets that a bundle's fleet.yaml customizes, each with Helm values, an overlay, or further files of its own.

Sources: rancher/fleet internal/bundlereader/resources.go (`generateValues`: files go over inline values),
internal/cmd/controller/options/calculate.go (`Merge`: a target's values go over the bundle's) and internal/helmdeployer/render/patch
(files of `yaml.overlays` are added or take the place of others), main of 2026. A target is a set of clusters of which nobody says that
they are like the others, unless its name or its selector is a stage's.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from gitops_lint.blueprint import Blueprint, Source
from gitops_lint.discovery.content import is_object
from gitops_lint.discovery.ignored import foreign
from gitops_lint.discovery.names import Names, names_of
from gitops_lint.discovery.naming import distinct, folder_names
from gitops_lint.discovery.overlays import overlay
from gitops_lint.files import YAML, Files
from gitops_lint.keypath import KeyPath
from gitops_lint.merge.kustomize.kustomization import NAMES
from gitops_lint.model import Evidence, Role, Unverified
from gitops_lint.node import Location, Map, Seq, Value, item_location, key_location
from gitops_lint.settings import Settings

_NAME = "fleet.yaml"
_OVERLAYS = "overlays"
_TARGETS = "targetCustomizations"
_SELECTORS = ("matchLabels", "matchExpressions")


class Target(NamedTuple):
    """A customization: its name, the word in that or in its selector that is a stage, its block, and where that stands."""

    name: str
    stage: str
    block: Map
    within: KeyPath
    at: Location


class Bundle(NamedTuple):
    """A fleet.yaml that customizes targets: its path and folder, and what it says."""

    path: str
    folder: str
    root: Map
    targets: tuple[Target, ...]


def find(files: Files, settings: Settings, claimed: set[str]) -> Iterator[Blueprint]:
    """The targets of each bundle that customizes two and more; what is theirs alone is claimed."""
    names = names_of(settings)
    bundles = _bundles(files, names)
    for application, bundle in zip(distinct([folder_names(each.folder) for each in bundles]), bundles, strict=True):
        claimed.update(path for target in bundle.targets for path in _added(bundle, target, files))
        found = list(_released(application, bundle, files))
        built = list(_built(f"{application}:kustomize" if found else application, bundle, names, files))
        plain = [] if found or built else list(_plain(application, bundle, files))
        for blueprints in (found, built, plain):
            for blueprint in blueprints if len(blueprints) > 1 else ():
                claimed.update(source.path for source in blueprint.sources if source.role is not Role.BASE and source.path != bundle.path)
                yield blueprint


def unverified(files: Files, settings: Settings) -> tuple[Unverified, ...]:
    """Overlays that are not there, and those of plain YAML, which nobody evaluates."""
    return tuple(entry for bundle in _bundles(files, names_of(settings)) for entry in _doubts(bundle, files))


def _doubts(bundle: Bundle, files: Files) -> Iterator[Unverified]:
    odd = [target for target in bundle.targets if _overlays(target) and not _is_plain(bundle, target, files)]
    if odd:
        names = ", ".join(target.name for target in odd)
        line = key_location(odd[0].block, "yaml").line
        yield Unverified(bundle.path, line, f"the patches among the overlays of Fleet targets are not evaluated: {names}")
    for target in bundle.targets:
        folder = _kustomized(bundle, target)
        if folder is not None and not files.under(folder):
            line = key_location(_map(target.block, "kustomize"), "dir").line
            yield Unverified(bundle.path, line, f"there is no `{folder}`, which the Fleet target `{target.name}` builds")


def _bundles(files: Files, names: Names) -> list[Bundle]:
    skip = foreign(names, files)
    found = (_bundle(path, files, names) for path in files.names if path.rpartition("/")[2] == _NAME and not skip(path))
    return [bundle for bundle in found if bundle is not None and len(bundle.targets) > 1]


def _bundle(path: str, files: Files, names: Names) -> Bundle | None:
    roots = files.document(path).roots
    root = roots[0].value if roots else None
    items = root.get(_TARGETS) if isinstance(root, Map) else None
    if not isinstance(root, Map) or not isinstance(items, Seq):
        return None
    targets: dict[str, Target] = {}
    for index, item in enumerate(items):
        if isinstance(item, Map) and item.get("doNotDeploy") is not True:
            name = next((text for key in ("name", "clusterName", "clusterGroup") if (text := _text(item, key))), "")
            if name and not names.short_lived(name):
                target = Target(name, _stage(name, item, names), item, (_TARGETS, f"[{index}]"), item_location(items, index))
                targets.setdefault(name, target)  # the first that fits a cluster is taken
    return Bundle(path, path.rpartition("/")[0], root, tuple(targets.values()))


def _stage(name: str, item: Map, names: Names) -> str:
    """The first stage that a target's name or its selector names."""
    selector = _map(item, "clusterSelector")
    words = [name, *(str(value) for value in _map(selector, _SELECTORS[0]).values())]
    for expression in _maps(selector.get(_SELECTORS[1])):
        values = expression.get("values")
        words += map(str, values) if isinstance(values, Seq) and len(values) == 1 and expression.get("operator") == "In" else ()
    return next((mark.word for word in words for mark in names.marks(word)), "")


def _released(application: str, bundle: Bundle, files: Files) -> Iterator[Blueprint]:
    """The targets as Helm deploys them, if any of them has values of its own."""
    chart = _chart(bundle, files)
    own = [list(_values(bundle, target.block, target.within, Role.OWN)) for target in bundle.targets]
    if chart is None or not any(own):
        return
    below = list(_values(bundle, bundle.root, (), Role.COMMON))
    for target, mine in zip(bundle.targets, own, strict=True):
        hazy = tuple(_clusters(bundle.root, bundle)) + tuple(_clusters(target.block, bundle))
        yield Blueprint(application, target.name, target.stage, "helm", _evidence(bundle, target), (*below, *mine), root=chart, hazy=hazy)


def _values(bundle: Bundle, block: Map, within: KeyPath, role: Role) -> Iterator[Source]:
    """The layers of a bundle or of a target, the lowest first."""
    helm = _map(block, "helm")
    if isinstance(helm.get("values"), Map):
        yield Source(bundle.path, Role.INLINE if within else Role.COMMON, (*within, "helm", "values"))
    listed = helm.get("valuesFiles")
    for index, text in enumerate(listed if isinstance(listed, Seq) else ()):
        if isinstance(text, str) and "://" not in text:
            assert isinstance(listed, Seq)  # noqa: S101  it is gone through
            yield Source(posixpath.normpath(posixpath.join(bundle.folder, text)), role, named=item_location(listed, index))


def _clusters(block: Map, bundle: Bundle) -> Iterator[Unverified]:
    helm = _map(block, "helm")
    for key in ("valuesFrom", "templateValues"):
        if helm.get(key):
            yield Unverified(bundle.path, key_location(helm, key).line, f"`{key}` are only known to a cluster", "info")


def _chart(bundle: Bundle, files: Files) -> str | None:
    """The folder of the bundle's chart; empty for one from elsewhere, None where there is none."""
    helm = _map(bundle.root, "helm")
    chart = _text(helm, "chart")
    folder = posixpath.normpath(posixpath.join(bundle.folder, chart)) if "://" not in chart and not _text(helm, "repo") else ""
    folder = "" if folder.startswith("..") else folder
    if folder and posixpath.normpath(posixpath.join(folder, "Chart.yaml")) in files:
        return folder
    return "" if chart or _text(helm, "repo") else None


def _plain(application: str, bundle: Bundle, files: Files) -> Iterator[Blueprint]:
    """The targets of a bundle of plain objects, with the files of their overlays."""
    below = f"{bundle.folder}/" if bundle.folder else ""
    shared = [path for path in files.under(bundle.folder) if not path.startswith(f"{below}{_OVERLAYS}/") and path != bundle.path]
    users = Counter(folder for target in bundle.targets for folder in _overlays(target))
    for target in bundle.targets:
        if _is_plain(bundle, target, files):
            held = {path.removeprefix(below): Source(path, Role.COMMON) for path in shared}
            for name in _overlays(target):
                folder = f"{below}{_OVERLAYS}/{name}"
                role = Role.OWN if users[name] == 1 else Role.COMMON
                held |= {path.removeprefix(f"{folder}/"): Source(path, role) for path in files.under(folder)}
            objects = tuple(source for source in held.values() if source.path.endswith(YAML) and is_object(files, source.path))
            if any(source.role is Role.OWN for source in objects):
                yield Blueprint(application, target.name, target.stage, "manifests", _evidence(bundle, target), objects)


def _overlays(target: Target) -> list[str]:
    listed = _map(target.block, "yaml").get("overlays")
    return [name for name in listed if isinstance(name, str)] if isinstance(listed, Seq) else []


def _added(bundle: Bundle, target: Target, files: Files) -> list[str]:
    """The files of a target's overlays."""
    below = f"{bundle.folder}/" if bundle.folder else ""
    return [path for name in _overlays(target) for path in files.under(f"{below}{_OVERLAYS}/{name}")]


def _is_plain(bundle: Bundle, target: Target, files: Files) -> bool:
    """Whether the overlays of a target only add and replace files of a bundle that is neither a chart nor an overlay."""
    paths = _added(bundle, target, files)
    kustomized = any(posixpath.join(bundle.folder, name) in files for name in NAMES)
    made = _chart(bundle, files) is not None or "kustomize" in bundle.root or kustomized
    return bool(paths) and not made and not any("_patch." in path.rpartition("/")[2] for path in paths)


def _built(application: str, bundle: Bundle, names: Names, files: Files) -> Iterator[Blueprint]:
    """The targets as their overlays build them."""
    for target in bundle.targets:
        folder = _kustomized(bundle, target)
        made = overlay(folder, (application, target.name), _evidence(bundle, target), names, files) if folder else None
        if made is not None:
            yield made


def _kustomized(bundle: Bundle, target: Target) -> str | None:
    text = _text(_map(target.block, "kustomize"), "dir")
    folder = posixpath.normpath(posixpath.join(bundle.folder, text))
    return folder if text and not folder.startswith("..") else None


def _evidence(bundle: Bundle, target: Target) -> Evidence:
    return Evidence(f"the Fleet target `{target.name}`", declared=True, path=bundle.path, line=target.at.line, weak=not target.stage)


def _map(node: Map, key: str) -> Map:
    value = node.get(key)
    return value if isinstance(value, Map) else Map(node.path, node.at)


def _maps(value: Value) -> list[Map]:
    return [item for item in value if isinstance(item, Map)] if isinstance(value, Seq) else []


def _text(node: Map, key: str) -> str:
    value = node.get(key)
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
