"""Clusters that no stage's name tells: the folders in one called `clusters`, which are siblings of equal rank.

Only what nobody has claimed is looked at, and only where two clusters and more are left: a cluster of a known stage is an environment
of that stage, and not of these.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from gitops_lint.blueprint import Blueprint, Source
from gitops_lint.discovery.content import is_object
from gitops_lint.discovery.ignored import foreign
from gitops_lint.discovery.names import SHARED, Names, names_of
from gitops_lint.discovery.naming import distinct, folder_names
from gitops_lint.discovery.overlays import overlay
from gitops_lint.files import YAML, Files
from gitops_lint.merge.kustomize.kustomization import NAMES
from gitops_lint.model import Evidence, Role
from gitops_lint.settings import Settings

_WORD = "clusters"


def find(files: Files, settings: Settings, claimed: set[str]) -> Iterator[Blueprint]:
    """The clusters of each such folder; what their own folders hold is claimed."""
    names = names_of(settings)
    families: dict[str, list[str]] = defaultdict(list)
    for folder in sorted(files.folders):
        above, _, name = folder.rpartition("/")
        if above.rpartition("/")[2] == _WORD and name not in SHARED and not any(names.marks(part) for part in folder.split("/")):
            families[above].append(folder)
    applications = distinct([folder_names(above) for above in families])
    skip = foreign(names)
    for application, (above, folders) in zip(applications, families.items(), strict=True):
        evidence = f"a folder below `{above}`"
        found = [b for folder in folders if (b := _cluster(folder, (application, evidence), names, files)) is not None]
        own = [{s.path for s in b.sources if s.role is not Role.BASE} for b in found]
        free = [b for b, paths in zip(found, own, strict=True) if not paths & claimed and not any(map(skip, paths))]
        systems = Counter(b.system for b in free)
        for blueprint in (b for b in free if systems[b.system] > 1):  # what is not merged alike is not compared
            claimed.update(source.path for source in blueprint.sources if source.role is not Role.BASE)
            yield blueprint


def _cluster(folder: str, about: tuple[str, str], names: Names, files: Files) -> Blueprint | None:
    """A cluster's folder: what its kustomization builds, or else the objects that lie in it."""
    application, text = about
    inside = files.folders[folder]
    name = folder.rpartition("/")[2]
    path = next((path for path in inside if path.rpartition("/")[2] in NAMES), "")
    if path:
        return overlay(folder, (application, name), Evidence(text, path=path), names, files)
    objects = tuple(Source(path, Role.OWN) for path in inside if path.endswith(YAML) and is_object(files, path))
    return Blueprint(application, name, "", "manifests", Evidence(text, path=objects[0].path), objects) if objects else None
