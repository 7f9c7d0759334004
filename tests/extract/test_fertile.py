from __future__ import annotations

import pytest

from gitops_lint.extract.collect import document_pointers
from gitops_lint.extract.fertile import BARREN, BELOW, HERE, fertile
from gitops_lint.reader import read

TEXTS = (
    "image: ghcr.io/acme/shop:1.2",
    "image: {repository: acme/shop, tag: latest}",
    "image: {name: acme/shop, tag: v1}",
    "a: {b: [{c: {imageTag: v1}}, {repo: acme/shop, image_tag: 1.2}]}",
    "env: [{name: SIDECAR_IMAGE, value: 'ghcr.io/acme/side:1'}]",
    "PROXY_TAG: v1\nDOCKERIMAGE: 'acme/shop:1'",
    "image: {reference: 'ghcr.io/acme/shop:1.2'}",
    "kind: Application\napiVersion: argoproj.io/v1alpha1\nspec: {source: {repoURL: 'https://github.com/a/b', targetRevision: main}}",
    "kind: GitRepository\napiVersion: source.toolkit.fluxcd.io/v1\nspec: {url: 'https://github.com/a/b'}",
    "kind: Pod\napiVersion: v1\nspec: {containers: [{image: nginx}], initContainers: [{image: 'busybox:1'}]}",
    "kind: Kustomization\napiVersion: kustomize.toolkit.fluxcd.io/v1\nspec: {images: [{name: a, newName: b, newTag: '1.0'}]}",
    "steps: [{image: 'uses:acme/tasks/build@main'}]",
)


@pytest.mark.parametrize("text", TEXTS)
def test_barren_parts_hold_no_pointer(text: str) -> None:
    document = read(f"nothing: {{to: [see, {{here: true}}]}}\n{text}\n".encode(), "apps/shop.yaml")
    everything = list(document_pointers(document))
    assert list(document_pointers(document, worth=fertile())) == everything
    assert everything


def test_a_shared_subtree_is_known() -> None:
    document = read(b"one: &one {image: 'a/b:1', other: {c: 1}}\ntwo: [*one, {three: *one}]\nnone: {of: {these: 1}}\n", "apps/shop.yaml")
    root = document.roots[0].value
    worth = fertile()
    assert worth(root) == BELOW
    assert isinstance(root, dict)
    assert [worth(root[key]) for key in root] == [HERE, BELOW, BARREN]
    assert not worth(root["one"]["other"])
    assert not worth("image")
