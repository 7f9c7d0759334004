"""What `show` tells of a key: the layers that say something of it, whatever form they say it in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gitops_lint import assembling, reader
from gitops_lint.cli.layered import said
from gitops_lint.files import Files
from gitops_lint.keypath import KeyPath
from gitops_lint.settings import Settings
from gitops_lint.trees.memory import MemoryTree

RELEASE = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: shop}\nspec:\n"
OVERLAY = (
    "resources: [../base]\npatches: [path: patch.yaml]\n"
    "configMapGenerator: [{name: values, files: [values.yaml], options: {disableNameSuffixHash: true}}]\n"
)
TREE = {
    "k/base/kustomization.yaml": "resources: [release.yaml]\n",
    "k/base/release.yaml": RELEASE
    + "  interval: 1m\n  chart: {spec: {chart: charts/shop, sourceRef: {kind: GitRepository, name: flux-system}}}\n"
    + "  valuesFrom: [{kind: ConfigMap, name: values}]\n",
    "charts/shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    "charts/shop/values.yaml": "replicas: 1\nport: 80\n",
    **{f"k/{env}/kustomization.yaml": OVERLAY for env in ("dev", "prod")},
    **{f"k/{env}/patch.yaml": RELEASE + "  interval: 5m\n" for env in ("dev", "prod")},
    **{f"k/{env}/values.yaml": "replicas: 2\n" for env in ("dev", "prod")},
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("HelmRelease/shop:", "spec", "interval"), ["k/dev/patch.yaml:5", "k/base/release.yaml:5"]),
        (("HelmRelease/shop:", "spec", "values", "replicas"), ["k/dev/values.yaml:1", "charts/shop/values.yaml:1"]),
        (("HelmRelease/shop:", "spec", "values", "port"), ["charts/shop/values.yaml:2"]),
        (("HelmRelease/other:", "spec", "interval"), []),
        (("HelmRelease/shop:",), []),
    ],
)
def test_the_layers_behind_a_key(path: KeyPath, expected: list[str]) -> None:
    application = next(
        app for app in assembling.applications(Files(MemoryTree(TREE), reader.read), Settings()) if app.system == "kustomize"
    )
    settings = said(application.named("dev"), path)
    assert [f"{setting.location.path}:{setting.location.line}" for setting in settings] == expected


@pytest.mark.parametrize(("form", "status"), [("text", 2), ("json", 0)])
def test_where_nothing_is_found_that_is_said(tmp_path: Path, form: str, status: int) -> None:
    (tmp_path / "README.md").write_text("nothing\n")
    done = subprocess.run(
        [sys.executable, "-m", "gitops_lint", "show", "--path", str(tmp_path), "--format", form],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status
    assert ("no environment was found" in done.stderr) is (status == 2)
