"""A folder as a Flux Kustomization builds it: the edits of its spec, and folders that have no kustomization of their own."""

from __future__ import annotations

import pytest

from gitops_lint import reader
from gitops_lint.blueprint import Blueprint, Source
from gitops_lint.files import Files
from gitops_lint.merge.flux_build import built, evaluate, resources
from gitops_lint.model import Evidence, Role
from gitops_lint.node import Map, key_location
from gitops_lint.trees.memory import MemoryTree

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 1
  template: {spec: {containers: [{name: shop, image: "acme/shop:1"}]}}
"""
KUSTOMIZATION = "resources: [shop.yaml]\nnamespace: own\n"
BARE = {"apps/shop.yaml": DEPLOYMENT}
KEPT = {"apps/shop.yaml": DEPLOYMENT, "apps/kustomization.yaml": KUSTOMIZATION}


def tree(files: dict[str, str]) -> Files:
    return Files(MemoryTree(files), reader.read)


def spec(text: str) -> Map:
    root = reader.read(text.encode(), "cluster.yaml").roots[0].value
    assert isinstance(root, Map)
    return root


@pytest.mark.parametrize("files", [BARE, KEPT], ids=["a folder without a kustomization", "a folder with one"])
@pytest.mark.parametrize(
    ("edits", "path", "expected"),
    [
        (
            "images: [{name: acme/shop, newTag: '2'}]",
            ("spec", "template", "spec", "containers"),
            [{"name": "shop", "image": "acme/shop:2"}],
        ),
        ("targetNamespace: prod", ("metadata", "namespace"), "prod"),
        ("namePrefix: blue-", ("metadata", "name"), "blue-shop"),
        ("patches: [{target: {kind: Deployment}, patch: '- {op: replace, path: /spec/replicas, value: 3}'}]", ("spec", "replicas"), 3),
    ],
)
def test_the_edits_of_a_spec(files: dict[str, str], edits: str, path: tuple[str, ...], expected: object) -> None:
    done = built(tree({**files, "cluster.yaml": edits}), "apps", spec(edits))
    assert not done.hazy
    (value,) = done.values.values()
    for key in path:
        value = value[key]
    assert value == expected


def test_a_component_is_applied() -> None:
    files = {
        **KEPT,
        "more/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -more\n",
    }
    assert list(built(tree(files), "apps", spec("components: [../more]")).values) == ["Deployment/shop-more:"]


def test_a_patch_leads_to_where_it_is_written() -> None:
    text = "patches:\n  - target: {kind: Deployment}\n    patch: |\n      - op: replace\n        path: /spec/replicas\n        value: 3\n"
    files = tree({**BARE, "cluster.yaml": text})
    done = built(files, "apps", spec(text))
    assert key_location(done.values["Deployment/shop:"]["spec"], "replicas").path == "cluster.yaml"


def test_the_folder_is_left_as_it_is() -> None:
    files = tree(KEPT)
    plain = built(files, "apps", Map())
    built(files, "apps", spec("namePrefix: blue-"))
    assert list(built(files, "apps", Map()).values) == list(plain.values) == ["Deployment/shop:"]


def test_what_a_generated_kustomization_lists() -> None:
    files = tree(
        {
            "apps/a.yaml": "",
            "apps/b.json": "{}",
            "apps/.hidden/c.yaml": "",
            "apps/deep/d.yml": "",
            "apps/own/kustomization.yaml": "",
            "apps/own/e.yaml": "",
            "apps/own/below/kustomization.yaml": "",
        }
    )
    assert list(resources(files, "apps")) == ["a.yaml", "deep/d.yml", "own"]


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"other.yaml": ""}, "`apps` holds nothing that could be deployed"),
        ({"apps/kustomization.yaml": "resources: [gone.yaml]\n"}, "`gone.yaml` does not exist"),
        ({"apps/kustomization.yaml": "unknown: 1\n"}, "has a field `unknown`, which kustomize does not know"),
    ],
)
def test_what_cannot_be_built(files: dict[str, str], reason: str) -> None:
    assert [entry.reason for entry in built(tree(files), "apps", Map()).hazy] == [reason]


def test_the_layers_of_an_environment() -> None:
    files = tree({**KEPT, "cluster.yaml": "spec: {targetNamespace: prod}\n"})
    inline = Source("cluster.yaml", Role.INLINE, value=spec("targetNamespace: prod"))
    done = evaluate(Blueprint("shop", "prod", "prod", "flux_build", Evidence("declared"), (inline,), root="apps"), files)
    assert [(layer.path, layer.role) for layer in done.layers] == [
        ("apps/shop.yaml", Role.BASE),
        ("apps/kustomization.yaml", Role.BASE),
        ("cluster.yaml", Role.INLINE),
    ]
