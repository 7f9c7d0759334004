"""What templates become once their parameters are known, and what stays as it is written where they are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_lint import reader
from gitops_lint.discovery.templating import rendered, renderer
from gitops_lint.discovery.templating_holes import candidates
from gitops_lint.discovery.templating_values import Known, Open
from gitops_lint.node import Map, key_location

PARAMS: dict[str, Known] = {
    "path": {"path": "charts/shop", "segments": ["charts", "shop"], "basename": "shop"},
    "metadata": {"labels": Open(env="prod")},
    "files": ["a", "b"],
    "none": [],
    "count": 2,
    "share": 0.5,
    "whole": 3.0,
    "on": True,
    "empty": "",
}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("plain", "plain"),
        ("{{.path.path}}", "charts/shop"),
        ("{{ index .path.segments 1 }}-{{ .path.basename }}", "shop-shop"),
        ('{{ index .metadata.labels "env" }}', "prod"),
        ("{{ .count }} {{ .share }} {{ .whole }} {{ .on }}", "2 0.5 3 true"),
        ('{{ .absent | default "dev" | upper }}', "DEV"),
        ('{{ default "dev" .empty }}', "dev"),
        ('{{ .path.path | replace "/" "-" | trunc 8 }}', "charts-s"),
        ('{{ trimPrefix "charts/" .path.path }}{{ trimSuffix "op" .path.basename }}', "shopsh"),
        ('{{ (split "/" .path.path)._1 }}{{ last (splitList "/" .path.path) }}', "shopshop"),
        ('{{ printf "%s-%d" .path.basename .count }}', "shop-2"),
        ('{{ join "," .files }}{{ first .files }}{{ len .files }}', "a,ba2"),
        ('{{ ternary "yes" "no" (eq .path.basename "shop") }}', "yes"),
        ('{{ dig "deep" "down" "none" .path }}', "none"),
        ('{{ normalize "Shop_A.b" }} {{ quote .path.basename }}', 'shop-a.b "shop"'),
        ("{{`{{ .raw }}`}}", "{{ .raw }}"),
        ("a {{- /* a comment */ -}} b", "ab"),
        ('{{ if eq .path.basename "shop" }}one{{ else }}two{{ end }}', "one"),
        ("{{ if .absent }}one{{ else if .on }}two{{ end }}", "two"),
        ("{{ if .empty }}one{{ end }}", ""),
        ("{{ with .path }}{{ .basename }}{{ $.count }}{{ end }}", "shop2"),
        ("{{ range $i, $f := .files }}{{ $i }}{{ $f }};{{ end }}", "0a;1b;"),
        ("{{ range .none }}x{{ else }}nothing{{ end }}", "nothing"),
        ("{{ range $k, $v := .path.segments }}{{ if $k }}{{ $v }}{{ end }}{{ end }}", "shop"),
        ("{{ $x := .path.basename }}{{ $x }}", "shop"),
        ('{{ if and .on (hasPrefix "sh" .path.basename) }}y{{ end }}', "y"),
    ],
)
def test_go_template(template: str, text: str) -> None:
    assert renderer(PARAMS, go=True)(template) == text


@pytest.mark.parametrize(
    "template",
    [
        "{{ .absent }}",
        '{{ index .metadata.labels "region" }}',
        "{{ .metadata.labels.region | default `eu` }}",
        "{{ .path }}",
        "{{ unheardOf .count }}",
        "{{ index .path.segments 7 }}",
        "{{ .count",
        "{{ if .metadata.labels.region }}a{{ end }}",
        "{{ if .on }}never ends",
        "{{ .path.basename | }}",
        "{{ template `x` . }}",
        "{{ .files.name }}",
        "{{" * 30,
        "{{ " + "(" * 30 + "1" + ")" * 30 + " }}",
    ],
)
def test_what_is_not_known_stays(template: str) -> None:
    assert renderer(PARAMS, go=True)(template) == template


def test_the_known_part_of_a_text_is_filled_in() -> None:
    assert renderer(PARAMS, go=True)("{{.path.basename}}/{{.name}}") == "shop/{{.name}}"


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{path}}/{{ path[0] }}", "a/b/a"),
        ("{{metadata.labels.app.kubernetes.io/name}}", "shop"),
        ("{{values.env}}-{{values.other}}", "dev-{{values.other}}"),
        ("{{number}}", "7"),
        ("{{ .path }}", "{{ .path }}"),
    ],
)
def test_plain_substitution(template: str, text: str) -> None:
    params: dict[str, Known] = {"path": "a/b", "path[0]": "a", "metadata.labels.app.kubernetes.io/name": "shop"}
    params |= {"values": {"env": "dev"}, "number": 7}
    assert renderer(params, go=False)(template) == text


@given(st.text(alphabet='{}-. $|"`()ifendrangwth:=,a0/*\n'), st.booleans())
def test_any_text_is_survived(text: str, go: bool) -> None:  # noqa: FBT001  hypothesis gives it
    done = renderer(PARAMS, go=go)(text)
    assert "{{" in text or done == text


def test_a_long_row_of_braces_takes_no_time() -> None:
    text = "{{ `" * 20_000
    assert renderer(PARAMS, go=True)(text) == text


def test_filled_in_keys_keep_their_place() -> None:
    root = reader.read(b'a:\n  "{{.path.basename}}": 1\n  b: ["{{.count}}"]\n', "x.yaml").roots[0].value
    done = rendered(root, renderer(PARAMS, go=True))
    assert isinstance(done, Map)
    assert done == {"a": {"shop": 1, "b": ["2"]}}
    assert key_location(done["a"], "shop").line == 2


NAMES = ["v/common.yaml", "v/dev.yaml", "v/prod.yaml", "w/dev.yaml", "w/dev/eu.yaml", "top/v/dev.yaml"]


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["v/dev.yaml"], [{}]),
        (["v/{{e}}.yaml"], [{"{{e}}": "dev"}, {"{{e}}": "prod"}]),
        (["v/{{e}}.yaml", "w/{{e}}.yaml"], [{"{{e}}": "dev"}]),
        (["v/{{e}}.yaml", "absent/{{e}}.yaml"], [{"{{e}}": "dev"}, {"{{e}}": "prod"}]),
        (["w/{{e}}/{{r}}.yaml", "v/{{e}}.yaml"], [{"{{e}}": "dev", "{{r}}": "eu"}]),
        (["{{b}}v/dev.yaml"], [{"{{b}}": ""}, {"{{b}}": "top/"}]),
        (["absent/{{e}}.yaml"], []),
    ],
)
def test_holes_are_told_by_what_is_there(texts: list[str], found: list[dict[str, str]]) -> None:
    assert candidates(texts, NAMES) == found
