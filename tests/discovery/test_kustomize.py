from __future__ import annotations

import pytest

from gitops_lint.discovery import kustomize
from gitops_lint.files import Files
from gitops_lint.reader import read
from gitops_lint.settings import Settings
from gitops_lint.trees.memory import MemoryTree

COMPONENT = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamePrefix: a-\n"
FLUX = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: x}\n"
OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"

Found = dict[str, dict[str, str]]


def tree(*overlays: str) -> dict[str, str]:
    """Folders with a kustomization each; what follows a colon are its resources."""
    out = {}
    for overlay in overlays:
        folder, _, resources = overlay.partition(":")
        out[f"{folder}/kustomization.yaml"] = f"resources: [{resources.strip() or 'x.yaml'}]\n"
        out[f"{folder}/x.yaml"] = OBJECT
    return out


def found(files: dict[str, str], claimed: set[str] | None = None) -> Found:
    """The folder of every environment, by application and name, with its axes behind it."""
    out: Found = {}
    held = Files(MemoryTree(files), read)
    for blueprint in kustomize.find(held, Settings(), set() if claimed is None else claimed):
        assert blueprint.system == "kustomize"
        axes = "".join(f" {axis}={value}" for axis, value in blueprint.axes)
        out.setdefault(blueprint.application, {})[blueprint.name] = blueprint.root + axes
    return out


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            tree("base", "overlays/dev: ../../base", "overlays/prod: ../../base"),
            {"overlays": {"dev": "overlays/dev", "prod": "overlays/prod"}},
            id="overlays at the root",
        ),
        pytest.param(
            tree("apps/shop/base", "apps/shop/envs/qa: ../../base", "apps/shop/envs/live: ../../base", "apps/other/envs/qa"),
            {"apps/shop": {"live": "apps/shop/envs/live", "qa": "apps/shop/envs/qa"}},
            id="one application has siblings",
        ),
        pytest.param(
            tree("environments/dev/apps/shop/overlays: ../base", "environments/dev/apps/shop/base", "environments/prod/apps/shop/overlays"),
            {
                "environments/apps/shop/overlays": {
                    "dev": "environments/dev/apps/shop/overlays",
                    "prod": "environments/prod/apps/shop/overlays",
                }
            },
            id="the environment is not last",
        ),
        pytest.param(
            tree(
                "c/base",
                "c/development: ../base",
                "c/staging/base: ../../base",
                "c/staging/stone-stg-1: ../base",
                "c/production/base: ../../base",
                "c/production/stone-prod-1: ../base",
                "c/production/stone-prod-2: ../base",
            ),
            {
                "c": {
                    "development": "c/development",
                    "production/stone-prod-1": "c/production/stone-prod-1 cluster=stone-prod-1",
                    "production/stone-prod-2": "c/production/stone-prod-2 cluster=stone-prod-2",
                    "staging/stone-stg-1": "c/staging/stone-stg-1 cluster=stone-stg-1",
                }
            },
            id="clusters below some environments, and what they build upon is a layer",
        ),
        pytest.param(
            tree("c/staging", "c/production/empty-base", "c/production/kflux-prd-1"),
            {"c": {"production/kflux-prd-1": "c/production/kflux-prd-1 cluster=kflux-prd-1", "staging": "c/staging"}},
            id="a base that nobody builds upon",
        ),
        pytest.param(
            tree("c/rings/ring-1/base", "c/rings/ring-1/stone-stg-1: ../base", "c/rings/ring-2/stone-prod-1"),
            {
                "c/rings": {
                    "ring-1/stone-stg-1": "c/rings/ring-1/stone-stg-1 ring=ring-1 cluster=stone-stg-1",
                    "ring-2/stone-prod-1": "c/rings/ring-2/stone-prod-1 ring=ring-2 cluster=stone-prod-1",
                }
            },
            id="rings",
        ),
        pytest.param(
            tree("clusters/dev: ../../apps/dev", "clusters/prod: ../../apps/prod", "apps/dev", "apps/prod"),
            {"clusters": {"dev": "clusters/dev", "prod": "clusters/prod"}},
            id="what a stage's overlay gathers is part of it",
        ),
        pytest.param(
            tree("apps/dev", "apps/prod: ../dev"),
            {"apps": {"dev": "apps/dev", "prod": "apps/prod"}},
            id="one environment built upon another",
        ),
        pytest.param(tree("product", "developer"), {}, id="no environments"),
        pytest.param({"k/dev/kustomization.yaml": COMPONENT, "k/prod/kustomization.yaml": COMPONENT}, {}, id="components alone"),
        pytest.param({"k/dev/kustomization.yaml": FLUX, "k/prod/kustomization.yaml": FLUX}, {}, id="the Kustomization of Flux"),
        pytest.param(
            {"k/dev/Kustomization": "resources: [", "k/prod/kustomization.yml": "resources: []"},
            {"k": {"dev": "k/dev", "prod": "k/prod"}},
            id="a broken one is an environment, of which nothing is known",
        ),
    ],
)
def test_overlays(files: dict[str, str], expected: Found) -> None:
    assert found(files) == expected


def test_every_file_of_an_overlay_is_claimed_and_what_is_claimed_is_left_alone() -> None:
    files = tree("base", "overlays/dev: ../../base", "overlays/prod: ../../base")
    files["overlays/dev/orphan.yaml"] = OBJECT
    claimed: set[str] = set()
    assert found(files, claimed)
    assert claimed == {"base/kustomization.yaml", "base/x.yaml", "overlays/dev/kustomization.yaml", "overlays/prod/kustomization.yaml"}
    assert not found(files, claimed)


def test_sources_say_what_each_file_is() -> None:
    files = tree("base", "overlays/dev: ../../base, x.yaml", "overlays/prod: ../../base")
    first = next(iter(kustomize.find(Files(MemoryTree(files), read), Settings(), set())))
    assert [(source.role.value, source.path) for source in first.sources] == [
        ("shape", "overlays/dev/kustomization.yaml"),
        ("environment", "overlays/dev/x.yaml"),
        ("base", "base/kustomization.yaml"),
        ("base", "base/x.yaml"),
    ]
    assert first.evidence.path == "overlays/dev/kustomization.yaml"
    assert first.stage == "dev"
