"""What Argo CD does with folders: odd blocks harm nobody, globs choose files, and overlays that cannot be built leave the base."""

from __future__ import annotations

import pytest

from gitops_lint import assembling, reader
from gitops_lint.discovery.adapters import discover, unverified
from gitops_lint.files import Files
from gitops_lint.settings import Settings
from gitops_lint.trees.memory import MemoryTree

REPO = "repoURL: https://git.example.org/acme/config.git"
DEPLOYMENT = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\n"
    "spec: {replicas: 1, template: {spec: {containers: [{name: shop, image: 'shop:1.0'}]}}}\n"
)
OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"


def files(tree: dict[str, str]) -> Files:
    return Files(MemoryTree(tree), reader.read)


def application(name: str, path: str, block: str) -> str:
    return (
        f"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: {name}}}\n"
        f"spec: {{source: {{{REPO}, path: {path}, {block}}}, destination: {{name: {name}}}}}\n"
    )


def deployment(block: str, overlay: str = "resources: [../base]\n") -> dict[str, object]:
    """The Deployment that an Application with a `kustomize` block makes of an overlay."""
    tree = {
        "apps/a.yaml": application("one", "shop/one", f"kustomize: {block}"),
        "apps/b.yaml": application("two", "shop/two", "targetRevision: HEAD"),
        "shop/base/kustomization.yaml": "resources: [shop.yaml]\n",
        "shop/base/shop.yaml": DEPLOYMENT,
        "shop/one/kustomization.yaml": overlay,
        "shop/two/kustomization.yaml": "resources: [../base]\n",
    }
    found = [env for app in assembling.applications(files(tree), Settings()) for env in app.environments if env.name == "one"]
    assert [env.hazy for env in found] == [()]
    made: dict[str, object] = next(value for subject, value in found[0].values.items() if subject.startswith("Deployment/"))
    return made


@pytest.mark.parametrize(
    "block",
    [
        "{}",
        "[]",
        "x",
        "{images: 5}",
        "{images: [5, '', {}]}",
        "{replicas: {}}",
        "{patches: []}",
        "{commonLabels: []}",
        "{namePrefix: 5}",
        "{other: 1}",
        "{labelWithoutSelector: true}",
        "{images: ['shop=*']}",
    ],
)
def test_a_block_that_says_nothing_changes_nothing(block: str) -> None:
    assert deployment(block)["spec"] == {"replicas": 1, "template": {"spec": {"containers": [{"name": "shop", "image": "shop:1.0"}]}}}


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("shop:2.0", "shop:2.0"),
        ("shop=registry.example.org:5000/acme/shop", "registry.example.org:5000/acme/shop:1.0"),
        ("shop=*:2.0", "mirror/shop:2.0"),
        ("shop@sha256:abc", "shop@sha256:abc"),
        ("other:2.0", "mirror/shop:1.5"),
    ],
)
def test_an_image_takes_the_place_of_the_overlay_s(image: str, expected: str) -> None:
    overlay = "resources: [../base]\nimages: [{name: shop, newName: mirror/shop, newTag: '1.5'}]\n"
    spec = deployment(f"{{images: ['{image}']}}", overlay)["spec"]
    assert isinstance(spec, dict)
    assert spec["template"]["spec"]["containers"][0]["image"] == expected


def test_labels_may_be_kept_out_of_selectors() -> None:
    made = deployment("{commonLabels: {tier: front}, labelWithoutSelector: true, labelIncludeTemplates: true}")
    spec = made["spec"]
    assert isinstance(spec, dict)
    assert spec["template"]["metadata"]["labels"] == {"tier": "front"}
    assert "selector" not in spec


def test_labels_are_added_to_those_of_the_overlay() -> None:
    made = deployment(
        "{commonLabels: {tier: front, level: 1}, commonAnnotations: {a: b}}",
        "resources: [../base]\ncommonLabels: {tier: back, area: east}\n",
    )
    metadata = made["metadata"]
    assert isinstance(metadata, dict)
    assert metadata["labels"] == {"tier": "front", "area": "east", "level": "1"}
    assert metadata["annotations"] == {"a": "b"}


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("targetRevision: HEAD", ["a.yaml"]),
        ("directory: {recurse: true}", ["a.yaml", "b/c.yml", "b/d/e.yaml"]),
        ("directory: {recurse: true, include: 'b/*'}", ["b/c.yml", "b/d/e.yaml"]),
        ("directory: {recurse: true, include: '{a,b/d/e}.yaml'}", ["a.yaml", "b/d/e.yaml"]),
        ("directory: {recurse: true, exclude: '*.yaml'}", ["b/c.yml"]),
        ("directory: {recurse: true, include: '[!b]*'}", ["a.yaml"]),
        ("directory: {recurse: true, include: '?.yaml'}", ["a.yaml"]),
        ("directory: {recurse: true, include: 'a}.yaml,'}", []),
        ("directory: {recurse: true, include: '[b'}", []),
        ("directory: {include: 5}", ["a.yaml"]),
    ],
)
def test_the_files_of_a_directory(block: str, expected: list[str]) -> None:
    tree = {
        "apps/a.yaml": application("one", "rules", block),
        **{f"rules/{path}": OBJECT for path in ("a.yaml", "b/c.yml", "b/d/e.yaml", "f.txt")},
    }
    found = [b for b in discover(files(tree), Settings()) if b.root == "rules"]
    assert [source.path.removeprefix("rules/") for b in found for source in b.sources] == expected


def test_a_parameter_that_names_no_file_is_told() -> None:
    tree = {
        "apps/a.yaml": application("one", "shop", "helm: {fileParameters: [{name: a, path: gone.txt}, {name: b, path: 'https://x'}, 5]}"),
        "shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    }
    reasons = {entry.reason for b in discover(files(tree), Settings()) for entry in b.hazy} | {
        u.reason for u in unverified(files(tree), Settings())
    }
    assert reasons <= {
        "the file `gone.txt`, which a parameter is set to, cannot be read",
        "the value file `https://x` is read from an address",
    }


@pytest.mark.parametrize(
    ("overlay", "folder"),
    [
        (
            "resources: [../base]\npatches: [{patch: '- {op: replace, path: /spec/source/path, value: new}', target: {name: shop}}]\n",
            "new",
        ),
        ("resources: [../base]\nunknown: 1\n", "old"),
        ("resources: [../base]\n", "old"),
    ],
)
def test_what_an_overlay_makes_of_an_application(overlay: str, folder: str) -> None:
    tree = {
        "argocd/base/kustomization.yaml": "resources: [app.yaml]\n",
        "argocd/base/app.yaml": application("shop", "old", "targetRevision: HEAD"),
        "argocd/top/kustomization.yaml": overlay,
        "old/kustomization.yaml": "resources: [x.yaml]\n",
        "old/x.yaml": OBJECT,
        "new/kustomization.yaml": "resources: [x.yaml]\n",
        "new/x.yaml": OBJECT,
    }
    assert [b.root for b in discover(files(tree), Settings()) if b.name == "shop"] == [folder]
