from __future__ import annotations

from gitops_lint.extract.collect import collect, document_pointers, pointers
from gitops_lint.extract.declared import declared
from gitops_lint.keypath import dotted
from gitops_lint.model import Environment, Evidence, Layer, Role
from gitops_lint.node import Map
from gitops_lint.reader import read


def found(text: str) -> list[tuple[str, str, str]]:
    return [(dotted(one.key), one.text, one.declared) for one in document_pointers(read(text.encode(), "x.yaml"))]


def test_flux_markers_name_images_tags_and_names() -> None:
    text = """
shop:
  runs: ghcr.io/acme/shop:1.0.0 # {"$imagepolicy": "flux-system:shop"}
  repository: ghcr.io/acme/shop # {"$imagepolicy": "flux-system:shop:name"}
  release: 1.10 # {"$imagepolicy": "flux-system:shop:tag"}
other:
  release: main
  text: 'x # {"$imagepolicy": "flux-system:shop:tag"}'
"""
    assert found(text) == [
        ("shop.runs", "ghcr.io/acme/shop:1.0.0", "Flux's image policy flux-system:shop"),
        ("shop.release", "ghcr.io/acme/shop:1.10", "Flux's image policy flux-system:shop:tag"),
    ]


def test_a_declared_image_is_found_once() -> None:
    text = 'image: {repository: acme/shop,\n  tag: main} # {"$imagepolicy": "flux-system:shop:tag"}\n'
    assert found(text) == [("image.tag", "acme/shop:main", "Flux's image policy flux-system:shop:tag")]


def test_tools_objects_name_keys_of_values() -> None:
    updater = read(
        b"""
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, annotations: {argocd-image-updater.argoproj.io/shop.helm.image-tag: web.release}}
""",
        "app.yaml",
    )
    kargo = read(
        b"""
apiVersion: kargo.akuity.io/v1alpha1
kind: Stage
metadata: {name: prod}
spec: {promotionTemplate: {spec: {steps: [{uses: yaml-update, config: {path: x.yaml, updates: [{key: api.release, value: y}]}}]}}}
""",
        "stage.yaml",
    )
    values = read(b"web: {release: main}\napi: {release: 1.0.0}\njob: {release: main}\n", "values.yaml")
    layer = Layer("values.yaml", Role.OWN, values, values.roots[0].value)
    assert isinstance(layer.value, Map)
    env = Environment("shop", "prod", "prod", 5, "helm", Evidence("test"), (layer,), layer.value, protected=True)
    known = [(dotted(p.key), p.text, p.declared, p.environment) for p in pointers(env, declared((updater, kargo)))]
    assert known == [
        ("web.release", "main", "Argo CD Image Updater writes it", "prod"),
        ("api.release", "1.0.0", "Kargo promotes it", "prod"),
    ]
    assert {dotted(p.key) for p in collect([env], [updater, kargo, values])} == {"web.release", "api.release"}
