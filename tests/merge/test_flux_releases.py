"""What a HelmRelease is given: references that lead somewhere or nowhere, and charts of this repository."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from gitops_lint.keypath import KeyPath
from gitops_lint.merge.evaluated import Evaluated
from gitops_lint.merge.flux_references import found
from gitops_lint.merge.flux_releases import FOREIGN, applied
from gitops_lint.merge.manifests import evaluate
from gitops_lint.node import Map, Opaque

from .written import blueprint, tree

CHART = {
    "charts/shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    "charts/shop/values.yaml": "replicas: 1\nhost: shop\n",
    "charts/shop/cloud.yaml": "replicas: 3\n",
    "charts/shop/list.yaml": "[]\n",
}
OURS = "chart: {spec: {chart: charts/shop, sourceRef: {kind: GitRepository, name: flux-system}}}"
LISTED = "chart: {{spec: {{chart: charts/shop, sourceRef: {{kind: GitRepository, name: flux-system}}, {}}}}}"
CONFIG = (
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n"
    "data:\n  values.yaml: |\n    a: 1\n  host: shop.example\n  bad: '['\n  number: 1\n"
)
CODED = base64.b64encode(b"a: [1, null]\n").decode()
SECRET = (
    f"apiVersion: v1\nkind: Secret\nmetadata: {{name: keys}}\ndata: {{values.yaml: {CODED}, host: c2hvcA==, odd: 'ENC[x]', bad: '%'}}\n"
)


def released(spec: str, options: tuple[tuple[str, str], ...] = ()) -> Evaluated:
    lines = "\n".join("  " + line for line in spec.split("\n"))
    release = f"apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: shop}}\nspec:\n{lines}\n"
    files = tree({**CHART, "release.yaml": release, "config.yaml": CONFIG, "secret.yaml": SECRET})
    given = replace(blueprint("release.yaml", "config.yaml", "secret.yaml"), options=options)
    return applied(evaluate(given, files), given, files)


def spec_of(done: Evaluated) -> Any:  # noqa: ANN401  what YAML holds
    return done.values["HelmRelease/shop:"]["spec"]


@pytest.mark.parametrize(
    ("entry", "values"),
    [
        ("{kind: ConfigMap, name: settings}", {"a": 1, "b": 2}),
        ("{kind: ConfigMap, name: settings, valuesKey: host, targetPath: x.y}", {"x": {"y": "shop.example"}, "b": 2}),
        ("{kind: Secret, name: keys}", {"a": ["${secret}", None], "b": 2}),
        ("{kind: Secret, name: keys, valuesKey: host, targetPath: 'x[0].y'}", {"x": [{"y": "${secret}"}], "b": 2}),
        ("{kind: Secret, name: keys, valuesKey: odd, targetPath: x}", {"x": "${secret}", "b": 2}),
        ("{kind: ConfigMap, name: elsewhere, targetPath: x}", {"x": "${secret}", "b": 2}),
        ("{kind: ConfigMap, name: settings, valuesKey: none, optional: true}", {"b": 2}),
    ],
)
def test_a_reference_comes_below_the_inline_values(entry: str, values: object) -> None:
    done = released(f"valuesFrom: [{entry}]\nvalues: {{b: 2}}")
    assert spec_of(done)["values"] == values


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("{kind: ConfigMap, name: elsewhere}", "the ConfigMap `elsewhere` with values for the release is not built along with it"),
        ("{kind: Bucket, name: settings}", "the Bucket `settings` with values for the release is not built along with it"),
        ("{kind: ConfigMap, name: settings, valuesKey: none}", "the ConfigMap `settings` with values for the release has no key `none`"),
        ("{kind: ConfigMap, name: settings, valuesKey: number}", "cannot be read: it is no text"),
        ("{kind: ConfigMap, name: settings, valuesKey: host}", "cannot be read: a values file has to be a mapping"),
        ("{kind: Secret, name: keys, valuesKey: odd}", "cannot be read: it is encrypted"),
        ("{kind: Secret, name: keys, valuesKey: bad}", "cannot be read"),
    ],
)
def test_what_is_not_known_of_a_reference_is_noted_and_stays(entry: str, reason: str) -> None:
    done = released(f"valuesFrom: [{entry}]\nvalues: {{b: 2}}")
    assert [reason in noted.reason for noted in done.noted] == [True]
    assert [noted.severity for noted in done.noted] == ["info"]
    assert len(spec_of(done)["valuesFrom"]) == 1
    assert spec_of(done)["values"] == {"b": 2}
    assert not done.hazy


def test_what_went_into_a_release_is_compared_there_alone() -> None:
    done = released("valuesFrom: [{kind: ConfigMap, name: settings}, {kind: Secret, name: elsewhere}]")
    assert done.disabled == (("ConfigMap/settings:", "data", "values.yaml"),)
    assert [entry["name"] for entry in spec_of(done)["valuesFrom"]] == ["elsewhere"]


def test_no_value_of_a_secret_is_known() -> None:
    done = released("valuesFrom: [{kind: Secret, name: keys}]")
    assert isinstance(spec_of(done)["values"]["a"][0], Opaque)


@pytest.mark.parametrize(
    ("spec", "values", "disabled"),
    [
        (f"{OURS}\nvalues: {{host: x}}", {"replicas": 1, "host": "x"}, ()),
        (f"{OURS}\nvalues: {{host: null}}", {"replicas": 1}, (("HelmRelease/shop:", "spec", "values", "host"),)),
        (LISTED.format("valuesFiles: [charts/shop/cloud.yaml]"), {"replicas": 3}, ()),
        (LISTED.format("valuesFiles: [charts/shop/values.yaml, ./charts/shop/cloud.yaml]"), {"replicas": 3, "host": "shop"}, ()),
    ],
)
def test_a_chart_of_this_repository_gives_what_the_release_does_not(spec: str, values: object, disabled: tuple[KeyPath, ...]) -> None:
    done = released(spec)
    assert spec_of(done)["values"] == values
    assert done.disabled == disabled


@pytest.mark.parametrize(
    "spec",
    [
        "chart: {spec: {chart: charts/other, sourceRef: {kind: GitRepository, name: flux-system}}}",
        "chart: {spec: {chart: shop, sourceRef: {kind: HelmRepository, name: flux-system}}}",
        "chart: {spec: {chart: ../charts/shop, sourceRef: {kind: GitRepository, name: flux-system}}}",
        "chart: {spec: {chart: charts/shop, sourceRef: {kind: GitRepository, name: theirs}}}",
        "chartRef: {kind: HelmChart, name: none}",
    ],
)
def test_other_charts_are_not_known(spec: str) -> None:
    assert "values" not in spec_of(released(spec, ((FOREIGN, "theirs"),)))


def test_values_files_that_are_absent_or_no_values_are_told() -> None:
    done = released(LISTED.format("valuesFiles: [gone.yaml, charts/shop/list.yaml], ignoreMissingValuesFiles: true"))
    assert [(absent.path, absent.optional) for absent in done.absent] == [("gone.yaml", True)]
    assert [(entry.path, entry.severity) for entry in done.hazy] == [("charts/shop/list.yaml", "error")]


def test_a_target_that_cannot_be_set_is_told() -> None:
    done = released("valuesFrom: [{kind: ConfigMap, name: settings, valuesKey: host, targetPath: 'b.c'}]\nvalues: {b: [1]}")
    assert ["cannot be set" in entry.reason for entry in done.hazy] == [True]


def test_objects_without_releases_are_left_alone() -> None:
    given = blueprint("config.yaml")
    files = tree({"config.yaml": CONFIG})
    evaluated = evaluate(given, files)
    assert applied(evaluated, given, files) is evaluated


@pytest.mark.parametrize(
    ("node", "reason"),
    [
        ([], "has no key `values.yaml`"),
        ({"values.yaml": Opaque("${TTL}")}, "it has variables that only the cluster knows"),
    ],
)
def test_what_cannot_be_taken_from_an_object(node: object, reason: str) -> None:
    objects, entry = Map("objects.yaml"), Map("release.yaml")
    objects["ConfigMap/x:"] = node
    if isinstance(node, dict):
        objects["ConfigMap/x:"] = Map("objects.yaml")
        objects["ConfigMap/x:"].update(node)
    entry.update({"kind": "ConfigMap", "name": "x"})
    assert reason in found(entry, objects, "", tree({})).why
