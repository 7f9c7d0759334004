"""Plain manifests in one folder, or one file, for each environment: `k8s/<env>/*.yaml`, `.nais/<env>.yaml`, `deployment.<env>.yml`."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.blueprint import Blueprint, Source
from gitops_lint.discovery.candidates import families, placed
from gitops_lint.discovery.content import KUSTOMIZATIONS
from gitops_lint.discovery.naming import Register, candidates, folder_candidates
from gitops_lint.files import Files
from gitops_lint.model import Evidence, Role
from gitops_lint.settings import Settings


def find(files: Files, settings: Settings, claimed: set[str]) -> Iterator[Blueprint]:
    """The environments made of files that are deployed as they stand, one application for each folder or family of files."""
    found = [place for place in placed(files, settings, claimed) if place.name != "Chart.yaml"]
    register = Register()
    by_folder = families((place for place in found if not place.by_file), lambda place: place.folder)
    by_file = families((place for place in found if place.by_file), lambda place: place.pattern)
    for kind, groups in (("folder", by_folder), ("file", by_file)):
        for pattern, environments in groups:
            application = register.name(folder_candidates(pattern) if kind == "folder" else candidates(pattern))
            for name, among in environments.items():
                first = among[0]
                sources = tuple(Source(place.path, Role.SHAPE if place.name in KUSTOMIZATIONS else Role.OWN) for place in among)
                claimed.update(source.path for source in sources)
                said = f"a {kind} named like `{pattern}`"
                yield Blueprint(
                    application, name, first.reading.word, "manifests", Evidence(said, path=first.path), sources, first.reading.axes
                )
