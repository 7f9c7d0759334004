"""Argo CD's objects: what they make, what it comes to, and what is said where that cannot be told."""

from __future__ import annotations

from typing import Any

import pytest

from gitops_lint import reader
from gitops_lint.discovery.adapters import discover, unverified
from gitops_lint.discovery.applicationset import applications, name, sources
from gitops_lint.files import Files
from gitops_lint.model import Environment
from gitops_lint.modelled import build
from gitops_lint.node import Map, key_location
from gitops_lint.settings import Settings
from gitops_lint.trees.memory import MemoryTree

CHART = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"
HEAD = "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: set}\nspec:\n"
SOURCE = "  template:\n    metadata: {name: 'shop-{{env}}'}\n    spec: {source: {repoURL: https://example.org/r, path: charts/shop}}\n"


def tree(held: dict[str, str]) -> Files:
    return Files(MemoryTree(held), reader.read)


def made(text: str, held: dict[str, str] | None = None) -> tuple[list[tuple[str, Any]], list[str], bool]:
    """The name and first path of every application that a set makes, the reasons for doubts, and whether it is short-lived."""
    files = tree({"set.yaml": HEAD + text, **(held or {})})
    root = files.document("set.yaml").roots[0].value
    assert isinstance(root, Map)
    done = applications(root, files)
    found = [(name(each.application), next(sources(each.application)).get("path")) for each in done.applications]
    return found, [entry.reason for entry in done.unverified], done.short_lived


TEMPLATE = "  template: {metadata: {name: 'n-{{name}}'}, spec: {source: {path: 'p/{{name}}'}}}\n"


@pytest.mark.parametrize(
    ("generator", "found"),
    [
        ("list: {elements: [{name: a}, {name: b}]}", ["a", "b"]),
        ("list: {elementsYaml: '[{name: a}]'}", ["a"]),
        ("list: {elements: [{name: a, k: 'yes'}, {name: b}]}\n      selector: {matchLabels: {k: 'yes'}}", ["a"]),
        ("clusters: {selector: {matchLabels: {env: dev}}}", ["{{name}}"]),
        ("clusters: {selector: {matchLabels: {env: one}}}", ["first"]),
        ("clusters: {}", ["first", "second"]),
        (
            "matrix: {generators: [{list: {elements: [{a: x}]}}, {list: {elements: [{name: '{{a}}-1'}, {name: '{{a}}-2'}]}}]}",
            ["x-1", "x-2"],
        ),
        (
            (
                "merge: {mergeKeys: [k], generators: [{list: {elements: [{k: 1, name: a}, {k: 2, name: b}]}},"
                " {list: {elements: [{k: 2, name: c}]}}]}"
            ),
            ["a", "c"],
        ),
        ("git: {directories: [{path: 'apps/*'}, {path: apps/web, exclude: true}], values: {x: y}}", ["{{name}}"]),
        ("git: {files: [{path: 'conf/*.yaml'}]}", ["eu", "us", "deep"]),
    ],
)
def test_generator(generator: str, found: list[str]) -> None:
    cluster = "apiVersion: v1\nkind: Secret\nmetadata: {labels: {argocd.argoproj.io/secret-type: cluster, env: %s}}\n"
    held = {
        "clusters/1.yaml": cluster % "one" + "stringData: {name: first, server: https://one}\n",
        "clusters/2.yaml": cluster % "two" + "data: {name: c2Vjb25k}\n",
        "apps/shop/a.yaml": "a: 1\n",
        "apps/web/a.yaml": "a: 1\n",
        "conf/all.yaml": "[{name: eu}, {name: us}]\n",
        "conf/below/b.yaml": "name: deep\n",
    }
    if "env: dev" in generator:
        held = {}
    assert made(f"  generators:\n    - {generator}\n" + TEMPLATE, held)[0] == [(f"n-{each}", f"p/{each}") for each in found]


def test_new_globs_stay_in_a_folder() -> None:
    held = {
        "conf/a.yaml": "name: a\n",
        "conf/below/b.yaml": "name: b\n",
        "params.yaml": "apiVersion: v1\nkind: ConfigMap\ndata: {applicationsetcontroller.enable.new.git.file.globbing: 'true'}\n",
    }
    assert [each for each, _ in made("  generators: [{git: {files: [{path: 'conf/*.yaml'}]}}]\n" + TEMPLATE, held)[0]] == ["n-a"]


@pytest.mark.parametrize(
    ("generator", "reason"),
    [
        ("scmProvider: {github: {organization: acme}}", "the ApplicationSet depends on the repositories that a forge lists"),
        ("plugin: {configMapRef: {name: x}}", "the ApplicationSet depends on a plugin"),
        ("clusterDecisionResource: {configMapRef: x}", "the ApplicationSet depends on a resource in the cluster"),
        ("{}", "the ApplicationSet depends on a generator that the file leaves empty"),
        ("novel: {}", "the ApplicationSet depends on a generator `novel`"),
        ("clusters: {flatList: true}", "the ApplicationSet makes one application of all clusters"),
        ("matrix: {generators: []}", "a matrix needs two generators"),
        ("git: {directories: [{path: absent/*}]}", "the ApplicationSet's git generator finds nothing in this repository"),
    ],
)
def test_what_files_do_not_tell(generator: str, reason: str) -> None:
    found, reasons, _ = made(f"  generators:\n    - {generator}\n" + TEMPLATE)
    assert (found, reasons) == ([], [reason])


def test_an_environment_for_a_merge_request_is_none() -> None:
    assert made("  generators:\n    - pullRequest: {github: {owner: a, repo: b}}\n" + TEMPLATE) == ([], [], True)


def test_a_generator_s_template_goes_over_the_common_one() -> None:
    text = "  generators:\n    - list:\n        elements: [{name: a}]\n        template: {spec: {source: {path: 'other/{{name}}'}}}\n"
    assert made(text + TEMPLATE)[0] == [("n-a", "other/a")]


VALUES = {
    "charts/shop/Chart.yaml": CHART,
    "charts/shop/values.yaml": "from: chart\nimage: {tag: '0'}\n",
    "charts/shop/dev.yaml": "from: file\nonly: file\n",
    "charts/shop/prod.yaml": "from: file\n",
}


def environments(held: dict[str, str]) -> dict[tuple[str, str], Environment]:
    repository = build(tree(held), Settings())
    return {(env.application, env.name): env for app in repository.applications for env in app.environments}


def application(env: str, helm: str) -> str:
    return (
        f"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: shop-{env}\nspec:\n  source:\n"
        f"    repoURL: https://example.org/r\n    path: charts/shop\n    helm:\n      valueFiles: [{env}.yaml]\n{helm}"
    )


@pytest.mark.parametrize(
    ("helm", "values"),
    [
        ("", {"from": "file", "only": "file", "image": {"tag": "0"}}),
        ("      values: |\n        from: text\n", {"from": "text", "only": "file", "image": {"tag": "0"}}),
        ("      valuesObject: {from: block}\n      values: 'from: text'\n", {"from": "block", "only": "file", "image": {"tag": "0"}}),
        (
            (
                "      valuesObject: {from: block}\n"
                "      parameters: [{name: from, value: set}, {name: image.tag, value: '7', forceString: true}]\n"
            ),
            {"from": "set", "only": "file", "image": {"tag": "7"}},
        ),
    ],
)
def test_precedence(helm: str, values: dict[str, Any]) -> None:
    found = environments({**VALUES, "a.yaml": application("dev", helm), "b.yaml": application("prod", "")})
    assert found["shop", "dev"].values == values


def test_a_value_in_text_has_its_place() -> None:
    held = {
        **VALUES,
        "a.yaml": application("dev", "      values: |\n        from: text\n        more: 1\n"),
        "b.yaml": application("prod", ""),
    }
    at = key_location(environments(held)["shop", "dev"].values, "more")
    assert (at.path, at.line, at.column) == ("a.yaml", 13, 9)


def test_a_file_beside_the_chart_edits_one_application() -> None:
    held = {**VALUES, "a.yaml": application("dev", ""), "b.yaml": application("prod", "")}
    held["charts/shop/.argocd-source-shop-prod.yaml"] = "path: elsewhere\nhelm: {parameters: [{name: image.tag, value: v2}]}\n"
    found = environments(held)
    assert found["shop", "prod"].values["image"] == {"tag": "v2"}
    assert found["shop", "dev"].values["image"] == {"tag": "0"}


@pytest.mark.parametrize(
    ("url", "path", "ours"),
    [
        ("https://example.org/r", "charts/shop", True),
        ("https://example.org/r", "charts/absent", False),
        ("https://example.org/r", ".", False),
    ],
)
def test_which_repository_is_this_one(url: str, path: str, ours: bool) -> None:  # noqa: FBT001  a column of the table
    text = HEAD + "  generators: [{list: {elements: [{env: dev}, {env: prod}]}}]\n" + SOURCE
    text = text.replace("https://example.org/r, path: charts/shop", f"{url}, path: {path}, helm: {{valueFiles: ['{{{{env}}}}.yaml']}}")
    found = discover(tree({**VALUES, "set.yaml": text}), Settings())
    assert any(blueprint.evidence.text == "declared by ApplicationSet `set`" for blueprint in found) is ours


def test_a_file_for_a_stage_that_nothing_declares_stays_with_its_siblings() -> None:
    held = {**VALUES, "charts/shop/qa.yaml": "from: file\n", "a.yaml": application("dev", ""), "b.yaml": application("prod", "")}
    assert ("charts/shop", "qa") in environments(held)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("../../../up.yaml", "the value file `../../../up.yaml` is outside of the repository"),
        ("$nowhere/a.yaml", "the value file `$nowhere/a.yaml` is in a source that is not declared"),
        ("https://example.org/a.yaml", "the value file `https://example.org/a.yaml` is read from an address"),
        ("absent.yaml", "the values file is not in the tree"),
    ],
)
def test_a_value_file_that_cannot_be_had(entry: str, reason: str) -> None:
    held = {**VALUES, "a.yaml": application("dev", "").replace("[dev.yaml]", f"[dev.yaml, '{entry}']"), "b.yaml": application("prod", "")}
    assert [each.reason for each in environments(held)["shop", "dev"].hazy] == [reason]


def test_a_template_of_a_chart_is_told_once() -> None:
    template = HEAD.replace("name: set", "name: {{ .Values.name }}") + "  generators: []\n"
    files = tree({f"c/templates/{number}.yaml": template for number in range(3)})
    assert [(each.path, each.reason) for each in unverified(files, Settings())] == [
        ("c/templates/0.yaml", "a Helm template declares Argo CD applications, and so do 2 more of the chart")
    ]


def test_what_only_a_cluster_knows_is_told() -> None:
    text = HEAD + "  generators: [{clusters: {}}]\n" + SOURCE.replace("charts/shop", "'{{metadata.annotations.where}}/x'")
    files = tree({**VALUES, "set.yaml": text, "a.yaml": application("dev", "")})
    reason = "only a cluster knows `{{metadata.annotations.where}}`, and no path in the tree tells"
    assert [each.reason for each in unverified(files, Settings())] == [reason]


def test_one_environment_alone_is_found_too() -> None:
    held = {**VALUES, "a.yaml": application("dev", "      valuesObject: {a: 1}\n")}
    del held["charts/shop/prod.yaml"]
    assert environments(held)["shop", "dev"].evidence.text == "declared by Application `shop-dev`"


def test_the_path_of_what_declares_it_is_the_last_to_tell_the_stage() -> None:
    plain = application("dev", "      valuesObject: {a: 1}\n").replace("shop-dev", "shop").replace("      valueFiles: [dev.yaml]\n", "")
    found = environments({"charts/shop/Chart.yaml": CHART, "argo/dev/shop.yaml": plain, "argo/prod/shop.yaml": plain})
    assert [key for key in found if key[0] == "shop"] == [("shop", "dev"), ("shop", "prod")]


def test_a_plugin_is_not_read() -> None:
    text = application("dev", "").replace("    helm:\n      valueFiles: [dev.yaml]\n", "    plugin: {name: tanka}\n")
    assert [each.reason for each in unverified(tree({**VALUES, "a.yaml": text}), Settings())] == [
        "a plugin makes the manifests of the Application"
    ]


def test_what_another_of_the_folders_builds_upon_is_no_environment() -> None:
    text = HEAD + "  generators: [{list: {elements: [{c: floor}, {c: one}]}}]\n"
    text += "  template: {metadata: {name: 'x-{{c}}'}, spec: {source: {repoURL: https://example.org/r, path: 'k/staging/{{c}}'}}}\n"
    held = {"set.yaml": text, "k/staging/floor/kustomization.yaml": "resources: []\n"}
    held["k/staging/one/kustomization.yaml"] = "resources: [../floor]\n"
    assert list(environments(held)) == [("x-one", "staging")]
