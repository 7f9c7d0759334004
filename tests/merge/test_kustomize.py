from __future__ import annotations

import pytest

from gitops_lint.blueprint import Blueprint
from gitops_lint.files import Files
from gitops_lint.keypath import dotted
from gitops_lint.merge.evaluated import Evaluated
from gitops_lint.merge.kustomize import evaluate, reach, references
from gitops_lint.model import Evidence
from gitops_lint.node import Map, Seq, item_location, key_location
from gitops_lint.reader import read
from gitops_lint.trees.memory import MemoryTree

SHOP = {
    "base/kustomization.yaml": """\
resources: [deployment.yaml]
configMapGenerator:
- name: settings
  literals: [COLOUR=blue, SIZE=big]
""",
    "base/deployment.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: shop
        image: acme/shop:1
        envFrom: [{configMapRef: {name: settings}}]
        env:
        - {name: HOST, value: base}
""",
    "prod/kustomization.yaml": """\
resources:
- ../base
- ./ingress.yaml
namespace: shop-prod
commonLabels:
  team: shop
images:
- name: acme/shop
  newTag: "2"
configMapGenerator:
- name: settings
  behavior: merge
  envs: [prod.env]
  literals:
  - SIZE=huge
secretGenerator:
- name: login
  literals: [PASSWORD=hunter2]
patches:
- path: patches/env.yaml
- target: {kind: Deployment, name: shop}
  patch: |-
    - op: replace
      path: /spec/replicas
      value: 5
""",
    "prod/prod.env": "# settings\nSHAPE=round\n",
    "prod/ingress.yaml": "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: shop}\n",
    "prod/patches/env.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  template:
    spec:
      containers:
      - name: shop
        env:
        - name: HOST
          value: prod
        - {name: NEW, value: prod}
""",
}


def files(tree: dict[str, str]) -> Files:
    return Files(MemoryTree(tree), read)


def evaluated(tree: dict[str, str], root: str = "prod", options: tuple[tuple[str, str], ...] = ()) -> Evaluated:
    blueprint = Blueprint("shop", "prod", "prod", "kustomize", Evidence(""), (), root=root, options=options)
    return evaluate(blueprint, files(tree))


def places(values: Map) -> dict[str, str]:
    """Every leaf with the file and line that it leads to."""
    out: dict[str, str] = {}
    stack: list[tuple[tuple[str, ...], object]] = [((), values)]
    while stack:
        path, node = stack.pop()
        if isinstance(node, Map):
            for key, value in node.items():
                stack.append(((*path, key), value))
                if not isinstance(value, Map | Seq):
                    out[dotted((*path, key))] = "{}:{}".format(*key_location(node, key))
        elif isinstance(node, Seq):
            for index, value in enumerate(node):
                stack.append(((*path, f"[{index}]"), value))
                if not isinstance(value, Map | Seq):
                    out[dotted((*path, f"[{index}]"))] = "{}:{}".format(*item_location(node, index))
    return out


def value(values: Map, *path: str | int) -> object:
    node: object = values
    for part in path:
        node = node[part]  # type: ignore[index]
    return node


CONTAINER = "Deployment/shop:spec.template.spec.containers[0]"


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("Deployment/shop:kind", "base/deployment.yaml:2"),
        ("Deployment/shop:metadata.name", "base/deployment.yaml:3"),
        (f"{CONTAINER}.env[0].name", "base/deployment.yaml:13"),
        ("Deployment/shop:metadata.namespace", "prod/kustomization.yaml:4"),
        ("Deployment/shop:metadata.labels.team", "prod/kustomization.yaml:6"),
        ("Deployment/shop:spec.selector.matchLabels.team", "prod/kustomization.yaml:6"),
        ("Deployment/shop:spec.replicas", "prod/kustomization.yaml:25"),
        (f"{CONTAINER}.image", "prod/kustomization.yaml:9"),
        (f"{CONTAINER}.name", "base/deployment.yaml:9"),
        (f"{CONTAINER}.envFrom[0].configMapRef.name", "base/deployment.yaml:11"),
        (f"{CONTAINER}.env[0].value", "prod/patches/env.yaml:11"),
        (f"{CONTAINER}.env[1].name", "prod/patches/env.yaml:12"),
        ("Ingress/shop:kind", "prod/ingress.yaml:2"),
        ("ConfigMap/settings:COLOUR", "base/kustomization.yaml:4"),
        ("ConfigMap/settings:SIZE", "prod/kustomization.yaml:15"),
        ("ConfigMap/settings:SHAPE", "prod/prod.env:2"),
        ("Secret/login:PASSWORD", "prod/kustomization.yaml:18"),
        ("kustomization:resources[../base]", "prod/kustomization.yaml:2"),
        ("kustomization:resources[ingress.yaml]", "prod/kustomization.yaml:3"),
        ("kustomization:images[acme/shop].newTag", "prod/kustomization.yaml:9"),
        ("kustomization:patches[patches/env]", "prod/kustomization.yaml:20"),
        ("kustomization:patches[Deployment/shop]", "prod/kustomization.yaml:21"),
        ("kustomization:namespace", "prod/kustomization.yaml:4"),
    ],
)
def test_every_key_leads_to_the_line_that_set_it(key: str, place: str) -> None:
    assert places(evaluated(SHOP).values)[key] == place


def test_generated_objects_are_their_keys_and_have_no_hash() -> None:
    values = evaluated(SHOP).values
    assert values["ConfigMap/settings:"] == {"COLOUR": "blue", "SIZE": "huge", "SHAPE": "round"}
    assert values["Secret/login:"] == {"PASSWORD": "hunter2"}
    container = value(values, "Deployment/shop:", "spec", "template", "spec", "containers", 0)
    assert value(container, "envFrom", 0, "configMapRef", "name") == "settings"  # type: ignore[arg-type]
    assert value(container, "image") == "acme/shop:2"  # type: ignore[arg-type]


def test_layers_are_the_files_in_the_order_of_the_build() -> None:
    assert [(layer.role.value, layer.path) for layer in evaluated(SHOP).layers] == [
        ("base", "base/deployment.yaml"),
        ("base", "base/kustomization.yaml"),
        ("environment", "prod/ingress.yaml"),
        ("shape", "prod/kustomization.yaml"),
        ("environment", "prod/prod.env"),
        ("shape", "prod/patches/env.yaml"),
    ]


def test_what_is_shared_is_not_copied_and_not_changed() -> None:
    held = files(SHOP)
    blueprints = [Blueprint("shop", name, "", "kustomize", Evidence(""), (), root=name) for name in ("base", "prod")]
    before, _, after = (evaluate(blueprint, held).values for blueprint in (blueprints[0], blueprints[1], blueprints[0]))
    assert before == after
    assert before["Deployment/shop:"] is held.document("base/deployment.yaml").roots[0].value
    assert value(before, "Deployment/shop:", "spec", "replicas") == 1


@pytest.mark.parametrize(
    ("resources", "line", "reason"),
    [
        ("[base.yaml,\n https://github.com/acme/base?ref=v1]", 2, "`https://github.com/acme/base?ref=v1` is remote, and not looked into"),
        ("[base.yaml,\n github.com/acme/base//deploy]", 2, "`github.com/acme/base//deploy` is remote, and not looked into"),
        ("[base.yaml,\n 'git@github.com:acme/base.git']", 2, "`git@github.com:acme/base.git` is remote, and not looked into"),
        ("[base.yaml,\n nowhere.yaml]", 2, "`nowhere.yaml` does not exist"),
        ("[base.yaml,\n ../../above]", 2, "`../../above` leads out of the repository"),
        ("[base.yaml]\nhelmCharts: [{name: shop, repo: https://x}]", 2, "the chart `shop` is not rendered"),
        ("[base.yaml]\ngenerators: [ksops.yaml]", 2, "`ksops.yaml` under `generators` is not run"),
        ("[base.yaml]\ncrds: [ksops.yaml]", 2, "holds no OpenAPI definitions by name, which is what `crds` takes"),
        ("[base.yaml]\nnamespace: 5", 2, "`namespace` is no string: quote it"),
        (
            "[base.yaml]\npatches: [{path: base.yaml, target: {names: x}}]",
            2,
            "the target has a field `names`, which kustomize does not know",
        ),
    ],
)
def test_what_cannot_be_had_is_said_and_the_rest_stands(resources: str, line: int, reason: str) -> None:
    tree = {
        "prod/kustomization.yaml": f"resources: {resources}\n",
        "prod/base.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n",
        "prod/ksops.yaml": "apiVersion: viaduct.ai/v1\nkind: ksops\nmetadata: {name: x}\n",
    }
    done = evaluated(tree)
    assert [(entry.path, entry.line, entry.reason) for entry in done.hazy] == [("prod/kustomization.yaml", line, reason)]
    assert done.values["Namespace/x:"]["kind"] == "Namespace"


def test_a_patch_for_what_is_remote_is_no_second_complaint() -> None:
    patch = "{apiVersion: v1, kind: Service, metadata: {name: far}}"
    tree = {"prod/kustomization.yaml": f"resources: [https://github.com/acme/base]\npatches: [{{patch: '{patch}'}}]\n"}
    assert [entry.reason for entry in evaluated(tree).hazy] == ["`https://github.com/acme/base` is remote, and not looked into"]


@pytest.mark.parametrize("tree", [{}, {"prod/a.yaml": "a: 1"}, {"prod/kustomization.yaml": "a: [", "prod/a.yaml": ""}])
def test_no_kustomization_is_said_once(tree: dict[str, str]) -> None:
    done = evaluated(tree)
    assert len(done.hazy) == 1


def test_flux_may_read_files_from_outside() -> None:
    tree = {
        "prod/kustomization.yaml": "resources: [../shared.yaml]\n",
        "shared.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n",
    }
    found = evaluated(tree)
    assert "Namespace/x:" in found.values
    assert not found.hazy
    reason = "whether kustomize is told to look elsewhere: `shared.yaml` is outside of `prod`, where kustomize reads no files"
    assert [entry.reason for entry in found.noted] == [reason]
    free = evaluated(tree, options=(("restrictions", "none"),))
    assert not free.hazy
    assert "Namespace/x:" in free.values


def test_subjects_have_what_tells_them_apart() -> None:
    objects = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: x, namespace: a}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: x, namespace: b}
---
apiVersion: one.io/v1
kind: Thing
metadata: {name: x}
---
apiVersion: two.io/v1
kind: Thing
metadata: {name: x}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: y}
data: {A: "1"}
"""
    values = evaluated({"prod/kustomization.yaml": "resources: [objects.yaml]\n", "prod/objects.yaml": objects}).values
    assert list(values)[:-1] == ["ConfigMap/a/x:", "ConfigMap/b/x:", "Thing.one.io/x:", "Thing.two.io/x:", "ConfigMap/y:"]
    assert places(values)["ConfigMap/y:data.A"] == "prod/objects.yaml:20"


def test_bases_nested_without_end_are_refused() -> None:
    tree = {f"k{n}/kustomization.yaml": f"resources: [../k{n + 1}]\n" for n in range(60)}
    assert any("nested deeper" in entry.reason for entry in evaluated(tree, "k0").hazy)


def test_entries_of_every_kind_have_an_identity() -> None:
    kustomization = """\
resources: [./a/, "https://github.com/acme/base?ref=v1", missing.yaml]
components: [../c]
patchesStrategicMerge:
- p.yaml
- |-
  apiVersion: v1
  kind: Service
  metadata: {name: s}
patches:
- {path: x/one.yaml}
- {path: x/one.yaml, target: {kind: Pod}}
- patch: "[{op: remove, path: /a}]"
  target: {kind: Service}
- patch: "[{op: remove, path: /a}]"
  target: {labelSelector: "a=b"}
replacements:
- {source: {kind: Secret, name: s, fieldPath: data.a}, targets: []}
- {path: r.yaml}
labels:
- pairs: {team: shop}
helmCharts: [{name: chart, releaseName: shop, version: 1.0.0}]
vars: [{name: V, objref: {kind: Service, name: s, apiVersion: v1}}]
"""
    values = evaluated({"prod/kustomization.yaml": kustomization}).values["kustomization:"]
    assert {field: list(entries) for field, entries in values.items()} == {
        "resources": ["[a]", "[https://github.com/acme/base]", "[missing.yaml]"],
        "components": ["[../c]"],
        "patchesStrategicMerge": ["[p]", "[Service/s]"],
        "patches": ["[x/one]", "[x/one#2]", "[Service]", "[*/a=b]"],
        "replacements": ["[Secret/s:data.a]", "[r.yaml]"],
        "labels": ["[team]"],
        "helmCharts": ["[shop]"],
        "vars": ["[V]"],
    }


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("override", {"a": "inline", "b": "file", "d": {"x": "more", "y": "inline"}}),
        ("merge", {"a": "file", "b": "file", "c": "file", "d": {"x": "more", "y": "inline"}}),
        ("replace", {"a": "inline", "c": None, "d": {"x": "more", "y": "inline"}}),
    ],
)
def test_what_a_chart_is_given(mode: str, expected: object) -> None:
    chart = f"""\
name: shop
version: 1.0.0
valuesFile: values.yaml
valuesInline: {{a: inline, c: null, d: {{y: inline}}}}
valuesMerge: {mode}
additionalValuesFiles: [more.yaml]
"""
    tree = {
        "prod/kustomization.yaml": "resources: [../base]\ngenerators: [generator.yaml]\n",
        "prod/generator.yaml": "apiVersion: builtin\nkind: HelmChartInflationGenerator\nmetadata: {name: x}\n" + chart,
        "prod/values.yaml": "{a: file, b: file, c: file}",
        "prod/more.yaml": "d: {x: more}",
        "base/kustomization.yaml": "helmCharts: [{name: other, version: '2'}]\n",
    }
    done = evaluated(tree)
    assert done.values["HelmChart/shop:"] == {"name": "shop", "version": "1.0.0", "values": expected}
    assert done.values["HelmChart/other:"] == {"name": "other", "version": "2"}
    assert places(done.values)["HelmChart/shop:values.d.x"] == "prod/more.yaml:1"
    roles = {layer.path: layer.role.value for layer in done.layers}
    assert roles.items() >= {("prod/generator.yaml", "shape"), ("prod/more.yaml", "environment")}
    assert [entry.reason for entry in done.hazy] == ["the chart `other` is not rendered", "`generator.yaml` under `generators` is not run"]


def test_references_and_what_they_lead_to() -> None:
    tree = {
        **SHOP,
        "prod/kustomization.yaml": SHOP["prod/kustomization.yaml"]
        + "components: [https://github.com/acme/c]\ncrds: [crd.yaml]\nhelmCharts: [{name: x, valuesFile: values.yaml}]\n",
    }
    found = references(files(tree), "prod")
    assert [(entry.field, entry.target, entry.line) for entry in found.files] == [
        ("resources", "prod/ingress.yaml", 3),
        ("patches", "prod/patches/env.yaml", 20),
        ("configMapGenerator", "prod/prod.env", 13),
    ]
    assert [(entry.text, entry.target) for entry in found.folders] == [("../base", "base")]
    assert [(entry.field, entry.target) for entry in found.missing] == [("crds", "prod/crd.yaml"), ("helmCharts", "prod/values.yaml")]
    assert [entry.text for entry in found.remote] == ["https://github.com/acme/c"]
    assert reach(files(tree), "prod") == (
        "prod/kustomization.yaml",
        "prod/ingress.yaml",
        "prod/patches/env.yaml",
        "prod/prod.env",
        "base/kustomization.yaml",
        "base/deployment.yaml",
    )
    assert not any(references(files({}), "prod"))


def test_a_generator_s_own_files_are_reached() -> None:
    tree = {
        "prod/kustomization.yaml": "generators: [chart.yaml, ksops.yaml]\n",
        "prod/chart.yaml": "kind: HelmChartInflationGenerator\nvaluesFile: values.yaml\nadditionalValuesFiles: [more.yaml]\n",
        "prod/ksops.yaml": "kind: ksops\nfiles: [./secret.enc.yaml]\n",
        **dict.fromkeys(("prod/values.yaml", "prod/more.yaml", "prod/secret.enc.yaml"), "a: 1\n"),
    }
    assert set(reach(files(tree), "prod")) == set(tree)
