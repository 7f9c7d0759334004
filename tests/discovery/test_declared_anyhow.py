"""Objects of Flux, Helmfile and Jenkins X with anything at all in their fields: discovery and merging get through them."""

from __future__ import annotations

import json
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from gitops_lint import engine, reader
from gitops_lint.files import Files
from gitops_lint.settings import Settings
from gitops_lint.trees.memory import MemoryTree

WORDS = [
    "",
    ".",
    "..",
    "/",
    "apps",
    "./apps/dev",
    "${X}",
    "a/${X:-dev}",
    "{{ .Environment.Name }}.yaml",
    "{{ .Values.a.b }}",
    "{{",
    "dev",
    "ConfigMap",
]
scalars = st.one_of(st.none(), st.booleans(), st.integers(-1, 2), st.sampled_from(WORDS))
keys = st.sampled_from(
    [
        *(
            "path",
            "sourceRef",
            "kind",
            "name",
            "postBuild",
            "substitute",
            "substituteFrom",
            "patches",
            "images",
            "components",
            "X",
            "patch",
        ),
        *(
            "values",
            "missingFileHandler",
            "releases",
            "chart",
            "installed",
            "template",
            "key",
            "namespace",
            "gitUrl",
            "target",
            "copy",
            "from",
        ),
    ]
)
anything = st.recursive(
    scalars, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=4)), max_leaves=12
)
fields = st.dictionaries(keys, anything, max_size=6)


def flux(kind: str, spec: object) -> str:
    group = "source.extensions" if kind == "ArtifactGenerator" else "kustomize.toolkit"
    found = {"apiVersion": f"{group}.fluxcd.io/v1", "kind": kind, "metadata": {"name": "a"}, "spec": spec}
    return "\n".join(f"{key}: {json.dumps(value)}" for key, value in found.items())


class Content(NamedTuple):
    """What stands in the fields."""

    anything: object
    kustomization: dict[str, object]
    artifact: object
    environments: object
    release: dict[str, object]
    listed: object


@settings(deadline=None, max_examples=60)
@given(st.builds(Content, anything, fields, fields, anything, fields, anything))
def test_whatever_stands_there(content: Content) -> None:
    spec, listed = json.dumps(content.anything), json.dumps(content.listed)
    releases = json.dumps([content.release, content.anything, {"name": "a", **content.release}])
    tree = {
        "clusters/dev/a.yaml": flux("Kustomization", {"path": "./apps", "sourceRef": {"kind": "GitRepository"}, **content.kustomization}),
        "clusters/prod/a.yaml": flux("Kustomization", content.anything),
        "clusters/prod/b.yaml": flux("ArtifactGenerator", {"artifacts": [content.artifact, content.anything]}),
        "apps/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ConfigMap}\ndata: {X: '${X}', Y: '${Y/a/b}'}\n",
        "helmfile.yaml": f"environments: {json.dumps(content.environments)}\n---\nreleases: {releases}\nbases: {listed}\n",
        "more/helmfile.yaml": f"environments: {{dev: {spec}, prod: {{}}}}\nreleases: {releases}\n",
        "jx-requirements.yml": f"spec: {{environments: {listed}}}\n",
        "dev.yaml": "a: 1\n",
    }
    engine.run(Files(MemoryTree(tree), reader.read), Settings())
