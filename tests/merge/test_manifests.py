"""Objects by subject, and a kustomization by what its entries name."""

from __future__ import annotations

import json

import pytest

from gitops_lint import reader
from gitops_lint.blueprint import Blueprint, Source
from gitops_lint.files import Files
from gitops_lint.merge.evaluated import Evaluated
from gitops_lint.merge.manifests import evaluate
from gitops_lint.model import Evidence, Role
from gitops_lint.node import Map, key_location
from gitops_lint.trees.memory import MemoryTree


def evaluated(files: dict[str, str], *absent: str, name: str = "prod") -> Evaluated:
    sources = tuple(Source(path, Role.OWN) for path in (*files, *absent))
    blueprint = Blueprint("shop", name, "prod", "manifests", Evidence(""), sources)
    return evaluate(blueprint, Files(MemoryTree(files), reader.read))


@pytest.mark.parametrize(
    ("path", "text", "subjects"),
    [
        ("a.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: shop}\n", ["Service/shop:"]),
        ("a.yaml", "apiVersion: v1\nkind: Service\nmetadata: {generateName: shop-}\n", ["Service/shop-:"]),
        ("a.yaml", "apiVersion: v1\nkind: Service\n", ["Service:"]),
        ("a.yaml", "kind: Service\n", ["a:"]),
        ("two.yaml", "apiVersion: v1\nkind: A\n---\n---\napiVersion: v1\nkind: B\n", ["A:", "B:"]),
        ("list.yaml", "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: A, metadata: {name: x}}]\n", ["A/x:"]),
        ("list.yaml", "apiVersion: v1\nkind: AllowList\nmetadata: {name: x}\nitems: [1]\n", ["AllowList/x:"]),
        ("a.json", '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "shop"}}', ["Service/shop:"]),
        ("kustomization.yaml", "resources: []\n", ["kustomization:"]),
        ("kustomization.yaml", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n", ["kustomization:"]),
        (
            "kustomization.yaml",
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\n",
            ["Kustomization/a:"],
        ),
        ("prod/settings.yaml", "replicas: 1\n", ["settings:"]),
        ("patch-prod-dc.yaml", "- op: remove\n", ["patch-{env}-dc:"]),
        ("prod/.env", "LEVEL=info\n", [".env:"]),
        ("prod/x.env", "LEVEL: info\n", ["x:"]),
        ("empty.yaml", "# nothing\n", []),
        ("text.yaml", "just words\n", []),
    ],
)
def test_subjects(path: str, text: str, subjects: list[str]) -> None:
    assert list(evaluated({path: text}).values) == subjects


def test_objects_of_one_name_are_told_apart() -> None:
    text = "apiVersion: v1\nkind: A\nmetadata: {name: x, namespace: %s}\n"
    found = evaluated({"a.yaml": text % "one", "b.yaml": text % "two", "c.yaml": text % "two"})
    assert list(found.values) == ["A/x:", "A/x.two:", "A/x.two#2:"]


def test_a_subject_is_where_its_object_starts() -> None:
    found = evaluated({"a.yaml": "apiVersion: v1\nkind: A\n---\napiVersion: v1\nkind: B\n"})
    assert key_location(found.values, "B:")[:3] == ("a.yaml", 4, 1)


@pytest.mark.parametrize(
    ("entries", "keys"),
    [
        (["./a.yaml", "../base/", "b.yml?ref=main"], ["[a]", "[../base]", "[b]"]),
        (["https://github.com/acme/base//k8s?ref=v1"], ["[https://github.com/acme/base//k8s]"]),
        (["../shop-prod/x.yaml", "../product/x.yaml"], ["[../shop-{env}/x]", "[../product/x]"]),
        (["a.yaml", "./a.yaml"], ["[a]", "[a#2]"]),
        ([{"path": "replicas.yaml"}, {"path": "x.yaml", "target": {"kind": "Job"}}], ["[replicas]", "[x]"]),
        ([{"target": {"kind": "Deployment", "name": "shop"}, "patch": "- op: remove"}], ["[Deployment/shop]"]),
        ([{"patch": "kind: Deployment\nmetadata:\n  name: shop\n"}, {"patch": "- op: remove"}], ["[Deployment/shop]", "[#2]"]),
    ],
)
def test_entries_of_a_kustomization(entries: list[object], keys: list[str]) -> None:
    found = evaluated({"kustomization.yaml": json.dumps({"patches": entries})})
    patches = found.values["kustomization:"]["patches"]
    assert list(patches) == keys
    assert key_location(patches, keys[-1]).column > 1


def test_other_lists_of_a_kustomization_are_left_alone() -> None:
    found = evaluated({"kustomization.yaml": "images: [{name: shop, newTag: '1'}]\nnamespace: shop\n"})
    assert found.values["kustomization:"] == {"images": [{"name": "shop", "newTag": "1"}], "namespace": "shop"}


def test_what_cannot_be_read_is_said() -> None:
    found = evaluated({"bad.yaml": "a: [\n", "vault.yaml": "$ANSIBLE_VAULT;1.1;AES256\n3132\n"}, "gone.yaml")
    assert [(entry.path, entry.severity) for entry in found.hazy] == [
        ("bad.yaml", "error"),
        ("vault.yaml", "warning"),
        ("gone.yaml", "error"),
    ]
    assert [layer.path for layer in found.layers] == ["bad.yaml", "vault.yaml"]


def test_a_cluster_below_its_stage_is_a_name_of_the_environment() -> None:
    found = evaluated({"kustomization.yaml": "resources: [../../base/stone-prod-p01]\n"}, name="prod/stone-prod-p01")
    entries = found.values["kustomization:"]["resources"]
    assert isinstance(entries, Map)
    assert list(entries) == ["[../../base/{env}]"]
