from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gitops_lint.extract.template_context import ANY
from gitops_lint.extract.template_values import Read, scan
from gitops_lint.keypath import KeyPath
from gitops_lint.node import Map, Value
from gitops_lint.reader import read

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def helm() -> str:
    folder = os.environ.get("GITOPS_LINT_ORACLES")
    if folder is None:
        pytest.skip("GITOPS_LINT_ORACLES is not set")
    found = shutil.which("helm", path=folder)
    assert found, "helm is not there: run tests/oracle/build.sh"
    return found


def leaves(value: Value, path: KeyPath = ()) -> Iterator[KeyPath]:
    if isinstance(value, Map) and value:
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    else:
        yield path


def covers(one: Read, path: KeyPath) -> bool:
    same = all(ours in (ANY, theirs) for ours, theirs in zip(one.path, path, strict=False))
    return same and (len(one.path) >= len(path) or one.whole)


def test_the_chart_that_helm_creates(helm: str, tmp_path: Path) -> None:
    subprocess.run([helm, "create", "demo"], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    chart = tmp_path / "demo"
    texts = {str(path.relative_to(chart)): path.read_text() for path in chart.glob("templates/**/*.*")}
    found = scan(texts)
    assert found.unknown == ()
    values = read((chart / "values.yaml").read_bytes(), "values.yaml").roots[0].value
    unread = [path for path in leaves(values) if not any(covers(one, path) for one in found.reads)]
    assert unread == []
    assert {one.path for one in found.reads if one.path[0] == "image"} == {
        ("image", "repository"),
        ("image", "tag"),
        ("image", "pullPolicy"),
    }
    assert all(one.safe for one in found.reads if one.path == ("image", "tag"))


TEMPLATE = """
a: {{ .Values.a }}
{{- with .Values.b }}
b: {{ .c }}
{{- end }}
{{- range $k, $v := .Values.m }}
{{ $k }}: {{ $v.x | default "none" }}
{{- end }}
{{- $image := dict "image" .Values.web "root" $ }}
i: {{ include "i" $image }}
{{- if hasKey .Values "d" }}
d: {{ index .Values "d" "e-f" }}
{{- end }}
g: {{ dig "h" "none" .Values.g }}
"""
HELPER = '{{ define "i" }}{{ .image.repository }}:{{ .image.tag | default .root.Values.tag }}{{ end }}'
LEAVES = ["a", "b.c", "b.z", "m.one.x", "m.one.y", "web.repository", "web.tag", "web.port", "tag", "d.e-f", "d.g", "g.h", "g.i", "z"]


@pytest.mark.parametrize("leaf", LEAVES)
def test_a_value_that_is_not_read_changes_nothing(helm: str, tmp_path: Path, leaf: str) -> None:
    """And one that changes the output is read; `web.tag` hides `tag`, so that is tried without it."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text("{apiVersion: v2, name: demo, version: 1.0.0}")
    (tmp_path / "templates" / "x.yaml").write_text(TEMPLATE)
    (tmp_path / "templates" / "_i.tpl").write_text(HELPER)
    others = [f"{other}=same" for other in LEAVES if other != leaf and not (leaf == "tag" and other == "web.tag")]

    def output(value: str) -> str:
        options = ["--set-string", ",".join([*others, f"{leaf}={value}"])]
        return subprocess.run(
            [helm, "template", "r", ".", *options], cwd=tmp_path, check=True, capture_output=True, text=True, timeout=60
        ).stdout

    found = scan({"templates/x.yaml": TEMPLATE, "templates/_i.tpl": HELPER})
    is_read = any(covers(one, tuple(leaf.split("."))) for one in found.reads)
    assert is_read == (output("one") != output("two"))
