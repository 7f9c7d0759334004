from __future__ import annotations

import pytest

from gitops_lint.extract.collect import document_pointers
from gitops_lint.keypath import dotted
from gitops_lint.pointer import PointerKind
from gitops_lint.reader import read

D = "sha256:" + "f" * 64


def found(text: str) -> list[tuple[str, str, str, str]]:
    document = read(text.encode(), "x.yaml")
    assert document.error is None
    some = (one for one in document_pointers(document) if one.kind is PointerKind.IMAGE)
    return [(dotted(one.key), one.text, str(one.motion), one.fault) for one in some]


@pytest.mark.parametrize(
    ("text", "key", "image", "motion"),
    [
        ("image: nginx", "image", "nginx", "moving"),
        ("a: {image: 'ghcr.io/acme/shop:1.2'}", "a.image", "ghcr.io/acme/shop:1.2", "version"),
        ("image: {repository: acme/shop, tag: 1.10}", "image.tag", "acme/shop:1.10", "version"),
        ("image: {repository: acme/shop, tag: 7e6}", "image.tag", "acme/shop:7e6", "version"),
        ("image: {registry: ghcr.io, repository: acme/shop, tag: v1}", "image.tag", "ghcr.io/acme/shop:v1", "version"),
        ("image: {name: ghcr.io/acme/shop, tag: latest}", "image.tag", "ghcr.io/acme/shop:latest", "moving"),
        ("shopImage: {repository: acme/shop, version: main}", "shopImage.version", "acme/shop:main", "moving"),
        ("shop: {repository: acme/shop, tag: main}", "shop.tag", "acme/shop:main", "moving"),
        ("shop: {image: acme/shop, tag: main}", "shop.tag", "acme/shop:main", "moving"),
        ("shop: {image: acme/shop, imageTag: 1.0.0}", "shop.imageTag", "acme/shop:1.0.0", "version"),
        ("image: {repository: acme/shop, tag: ''}", "image.tag", "acme/shop", "unknown"),
        ("image: {repository: acme/shop}", "image.repository", "acme/shop", "unknown"),
        ("image: {repository: 'acme/shop:1.0'}", "image.repository", "acme/shop:1.0", "version"),
        (f"image: {{repository: acme/shop, tag: latest, digest: '{D}'}}", "image.tag", f"acme/shop:latest@{D}", "digest"),
        (f"image: {{repository: acme/shop, tag: '1.2@{D}'}}", "image.tag", f"acme/shop:1.2@{D}", "digest"),
        (f"image: {{repository: acme/shop, sha: {'f' * 64}}}", "image.repository", f"acme/shop@{D}", "digest"),
        ("image: {tag: develop}", "image.tag", "develop", "moving"),
        ("imageTag: main", "imageTag", "main", "moving"),
        ("image_tag: v737", "image_tag", "v737", "version"),
        ("shop: {tag: latest}", "shop.tag", "latest", "moving"),
        ("sidecarImage: ghcr.io/acme/proxy", "sidecarImage", "ghcr.io/acme/proxy", "moving"),
        ("image: 'acme/shop:${TAG}'", "image", "acme/shop:${TAG}", "unknown"),
        (
            "volumes: [{name: m, image: {reference: 'acme/model:1', pullPolicy: Always}}]",
            "volumes[m].image.reference",
            "acme/model:1",
            "version",
        ),
        ("profileList: [{kubespawner_override: {image: acme/hub}}]", "profileList[0].kubespawner_override.image", "acme/hub", "moving"),
    ],
)
def test_images(text: str, key: str, image: str, motion: str) -> None:
    assert found(text) == [(key, image, motion, "")]


@pytest.mark.parametrize(
    "text",
    [
        "image: https://acme.example/logo.png",
        "image: assets/logo.svg",
        "image: ami-0abcdef1234567890",
        "backgroundImage: hero",
        "repository: https://github.com/acme/shop\ntag: main",
        "source: {repository: acme/charts, url: https://x, tag: main}",
        "tag: v1.2.3",
        "image: {pullPolicy: Always}",
        "image: Ubuntu 22.04",
        "image: {tag: true}",
        "kind: CustomResourceDefinition\nspec: {versions: [{schema: {openAPIV3Schema: {image: latest, tag: latest}}}]}",
    ],
)
def test_what_only_looks_like_an_image(text: str) -> None:
    assert found(text) == []


def test_containers_of_every_sort() -> None:
    text = """
kind: CronJob
spec:
  jobTemplate:
    spec:
      template:
        spec:
          initContainers: [{name: a, image: "acme/a:1"}]
          containers: [{name: b, image: "Acme/b:1"}, {name: c, image: ""}]
          ephemeralContainers: [{name: d, image: "d d"}]
"""
    assert found(text) == [
        ("spec.jobTemplate.spec.template.spec.initContainers[a].image", "acme/a:1", "version", ""),
        ("spec.jobTemplate.spec.template.spec.containers[b].image", "Acme/b:1", "version", ""),
        ("spec.jobTemplate.spec.template.spec.ephemeralContainers[d].image", "d d", "unknown", "it holds white space"),
    ]


def test_an_upper_case_path_is_a_fault() -> None:
    assert found("image: ghcr.io/Acme/Shop:1.0") == [("image", "ghcr.io/Acme/Shop:1.0", "unknown", "its name has upper-case letters")]
