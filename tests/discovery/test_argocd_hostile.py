"""Objects of Argo CD and of promotion tools in which something is not of the type that it should be: nothing raises."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gitops_lint import reader
from gitops_lint.discovery.adapters import discover, unverified
from gitops_lint.discovery.applicationset_places import _greedy, _segments, doublestar
from gitops_lint.discovery.order import orders
from gitops_lint.discovery.templating_holes import Pattern
from gitops_lint.files import Files
from gitops_lint.settings import Settings
from gitops_lint.trees.memory import MemoryTree

SELECTOR = {"matchLabels": {"a": "b"}, "matchExpressions": [{"key": "env", "operator": "In", "values": ["dev", "prod"]}]}
SOURCES = [
    {
        "repoURL": "https://example.org/r",
        "path": "charts/{{.name}}",
        "helm": {
            "valueFiles": ["$v/{{.env}}.yaml", "*.yaml", "x.yaml"],
            "values": "a: {{.env}}\n",
            "valuesObject": {"a": 1},
            "parameters": [{"name": "a", "value": "b"}],
            "ignoreMissingValueFiles": True,
        },
        "plugin": {"name": "x"},
    },
    {"repoURL": "https://example.org/r", "ref": "v"},
]
GENERATORS = [
    {"list": {"elements": [{"env": "dev", "name": "shop"}], "elementsYaml": "[{env: prod}]"}, "selector": SELECTOR},
    {"clusters": {"selector": SELECTOR, "values": {"x": "{{.name}}"}}},
    {"git": {"directories": [{"path": "charts/*"}], "files": [{"path": "**/c.json", "exclude": True}], "pathParamPrefix": "p"}},
    {"matrix": {"generators": [{"list": {"elements": [{"a": 1}]}}, {"clusters": {}}]}},
    {"merge": {"mergeKeys": ["env"], "generators": [{"list": {"elements": [{"env": "dev"}]}}, {"list": {"elements": [{"env": "dev"}]}}]}},
]
APPLICATION = {
    "metadata": {"name": "shop-{{.env}}", "labels": {"env": "dev"}, "namespace": "argocd"},
    "spec": {
        "sources": SOURCES,
        "source": SOURCES[0],
        "sourceHydrator": {"drySource": SOURCES[0]},
        "destination": {"name": "dev", "namespace": "x", "server": "y"},
        "project": "p",
    },
}
OBJECTS: list[dict[str, Any]] = [
    {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ApplicationSet",
        "metadata": {"name": "set"},
        "spec": {
            "goTemplate": True,
            "generators": GENERATORS,
            "template": APPLICATION,
            "templatePatch": "spec: {x: {{.env}}}",
            "strategy": {"rollingSync": {"steps": [{"matchExpressions": [{"key": "e", "operator": "In", "values": ["a"]}]}]}},
        },
    },
    {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", **APPLICATION},
    {
        "apiVersion": "kargo.akuity.io/v1alpha1",
        "kind": "Stage",
        "metadata": {"name": "a", "namespace": "b"},
        "spec": {"requestedFreight": [{"sources": {"stages": ["b"]}}], "promotionTemplate": {}},
    },
    {
        "apiVersion": "codefresh.io/v1beta1",
        "kind": "PromotionFlow",
        "spec": {"triggerEnvironment": "dev", "steps": [{"environment": "qa", "dependsOn": ["dev"]}]},
    },
    {"apiVersion": "core.jenkins-x.io/v4beta1", "kind": "Requirements", "spec": {"environments": [{"key": "a"}]}},
    {"apiVersion": "v1", "kind": "Secret", "metadata": {"labels": {"argocd.argoproj.io/secret-type": "cluster"}}, "data": {"name": "eA=="}},
]
JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, 1, 1.5, True, "", "x", "{{", "{{.x}}", [], [None], [1, "a"], [[{}]], {}, {"a": None}, {"": {"": []}}]
)


def places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [*([path] if path else []), *(found for key, item in below for found in places(item, (*path, key)))]


def files_of(objects: list[dict[str, Any]]) -> Files:
    held = {f"{number}.yaml": json.dumps(found).replace('{"apiVersion"', '{\n"apiVersion"') for number, found in enumerate(objects)}
    held |= {f"set{number}.yaml": f"kind: {found.get('kind')}\n" + block(found) for number, found in enumerate(objects)}
    held |= {"charts/shop/Chart.yaml": "name: shop\n", "dev.yaml": "a: 1\n", "prod.yaml": "a: 1\n", "charts/shop/x.yaml": "a: 2\n"}
    held["charts/shop/.argocd-source.yaml"] = json.dumps({"helm": {"valuesObject": {"z": 1}}})
    return Files(MemoryTree(held), reader.read)


def block(found: dict[str, Any]) -> str:
    """An object with its top keys at the left edge, where they are looked for."""
    return "".join(f"{json.dumps(key)}: {json.dumps(value)}\n" for key, value in found.items() if key != "kind")


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_nothing_raises(data: st.DataObject) -> None:
    objects = deepcopy(OBJECTS)
    every = [(number, *path) for number, found in enumerate(objects) for path in places(found) if path not in (("kind",), ("apiVersion",))]
    for path in data.draw(st.lists(st.sampled_from(every), min_size=1, max_size=3)):
        node: Any = objects
        for key in path[:-1]:
            node = (
                node[key]
                if isinstance(node, dict) and key in node
                else node[key]
                if isinstance(node, list) and key in range(len(node))
                else None
            )
        if isinstance(node, dict) or (isinstance(node, list) and path[-1] in range(len(node))):
            node[path[-1]] = deepcopy(data.draw(JUNK))
    files = files_of(objects)
    discover(files, Settings())
    unverified(files, Settings())
    orders([files.document(path) for path in files.names])


def test_thousands_of_elements_take_no_time() -> None:
    elements = [{"env": f"e{number}", "name": "shop"} for number in range(3000)]
    found = deepcopy(OBJECTS[0])
    listed = {"list": {"elements": elements}}
    found["spec"]["generators"] = [
        {"merge": {"mergeKeys": ["env"], "generators": [listed, listed]}},
        {"matrix": {"generators": [listed, listed]}},
    ]
    files = files_of([found])
    discover(files, Settings())
    assert "the ApplicationSet makes more than 2000 applications" in {entry.reason for entry in unverified(files, Settings())}


@given(st.text("ab/*?", max_size=9), st.text("ab/", max_size=12))
def test_globs_mean_what_they_meant(glob: str, path: str) -> None:
    assume("***" not in glob)
    glob, path = glob.strip("/"), path.strip("/")
    inside = re.sub(r"(\\\*)+", "[^/]*", re.escape(glob)).replace(r"\?", "[^/]")
    across = "(?:.*/)?".join(re.sub(r"(\\\*)+", "[^/]*", re.escape(part)).replace(r"\?", "[^/]") for part in glob.split("**/"))
    anything = re.escape(glob).replace(r"\*", ".*").replace(r"\?", ".")
    for read, expected in ((_segments, inside), (doublestar, across), (_greedy, anything)):
        assert (read(glob).match(path) is not None) == (re.fullmatch(expected, path) is not None), (read, glob)


@pytest.mark.parametrize("read", [_segments, doublestar, _greedy])
@pytest.mark.parametrize("glob", ["*a" * 40 + "b", "**/*a/" * 12 + "b", "**/" * 40 + "b", "?*" * 40 + "b"])
def test_globs_take_no_time(read: Callable[[str], Pattern], glob: str) -> None:
    start = time.process_time()
    assert read(glob).match("/".join(["a" * 60] * 20)) is None
    assert time.process_time() - start < 1
