"""How Argo CD, Flux and Helmfile put the values of a chart together."""

from __future__ import annotations

import pytest

from gitops_lint.merge import argocd, flux, helmfile
from gitops_lint.node import Seq, key_location

from .written import values


def parameters(text: str) -> Seq:
    found = values(f"parameters: {text}", "app.yaml")["parameters"]
    assert isinstance(found, Seq)
    return found


def test_argo_takes_parameters_over_the_block_over_files() -> None:  # docs/user-guide/helm.md, "Values", "Helm --set"
    out, wrong = argocd.values(
        [values("{a: 1, b: 1, c: 1}"), None, values("{a: 2, b: 2}")],
        text=values("a: text"),
        block=values("a: 3"),
        parameters=parameters("[{name: a, value: '4'}]"),
    )
    assert (out, wrong) == (values("{a: 4, b: 2, c: 1}"), [])
    assert argocd.values([values("a: 1")], text=values("a: text"))[0] == values("a: text")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("[{name: a.b, value: x}]", "a: {b: x}"),
        ("[{name: a, value: 'true'}, {name: b, value: 'true', forceString: true}]", "{a: true, b: 'true'}"),
        ("[{name: a, value: 'x,y'}]", "a: 'x,y'"),
        ("[{name: a, value: 'x\\,y'}]", "a: 'x,y'"),
        ("[{name: a, value: '{x,z}'}]", "a: [x, z]"),
        ("[{name: 'a[0].b', value: '1'}]", "a: [{b: 1}]"),
        ("[{name: a, value: '1', forceString: true}, {name: a, value: '2'}]", "a: 2"),
        ("[{name: a}, x, {value: 1}]", "a: ''"),
        ("[{name: a, value: 1.10}]", "a: '1.10'"),
    ],
)
def test_argo_parameters(given: str, expected: str) -> None:
    assert argocd.with_parameters(values("{}"), parameters(given)) == (values(expected), [])


def test_argo_parameters_know_where_they_are_written_and_what_is_wrong() -> None:
    out, wrong = argocd.with_parameters(
        values("a: x"), parameters("\n- {name: b, value: '1'}\n- {name: a.c, value: '1'}\n- {name: 'd[x]', value: '1'}\n")
    )
    assert key_location(out, "b")[:3] == ("app.yaml", 2, 20)
    assert wrong == ["`c` is set below a value that is no map", "a list index has to be a number that is not too large"]


def test_an_override_file_cannot_move_the_source() -> None:  # docs/user-guide/parameters.md
    source = values("{repoURL: r, path: p, helm: {parameters: [{name: a, value: '1'}], values: x, valueFiles: [v]}}")
    patch = values("{repoURL: other, targetRevision: x, helm: {parameters: [{name: b, value: '2'}], values: null}}")
    assert argocd.patched(source, patch) == values("{repoURL: r, path: p, helm: {parameters: [{name: b, value: '2'}], valueFiles: [v]}}")


@pytest.mark.parametrize(
    ("target", "patch", "expected"),
    [  # RFC 7396, appendix A, where both are objects
        ('{"a":"b"}', '{"a":"c"}', '{"a":"c"}'),
        ('{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'),
        ('{"a":"b"}', '{"a":null}', "{}"),
        ('{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'),
        ('{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'),
        ('{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'),
        ('{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'),
        ('{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'),
        ('{"e":null}', '{"a":1}', '{"e":null,"a":1}'),
        ("{}", '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'),
    ],
)
def test_json_merge_patch(target: str, patch: str, expected: str) -> None:
    assert argocd.merge_patch(values(target), values(patch)) == values(expected)


def test_flux_takes_the_inline_block_over_references_in_order() -> None:  # helm-controller docs/spec/v2/helmreleases.md, "Values"
    references = [flux.Reference(values("{a: 1, b: 1, c: null}")), flux.Reference(values("{a: 2, b: 2}"))]
    assert flux.values(references, values("a: 3")) == (values("{a: 3, b: 2, c: null}"), [])
    assert flux.values(references, None) == (values("{a: 2, b: 2, c: null}"), [])


@pytest.mark.parametrize(
    ("reference", "target", "text", "inline", "expected"),
    [
        ("{}", "a.b", "x", "{}", "a: {b: x}"),
        ("{}", "a", "x", "a: inline", "a: inline"),  # against the documentation: the block is merged once more at the end
        ("{}", "a.b", "x", "a: {b: inline}", "a: {b: x}"),  # the target lies in the block's own map
        ("a: {c: 1}", "a.b", "x", "a: {b: inline}", "a: {b: inline, c: 1}"),  # and here in a merged one
        ("a: {c: 1}", "a.b.d", "x", "a: {b: {d: inline}}", "a: {b: {d: x}, c: 1}"),
        ("{}", "l[0].b", "x", "l: [{b: inline}]", "l: [{b: x}]"),
        ("l: [1]", "l[1].b", "x", "l: [{b: inline}]", "l: [{b: inline}]"),
        ("{}", "l[0].b.c", "x", "l: [{b: {c: inline}}]", "l: [{b: {c: x}}]"),
        ("l: {b: 1}", "l.b.c.d", "x", "l: {b: {c: {d: 1}}}", "l: {b: {c: {d: x}}}"),
        ("{}", "a", "'1'", "{}", "a: '1'"),
        ("{}", "a", "1", "{}", "a: 1"),
        ("{}", "a", "x,b=z", "{}", "{a: x, b: z}"),
        ("{}", "a.b[3].c", "x", "b: 1", "{a: {b: [null, null, null, {c: x}]}, b: 1}"),
    ],
)
def test_flux_target_paths(reference: str, target: str, text: str, inline: str, expected: str) -> None:
    references = [flux.Reference(values(reference)), flux.Reference(target=target, text=text)]
    assert flux.values(references, values(inline)) == (values(expected), [])


def test_flux_literals_and_refusals() -> None:
    assert flux.values([flux.Reference(target="a", text="{x, y}: \\1", literal=True)], None)[0] == {"a": "{x, y}: \\1"}
    assert flux.values([flux.Reference(target="a[x]", text="x")], None)[1] == ["a list index has to be a number that is not too large"]


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [  # github.com/helmfile/helmfile pkg/maputil/maputil_test.go tells the same story
        ("{a: {b: 1}}", "{a: {c: 2}}", "{a: {b: 1, c: 2}}"),
        ("{a: 1}", "{a: null, b: null}", "{a: 1, b: null}"),
        ("{l: [1, 2, 3]}", "{l: [4]}", "{l: [4]}"),
        ("{l: [1, 2, 3]}", "{l: []}", "{l: []}"),
        ("{l: [1, 2, 3]}", "{l: [null, 5]}", "{l: [1, 5, 3]}"),
        ("{l: [1]}", "{l: [null, null, 5]}", "{l: [1, null, 5]}"),
        ("{l: [{a: 1, b: 1}, x]}", "{l: [{a: 2}, null]}", "{l: [{a: 2, b: 1}, x]}"),
        ("{l: x}", "{l: [null, 1]}", "{l: [null, 1]}"),
        ("{a: {b: 1}}", "{a: x}", "{a: x}"),
    ],
)
def test_helmfile_layers(lower: str, upper: str, expected: str) -> None:
    assert helmfile.overlay(values(lower), values(upper)) == values(expected)


@pytest.mark.parametrize(("fallback", "expected"), [(False, "{a: 2, b: 1, on: true, c: 3}"), (True, "{a: 1, b: 1, on: false, c: 3}")])
def test_helmfile_values_of_an_environment(*, fallback: bool, expected: str) -> None:
    entries = [values("{a: 1, b: 1, on: false}"), None, values("{a: 2, on: true, c: 3}")]
    assert helmfile.values(entries, fallback=fallback) == values(expected)


def test_helmfile_values_replace_with_null_within_one_list() -> None:
    assert helmfile.values([values("{a: 1, l: [1, 2]}"), values("{a: null, l: [null, 3]}")]) == values("{a: null, l: [null, 3]}")
