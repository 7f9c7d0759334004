"""Argo CD Autopilot: `apps/<app>/overlays/<project>`, where a project is an environment, and `apps/<app>/<project>/config_dir.json`.

Layout: argocd-autopilot pkg/store/store.go, pkg/application/application.go.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.blueprint import Blueprint, Source
from gitops_lint.discovery.names import Names, names_of
from gitops_lint.discovery.overlays import below, overlay
from gitops_lint.files import YAML, Files
from gitops_lint.model import Evidence, Role
from gitops_lint.node import Map
from gitops_lint.settings import Settings

_MARKER = "bootstrap/argo-cd.yaml"


def find(files: Files, settings: Settings, claimed: set[str]) -> Iterator[Blueprint]:
    """For each application its overlays, and what `config.json` makes of each: both are compared. Every overlay is claimed."""
    names = names_of(settings)
    for path in files.names:
        if path == _MARKER or path.endswith(f"/{_MARKER}"):
            base = path.removesuffix(_MARKER)
            projects = [name.rpartition("/")[2].removesuffix(".yaml") for name in files.folders.get(f"{base}projects", ())]
            for application in below(f"{base}apps", files):
                found = list(_application(f"{base}apps/{application}", projects, names, files))
                own = {source.path for blueprint in found for source in blueprint.sources if source.role is not Role.BASE}
                if not own & claimed:
                    claimed |= own
                    yield from found


def _application(folder: str, projects: list[str], names: Names, files: Files) -> Iterator[Blueprint]:
    application = folder.rpartition("/")[2]
    overlays = below(f"{folder}/overlays", files)
    for project in sorted(overlays):
        config = f"{folder}/overlays/{project}/config.json"
        evidence = _evidence(project, config, projects, files)
        found = overlay(f"{folder}/overlays/{project}", (application, project), evidence, names, files)
        if found is not None:
            yield found
        if config in files:
            yield _objects(f"{application}/config.json", project, names, evidence, [config])
    for project in projects:
        config = f"{folder}/{project}/config_dir.json"
        paths = _source_files(config, files) if config in files else []
        if paths:
            yield _objects(application, project, names, _evidence(project, config, projects, files), [config, *paths])


def _evidence(project: str, config: str, projects: list[str], files: Files) -> Evidence:
    if config in files and project in projects:
        return Evidence(f"declared for project `{project}` of Argo CD Autopilot", declared=True, path=config)
    return Evidence("an overlay beside those of Argo CD Autopilot's projects", path=config)


def _objects(application: str, project: str, names: Names, evidence: Evidence, paths: list[str]) -> Blueprint:
    stage = next((mark.word for mark in names.marks(project)), "")
    return Blueprint(application, project, stage, "manifests", evidence, tuple(Source(path, Role.OWN) for path in paths))


def _source_files(config: str, files: Files) -> list[str]:
    """The objects in the folder that a `config_dir.json` names as its `srcPath`."""
    root = next((root.value for root in files.document(config).roots), None)
    folder = root.get("srcPath") if isinstance(root, Map) else None
    inside = files.folders.get(folder.strip("/"), ()) if isinstance(folder, str) else ()
    return [path for path in inside if path.endswith(YAML) and path != config]
