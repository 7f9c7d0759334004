"""Plain manifests in one folder, or one file, for each environment: `k8s/<env>/*.yaml`, `.nais/<env>.yaml`, `deployment.<env>.yml`."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.blueprint import Blueprint, Source
from gitops_lint.discovery.candidates import families, placed
from gitops_lint.discovery.content import KUSTOMIZATIONS
from gitops_lint.discovery.naming import distinct, file_names, folder_names
from gitops_lint.files import Files
from gitops_lint.model import Evidence, Role
from gitops_lint.settings import Settings


def find(files: Files, settings: Settings, claimed: set[str]) -> Iterator[Blueprint]:
    """The environments made of files that are deployed as they stand, one application for each folder or family of files."""
    found = [place for place in placed(files, settings, claimed) if place.name != "Chart.yaml"]
    by_folder = families((place for place in found if not place.by_file), lambda place: place.folder)
    by_file = families((place for place in found if place.by_file), lambda place: place.pattern)
    groups = [("folder", *group) for group in by_folder] + [("file", *group) for group in by_file]
    names = distinct([folder_names(pattern) if kind == "folder" else file_names(pattern) for kind, pattern, _ in groups])
    for application, (kind, pattern, environments) in zip(names, groups, strict=True):
        for name, among in environments.items():
            reading = among[0].reading
            sources = tuple(Source(place.path, Role.SHAPE if place.name in KUSTOMIZATIONS else Role.OWN) for place in among)
            claimed.update(source.path for source in sources)
            evidence = Evidence(f"a {kind} named like `{pattern}`", path=among[0].path)
            yield Blueprint(application, name, reading.word, "manifests", evidence, sources, reading.axes)
