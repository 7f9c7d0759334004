"""KAM, the GitOps Application Manager of Red Hat: `pipelines.yaml` lists environments, each with a copy of its own of every application.

Layout: kam pkg/pipelines/config/config.go, pkg/pipelines/environments/environments.go.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.blueprint import Blueprint
from gitops_lint.discovery.names import names_of
from gitops_lint.discovery.overlays import below, overlay
from gitops_lint.files import Files
from gitops_lint.model import Evidence
from gitops_lint.node import Map, Seq, unpack
from gitops_lint.settings import Settings


def find(files: Files, settings: Settings, claimed: set[str]) -> Iterator[Blueprint]:
    """The applications of every environment, and the environment's own objects, each by the kustomization that Argo CD is given."""
    names = names_of(settings)
    for path in [path for path in files.names if path == "pipelines.yaml" or path.endswith("/pipelines.yaml")]:
        base = f"{path.removesuffix('pipelines.yaml')}environments"
        listed = dict(_listed(path, files))
        for environment in below(base, files) if listed else ():
            line = listed.get(environment)
            declared = Evidence(f"declared in `{path}`", declared=True, path=path, line=line or 1)
            evidence = declared if line else Evidence(f"a folder beside the environments of `{path}`", path=path)
            applications = [(app, f"{base}/{environment}/apps/{app}") for app in below(f"{base}/{environment}/apps", files)]
            for application, folder in [*applications, ("environment", f"{base}/{environment}/env")]:
                found = overlay(f"{folder}/overlays", (application, environment), evidence, names, files)
                found = found or overlay(folder, (application, environment), evidence, names, files)
                if found is not None:
                    claimed.update(files.under(folder))
                    yield found


def _listed(path: str, files: Files) -> Iterator[tuple[str, int]]:
    """The environments of a manifest with their lines; other tools have a `pipelines.yaml` too."""
    root = next((root.value for root in files.document(path).roots), None)
    if not isinstance(root, Map):
        return
    config, environments = root.get("config"), root.get("environments")
    ours = "gitops_url" in root or (isinstance(config, Map) and "argocd" in config)
    for item in environments if ours and isinstance(environments, Seq) else ():
        if isinstance(item, Map) and isinstance(item.get("name"), str):
            yield item["name"], unpack(item.at)[0] + 1
