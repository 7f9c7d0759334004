"""Applications and ApplicationSets that kustomize changes before they are deployed: as the overlays build them, not as the base says.

An overlay is a folder that no other kustomization builds upon, or one whose name is an environment's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from gitops_lint.discovery.names import Names
from gitops_lint.files import Files
from gitops_lint.merge.kustomize import reach, references
from gitops_lint.merge.kustomize.building import build
from gitops_lint.merge.kustomize.evaluating import known
from gitops_lint.merge.kustomize.kustomization import NAMES, load
from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.node import Map

_PATCHES = ("patches", "patchesstrategicmerge", "patchesjson6902")
_EDITS = frozenset((*_PATCHES, "replacements", "transformers", "vars", "components", "nameprefix", "namesuffix"))


class Built(NamedTuple):
    """What overlays make of objects: each with the folder of the overlay if it is the only one that makes this of it."""

    objects: tuple[tuple[Map, str], ...] = ()
    paths: frozenset[str] = frozenset()  # the files whose objects are among them, changed or taken out


def built(files: Files, names: Names, paths: Iterable[str], kinds: frozenset[str]) -> Built:
    """The objects of these kinds that stand in the files at `paths`, wherever overlays change some of them on the way."""
    wanted = frozenset(paths)
    above = _above(files)
    visited = _upward(wanted, above)
    folders = sorted(folder for folder in visited if not above.get(folder) or names.marks(folder.rpartition("/")[2]))
    edited = [folder for folder in folders if any(_edits(files, below) for below in visited[folder])]
    overlays = {folder: _objects(files, folder, kinds) for folder in folders} if edited else {}
    unknown = {path for folder, nodes in overlays.items() if nodes is None for path in reach(files, folder)}
    changed = {path for folder in edited for path in wanted.intersection(reach(files, folder))} - unknown
    made: dict[tuple[str, int], list[tuple[Map, set[str]]]] = defaultdict(list)
    for folder, nodes in overlays.items():
        for node in nodes or ():
            if node.path in changed:
                _add(made[node.path, node.at], node, folder)
    objects = tuple((node, min(by) if len(by) == 1 else "") for found in made.values() for node, by in found)
    return Built(objects, frozenset(changed))


def _above(files: Files) -> dict[str, set[str]]:
    """The folders of the kustomizations that name a file or a folder, by what they name."""
    out: dict[str, set[str]] = defaultdict(set)
    for folder in files.folders:
        if any(path.rpartition("/")[2] in NAMES for path in files.folders[folder]):
            found = references(files, folder)
            for entry in (*found.files, *found.folders):
                out[entry.target].add(folder)
    return out


def _upward(paths: Iterable[str], above: dict[str, set[str]]) -> dict[str, set[str]]:
    """Every folder that leads to one of the paths, with the folders that it leads there through, itself among them."""
    out: dict[str, set[str]] = {}
    queue: list[tuple[str, frozenset[str]]] = [(folder, frozenset((folder,))) for path in paths for folder in above.get(path, ())]
    for folder, way in queue:  # grows on the way
        if way <= out.setdefault(folder, set()):
            continue
        out[folder] |= way
        queue += [(upper, frozenset((*out[folder], upper))) for upper in above.get(folder, ())]
    return out


def _edits(files: Files, folder: str) -> bool:
    try:
        return not _EDITS.isdisjoint(load(files, folder).fields)
    except BuildError:
        return False


def _objects(files: Files, folder: str, kinds: frozenset[str]) -> list[Map] | None:
    """What an overlay makes of the objects; None if it cannot be built, which the environment that it is says."""
    site, memo = known(files, restricted=False)
    try:
        resources = build(site, folder, memo, hashes=False).resources
    except BuildError:
        return None
    return [resource.node for resource in resources if resource.id.kind in kinds and resource.id.group == "argoproj.io"]


def _add(held: list[tuple[Map, set[str]]], node: Map, folder: str) -> None:
    for other, folders in held:
        if other.get("spec") is node.get("spec") or other.get("spec") == node.get("spec"):
            folders.add(folder)
            return
    held.append((node, {folder}))
