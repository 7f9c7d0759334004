from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_lint.extract.template_values import Read, Readings, scan

HELPERS = """{{/* a comment with }} and {{ inside */}}
{{- define "shop.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- define "shop.labels" -}}
app: {{ include "shop.name" . }}
{{- with .Values.extraLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}
{{- define "shop.image" -}}
{{- $tag := .image.tag | default .root.Chart.AppVersion -}}
{{- printf "%s:%s" .image.repository $tag -}}
{{- end -}}
{{- define "shop.render" -}}
{{- if typeIs "string" .value }}{{ tpl .value .context }}{{ else }}{{ tpl (.value | toYaml) .context }}{{ end }}
{{- end -}}
"""


def readings(text: str, helpers: str = HELPERS) -> Readings:
    return scan({"templates/_helpers.tpl": helpers, "templates/x.yaml": text})


def shown(read: Read) -> str:
    marks = {"?": read.tested, "~": read.safe and not read.tested, "!": read.required, "%": read.evaluated}
    return ".".join(read.path) + "".join(mark for mark, on in marks.items() if on)


@pytest.mark.parametrize(
    ("text", "expected"),
    [  # `?` presence or truth alone, `~` a missing value does no harm, `!` required, `%` goes through tpl
        ("{{ .Values.a.b }}", "a.b"),
        ("{{- $.Values.a -}}", "a"),
        ("{{ .Values.a | quote }} {{ quote .Values.b }}", "a b"),
        ("{{ .Values.a | default 1 }} {{ default .Values.c .Values.b }}", "a~ b~ c"),
        ('{{ required "say it" .Values.a }}', "a!"),
        ("{{ coalesce .Values.a .Values.b }} {{ or .Values.c 1 }}", "a~ b~ c~"),
        ('{{ ternary "x" .Values.a .Values.b }}', "a b?"),
        ("{{ if .Values.a }}{{ .Values.a.b }}{{ else }}{{ .Values.c }}{{ end }}", "a? a.b~ c"),
        ("{{ if and .Values.a (not .Values.b.c) }}{{ .Values.a }}{{ end }}", "a? a~ b.c?"),
        ("{{ if .Values.a }}1{{ else if .Values.b }}2{{ else }}{{ .Values.c }}{{ end }}", "a? b? c"),
        ('{{ if hasKey .Values.a "b" }}{{ .Values.a.b }}{{ end }}', "a.b? a.b~"),
        ("{{ if (.Values.a).b }}{{ .Values.a.b }}{{ end }}", "a.b? a.b~"),
        ('{{ if eq .Values.a "x" }}1{{ end }}', "a"),
        ("{{ with .Values.a }}{{ .b }}{{ $.Values.c }}{{ end }}", "a? a.b~ c"),
        ("{{ with $x := .Values.a }}{{ $x.b }}{{ end }}", "a? a.b~"),
        ("{{ with .Values.a }}1{{ else with .Values.b }}{{ .c }}{{ end }}", "a? b? b.c~"),
        ("{{ range .Values.l }}{{ .n }}{{ end }}", "l? l.*.n~"),
        ("{{ range $k, $v := .Values.m }}{{ $k }}={{ $v.x | quote }}{{ end }}", "m? m.*.x~"),
        ("{{ range $v := .Values.m }}{{ $v }}{{ break }}{{ end }}", "m? m.*~"),
        ("{{ range (list .Values.a .Values.b) }}{{ . }}{{ end }}", "a b"),
        ('{{ range $k, $v := dict "x" .Values.a }}{{ $v.y }}{{ end }}', "a.y"),
        ("{{ range until (int .Values.n) }}{{ . }}{{ end }}", "n"),
        ("{{ $a := .Values.a }}{{ $a.b }}", "a.b"),
        ("{{ $x := .Values.a }}{{ if .Values.b }}{{ $x = .Values.c }}{{ end }}{{ $x.d }}", "a.d b? c.d"),
        ("{{ $x = .Values.a }}{{ $x }}", "a"),
        ('{{ index .Values "a-b" "c" }}', "a-b.c"),
        ("{{ index .Values.l 0 }} {{ (index .Values.l 0).n }}", "l.* l.*.n"),
        ("{{ index .Values.m .Values.k }}", "k m.*"),
        ('{{ get .Values.m "k" }} {{ (get .Values "x").y }}', "m.k~ x.y~"),
        ('{{ dig "a" "b" "none" .Values.m }} {{ .Values.n | dig "c" .Values.d }}', "d m.a.b~ n.c~"),
        ("{{ first .Values.l }} {{ (last .Values.k).x }} {{ values .Values.m }}", "k.*.x l.* m.*"),
        ('{{ pick .Values.a "x" }} {{ omit .Values.b "x" | toYaml }} {{ deepCopy .Values.c }}', "a b c"),
        ("{{ merge .Values.a .Values.b }} {{ (mergeOverwrite .Values.c .Values.d).x }}", "a b c.x d.x"),
        ("{{ toYaml .Values.a | nindent 4 }}", "a"),
        ("{{ empty .Values.a }} {{ kindIs `map` .Values.b }} {{ len .Values.c }}", "a? b? c?"),
        ('{{ include "shop.name" . }}', "nameOverride~"),
        ('{{ include "shop.labels" . | nindent 2 }}', "extraLabels? extraLabels~ nameOverride~"),
        ('{{ template "shop.name" . }}', "nameOverride~"),
        ('{{ include "shop.image" (dict "image" .Values.web.image "root" .) }}', "web.image.repository web.image.tag~"),
        ('{{ include "shop.render" (dict "value" .Values.extra "context" $) }}', "extra% extra?  extra~%"),
        ("{{ tpl .Values.a . }}", "a%"),
        ('{{ include (print $.Template.BasePath "/other.yaml") . | sha256sum }}', ""),
        ('{{ block "x" .Values.a }}{{ .b }}{{ end }}', "a.b"),
        ('{{ define "y" }}{{ .z }}{{ end }}{{ template "y" .Values.a }}{{ template "y" }}', "a.z"),
        ('{{ define "r" }}{{ .x }}{{ include "r" . }}{{ end }}{{ include "r" .Values.a }}', "a.x"),
        ("{{ .Values.a.Method .Values.b }} {{ .Release.Name }} {{ .Capabilities.APIVersions.Has .Values.v }}", "a.Method b v"),
        ('{{ printf "%s" .Values.a }}{{ "\\u0041{{" }}{{ \'x\' }}{{ -1.5 }}{{ true }}', "a"),
        ("{{/* .Values.no */}}{{- /* .Values.no */ -}}{{ }}text", ""),
        ("{{ if hasKey }}{{ end }}{{ default }}", ""),
        ("{{ get . `x` }}{{ (first .).y }}{{ (.Values.a | print).z }}", "a"),
        ("{{ $d := dict `x` .Values.a }}{{ (index $d .Release.Name).y }}{{ $d.none }}{{ $nowhere }}", "a.y"),
        ("{{ dict `x` .Values.a | toYaml }}{{ list .Values.b | toJson }}", "a b"),
        ("{{ toYaml .Values }}", ""),
        ("{{ .Values.a }}{{ `}}` }}{{ .Values.b }}", "a b"),
        ("{{\n  .Values.a\n  | quote }}", "a"),
    ],
)
def test_what_is_read(text: str, expected: str) -> None:
    found = readings(text)
    assert sorted({shown(read) for read in found.reads if read.path}) == sorted(expected.split())
    assert found.unknown == ()


def test_all_values_at_once_is_a_read_of_everything() -> None:
    assert [(read.path, read.whole) for read in readings("{{ range $k, $v := .Values }}{{ $v }}{{ end }}{{ toYaml .Values }}").reads] == [
        (("*",), True),
        ((), True),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{{ include "lib.labels" . }}', "the named template `lib.labels` is not in this chart, or too deep"),
        ("{{ include .Values.name . }}", "`include` takes a name that is made up at run time"),
        ('{{ tpl (.Files.Get "x") . }}', "`tpl` evaluates a text that is made elsewhere"),
        ('{{ tpl "{{ .Values.x }}" . }}', "`tpl` evaluates a text that is made elsewhere"),
        ("{{ toYaml . }}", "all values are used at once"),
    ],
)
def test_what_nobody_can_know(text: str, reason: str) -> None:
    assert reason in {why for _, why in readings(text).unknown}


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("{{ if .Values.a }}", "`if` is not closed", (1, 4)),
        ("{{ if .Values.a }}{{ else }}", "`else` is not closed", (1, 22)),
        ("a\n{{ end }}", "`end` closes nothing", (2, 4)),
        ('{{ define "x" }}', "`define` is not closed", (1, 4)),
        ("{{ define x }}{{ end }}", "`define` needs a name", (1, 4)),
        ("{{ .Values.a", "an action is not closed", (1, 1)),
        ("{{ .Values.a } }}", "unexpected character in an action", (1, 1)),
        ("{{ (.Values.a }}", "a parenthesis is not closed", (1, 4)),
        ("{{ .Values.a) }}", "a parenthesis closes nothing", (1, 13)),
        ("{{ .Values.a | }}", "a command is empty", (1, 4)),
        ("{{ .Values.a , 1 }}", "unexpected mark in an action", (1, 14)),
        ("{{ with .a }}" * 60 + "{{ end }}" * 60, "blocks are nested too deep", (1, 1)),
        ("{{ " + "(" * 60 + "1" + ")" * 60 + " }}", "parentheses are nested too deep", (1, 54)),
        ("{{/* not closed }}", "unexpected character in an action", (1, 1)),
    ],
)
def test_templates_that_cannot_be_read(text: str, message: str, place: tuple[int, int]) -> None:
    found = readings(text, "")
    assert [(why, at.line, at.column) for at, why in found.unknown] == [(f"the template cannot be read: {message}", *place)]


def test_reads_have_places() -> None:
    found = readings('kind: x\nname: {{ .Values.a }}\n{{ include "shop.name" . }}\n')
    assert [(read.at.path, read.at.line, read.at.column) for read in found.reads] == [
        ("templates/x.yaml", 2, 10),
        ("templates/_helpers.tpl", 3, 5),
    ]


def test_templates_that_call_each_other_without_end() -> None:
    helpers = "".join(f'{{{{ define "t{n}" }}}}{{{{ .Values.k{n} }}}}{{{{ include "t{n + 1}" . }}}}{{{{ end }}}}' for n in range(3000))
    found = readings('{{ include "t0" . }}', helpers)
    assert len(found.reads) > 20
    assert "or too deep" in found.unknown[0][1]


PIECES = [
    "{{",
    "}}",
    "{{- ",
    " -}}",
    "if ",
    "end",
    "else",
    "with ",
    "range ",
    ".Values.a",
    ".",
    "$x",
    ":=",
    "=",
    "|",
    "(",
    ")",
    '"s"',
    "`r`",
    "1",
    " ",
    "include ",
    "dict ",
    "\n",
    "/*",
    "*/",
    ",",
    "define ",
]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_no_text_is_too_strange(text: str) -> None:
    scan({"x.yaml": text})
