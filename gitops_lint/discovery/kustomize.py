"""Kustomize overlays: sibling folders, each with a kustomization, whose paths differ in the environment's name alone.

A folder that another overlay of the same stage builds upon is a layer of it, and no environment; neither is a Component. The clusters
below an environment's folder are environments of one application with the ones that have no clusters.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from gitops_lint.blueprint import Blueprint, Source
from gitops_lint.discovery.ignored import foreign
from gitops_lint.discovery.names import CLUSTER, CONTAINERS, ENV, SHARED, Names, names_of
from gitops_lint.discovery.naming import distinct, folder_names
from gitops_lint.discovery.overlays import is_overlay
from gitops_lint.discovery.overlays import overlay as built
from gitops_lint.discovery.places import places
from gitops_lint.discovery.readings import Order, Reading, folder_readings
from gitops_lint.discovery.site_overlays import beside, evidence
from gitops_lint.files import Files
from gitops_lint.merge.kustomize import reach, references
from gitops_lint.merge.kustomize.kustomization import NAMES
from gitops_lint.model import Evidence, Role
from gitops_lint.settings import Settings

__all__ = ["find", "references"]

_RING = re.compile(r"ring-?\d+")


class Overlay(NamedTuple):
    """A folder that is an environment, and the reading of its path that says which."""

    folder: str
    pattern: str  # without the cluster
    reading: Reading
    path: str  # of its kustomization


def find(files: Files, settings: Settings, claimed: set[str]) -> Iterator[Blueprint]:
    """The overlays of a tree, one application for each pattern of folders; every file that one of them is built of is claimed.

    Places beside them (`overlays/okd` beside `overlays/dev` and `overlays/prod`) are environments of the same application.
    """
    names = names_of(settings)
    families = _families(_overlays(files, names, claimed))
    applications = distinct([folder_names(pattern) for pattern in families])
    made = [
        [_blueprint(each, application, pattern, files) for each in overlays]
        for application, (pattern, overlays) in zip(applications, families.items(), strict=True)
    ]
    claimed.update(source.path for known in made for each in known for source in each.sources)
    for known in made:
        yield from known
        for folder in beside({each.root: each.sources for each in known}, files, names, claimed):
            found = built(folder, (known[0].application, folder.rpartition("/")[2]), evidence(folder, files), names, files)
            if found is not None:
                claimed.update(source.path for source in found.sources)
                yield found


def _blueprint(each: Overlay, application: str, pattern: str, files: Files) -> Blueprint:
    reading = each.reading
    return Blueprint(
        application,
        reading.name,
        reading.word,
        "kustomize",
        Evidence(f"a kustomize overlay in a folder named like `{pattern}`", path=each.path),
        tuple(Source(path, _role(path, each)) for path in reach(files, each.folder)),
        reading.axes,
        root=each.folder,
    )


def _role(path: str, overlay: Overlay) -> Role:
    if not path.startswith(overlay.folder + "/"):
        return Role.BASE
    return Role.SHAPE if path.rpartition("/")[2] in NAMES else Role.OWN


def _overlays(files: Files, names: Names, claimed: set[str]) -> list[Overlay]:
    """The folders that are environments and not just layers of others of their stage."""
    candidates = _candidates(files, names, claimed)
    found = _placed(candidates, names)
    layers = _layers(files, {overlay.folder: overlay for overlay in found})
    return _placed([path for path in candidates if path.rpartition("/")[0] not in layers], names)


def _candidates(files: Files, names: Names, claimed: set[str]) -> list[str]:
    skip = foreign(names, files)
    out = []
    for path in files.names:
        folder, _, name = path.rpartition("/")
        if name in NAMES and folder and path not in claimed and not skip(path) and is_overlay(files, folder):
            out.append(path)
    return out


def _placed(candidates: list[str], names: Names) -> list[Overlay]:
    """The candidates with siblings, each under the reading of its path that has most of them."""
    out = [_overlay(place.path, place.reading, place.folder) for place in places(candidates, names) if not place.by_file]
    taken = {overlay.path for overlay in out}
    patterns = {overlay.pattern for overlay in out}
    rest = {path: list(_readings(path.rpartition("/")[0], names)) for path in candidates if path not in taken}
    stages: dict[str, set[str]] = defaultdict(set)
    for reading in (reading for readings in rest.values() for reading in readings):
        stages[_apart(reading.pattern)].add(reading.name.lower())
    for path, readings in rest.items():
        fitting = [r for r in readings if _apart(r.pattern) in patterns] or [r for r in readings if len(stages[_apart(r.pattern)]) > 1]
        if fitting:
            out.append(_overlay(path, fitting[0], fitting[0].pattern))
    taken = {overlay.path for overlay in out}
    return out + _apart_by_cluster([path for path in candidates if path not in taken], names)


def _apart_by_cluster(candidates: list[str], names: Names) -> list[Overlay]:
    """The overlays that say a stage and the one cluster that it is on, each another: `moc-prod` and `ocp4-stage` beside `test`.

    They are siblings in a folder that collects environments, if no stage is there twice; the clusters tell nothing then.
    """
    families: dict[str, list[tuple[str, Reading]]] = defaultdict(list)
    for path in candidates:
        parts = path.split("/")[:-1]
        for reading in folder_readings("/".join(parts), names, {}):
            whole = reading.order in (Order.PURE, Order.EXTENDED)
            if whole and reading.depth and parts[reading.depth - 1].lower() in CONTAINERS:
                families[reading.pattern].append((path, reading._replace(axes=())))
    complete = [family for family in families.values() if 1 < len(family) == len({reading.rank for _, reading in family})]
    return [_overlay(path, reading, reading.pattern) for family in complete for path, reading in family]


def _overlay(path: str, reading: Reading, pattern: str) -> Overlay:
    return Overlay(path.rpartition("/")[0], _apart(pattern), reading, path)


def _apart(pattern: str) -> str:
    """The pattern without the cluster, which makes one application of environments with clusters and without."""
    return pattern.replace(f"/{CLUSTER}", "", 1)


def _readings(folder: str, names: Names) -> Iterator[Reading]:
    """The readings of a folder that has no sibling of its own form: as one of a ring, as a stage's only cluster, as a plain environment."""
    parts = folder.split("/")
    for depth, part in enumerate(parts):
        below = parts[depth + 1] if depth + 1 < len(parts) else ""
        if _RING.fullmatch(part) and not _is_base(below):
            mark = next(iter(names.marks(below)), None)
            axes = (("ring", part), *((("cluster", below),) if below else ()))
            pattern = "/".join((*parts[:depth], ENV, *((CLUSTER,) if below else ()), *parts[depth + 2 :]))
            name = f"{part}/{below}" if below else part
            yield Reading(pattern, name, mark.word if mark else "", mark.stage.rank if mark else 0, Order.CLUSTER, depth, axes)
    clusters = {
        "/".join(parts[:depth]): names.clusters(parts[depth - 1], {parts[depth]})
        for depth in range(1, len(parts))
        if names.marks(parts[depth - 1])
    }
    found = [reading for reading in folder_readings(folder, names, clusters) if reading.order in (Order.PURE, Order.CLUSTER)]
    yield from sorted(found, key=lambda reading: -reading.order)


def _layers(files: Files, overlays: dict[str, Overlay]) -> set[str]:
    """The overlays that others of their stage build upon; a sibling that builds upon a sibling leaves it an environment."""
    out = set()
    for folder, overlay in overlays.items():
        for below in _folders_below(files, folder):
            other = overlays.get(below)
            if other is None or other.reading.word.lower() not in ("", overlay.reading.word.lower()):
                continue
            if other.pattern != overlay.pattern or f"{below}/".startswith(f"{folder}/"):
                out.add(below)
    return out


def _folders_below(files: Files, folder: str) -> set[str]:
    seen: set[str] = set()
    queue = [folder]
    for here in queue:  # grows on the way
        new = [entry.target for entry in references(files, here).folders if entry.target not in seen and entry.target != folder]
        seen.update(new)
        queue.extend(dict.fromkeys(new))
    return seen


def _families(overlays: list[Overlay]) -> dict[str, list[Overlay]]:
    """The overlays by pattern, sorted; a family has two environments at least, and one folder for each."""
    table: dict[str, dict[str, Overlay]] = defaultdict(dict)
    for overlay in sorted(overlays):
        table[overlay.pattern].setdefault(overlay.reading.name, overlay)
    for pattern in [pattern for pattern in table if pattern.rpartition("/")[0] in table and _is_base(pattern.rpartition("/")[2])]:
        del table[pattern]  # it stands beside environments and is meant for them, whether or not one builds upon it
    return {pattern: [found[name] for name in sorted(found)] for pattern, found in sorted(table.items()) if len(found) > 1}


def _is_base(name: str) -> bool:
    return any(word in SHARED for word in re.split(r"[-_.]", name))
