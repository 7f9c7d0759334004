from __future__ import annotations

import textwrap

import pytest

from gitops_lint.model import Document
from gitops_lint.node import Map, Opaque, unpack
from gitops_lint.reader import read, read_unmasked


def doc(text: str) -> Document:
    return read(textwrap.dedent(text).encode(), "values.yaml")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a: {{ .Values.x }}\nb: 1\n", {"a": "{{ .Values.x }}", "b": 1}),
        ("{{- if .x }}\na: 1\n{{- end }}\n", {"a": 1}),
        ("{{#each hosts as |host|}}\n- {{host}}\n{{/each}}\n", ["{{host}}"]),
        ("a: [${X}, b]\nc: {{ .y }}-z\n", {"a": ["${X}", "b"], "c": "{{ .y }}-z"}),
        ("a: { b: ${X} }\n", {"a": {"b": "${X}"}}),
        ('{{ .key }}: v\nc: "{{ q "x" }}"\n', {"{{ .key }}": "v", "c": '{{ q "x" }}'}),
        ("a:\n  {{ toYaml .x }}\nb: 1\n", {"a": "{{ toYaml .x }}", "b": 1}),
        ("a:\n  {{ toYaml .x }}\n  c: 1\n", {"a": {"c": 1}}),
        ("a: |\n  x\n{{ if y }}\n  z\n{{ end }}\nb: {{ c }}\n", {"a": "x\n" + 10 * " " + "\nz\n", "b": "{{ c }}"}),
        ("{% if x %}\na: 1\n{% endif %}\n", {"a": 1}),
        ("a: {{ printf\n     .x }}\nb: 1\n", {"a": "{{ printf\n     .x }}", "b": 1}),
        ("a:\n  - {{ toYaml .x | nindent 4 }}\n    c: 1\n  - d: 2\n", {"a": [{"c": 1}, {"d": 2}]}),
        ("a: {{ toYaml .x | nindent 2 }}\n  c: 1\nd: {{ .y }}\n", {"a": {"c": 1}, "d": "{{ .y }}"}),
        ('{"a": {{ .x }}, "b": [{{{ raw }}}]}\n', {"a": "{{ .x }}", "b": ["{{{ raw }}}"]}),
    ],
)
def test_masked(text: str, tree: object) -> None:
    document = read(text.encode(), "x")
    assert document.error is None, document.error
    assert document.templated
    assert [root.value for root in document.roots if root.value is not None] == [tree] or "|\n" in text
    assert read_unmasked(text.encode(), "x").error is not None


def test_masks_move_nothing() -> None:
    tree = doc("""\
        image: {{ .image }}
        {{- if .debug }}
        debug: true
        {{- end }}
        env:
          NAME: {{ .name | default "a: b" }}   # gitops-lint: ignore[x]
          PLAIN: text
        """)
    root = tree.roots[0].value
    assert isinstance(root, Map)
    assert root == {"image": "{{ .image }}", "debug": True, "env": {"NAME": '{{ .name | default "a: b" }}', "PLAIN": "text"}}
    assert isinstance(root["image"], Opaque)
    assert not isinstance(root["env"]["PLAIN"], Opaque)
    assert unpack(root["env"].key_at["PLAIN"]) == (6, 2)
    assert unpack(root["env"].value_at["NAME"]) == (5, 8)
    assert [(unpack(at), text) for at, text in tree.comments] == [((5, 39), "ignore[x]")]


def test_text_around_a_placeholder_is_unknown_too() -> None:
    root = doc("a: {{ x }}\nb: pre-{{ x }}\nc: |\n  {{ x }}\n  y\nd: 1{{ x }}\n").roots[0].value
    assert isinstance(root, Map)
    assert {key for key, value in root.items() if isinstance(value, Opaque)} == {"a", "b", "c", "d"}
    assert root["c"] == "{{ x }}\ny\n"
    assert root.written is None


def test_both_branches_are_no_duplicates() -> None:
    document = doc("{{ if x }}\na: 1\n{{ else }}\na: 2\n{{ end }}\n")
    assert document.templated
    assert document.duplicates == ()


def test_a_file_that_parses_is_read_as_it_is() -> None:
    document = doc("a: '{{ x }}'\nb: ${VAR}\nc: x{{ y }}z\nd: '{{'\n")
    root = document.roots[0].value
    assert isinstance(root, Map)
    assert not document.templated
    assert [isinstance(value, Opaque) for value in root.values()] == [True, False, True, False]


def test_an_error_that_no_mask_cures_stays_as_it_was() -> None:
    document = doc("a: {{ x }}\nb: [\n")
    assert document.error is not None
    assert not document.templated
    assert document.error == read_unmasked(b"a: {{ x }}\nb: [\n", "x").error


def test_text_that_looks_like_a_mask_is_not_masked() -> None:
    assert doc("a: {{ x }}\nb: \ue000\n").error is not None


def test_json_may_have_comments() -> None:
    text = """{ // see "docs"
  "url": "http://x/*", /* not
  "gone": 1, */ "n": 1,
}
"""
    document = read(text.encode(), "appsettings.json")
    assert document.error is None
    value = document.roots[0].value
    assert isinstance(value, Map)
    assert value == {"url": "http://x/*", "n": 1}
    assert unpack(value.key_at["n"]) == (2, 16)
    assert read(text.encode(), "values.yaml").error is not None
    assert read_unmasked(text.encode(), "appsettings.json").error is not None
