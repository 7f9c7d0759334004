"""`${VAR}` after the build: what Flux and drone/envsubst document, and what comes of values that are not known here."""

from __future__ import annotations

import pytest

from gitops_lint import reader
from gitops_lint.blueprint import Substitution
from gitops_lint.merge.evaluated import Evaluated
from gitops_lint.merge.flux_variables import apply, expand
from gitops_lint.node import Location, Map, Opaque, value_location

HERE = Location("cluster.yaml")


def given(text: str = "{HOST: example.org, EMPTY: '', PORT: 8080, VERSION: 1.10}", *, complete: bool = True) -> Substitution:
    root = reader.read(text.encode(), "cluster.yaml").roots[0].value
    assert isinstance(root, Map)
    return Substitution(root, complete, HERE)


@pytest.mark.parametrize(
    ("text", "expected", "undefined"),
    [
        ("plain", "plain", ()),
        ("${HOST}", "example.org", ()),
        ("https://${HOST}:${PORT}/", "https://example.org:8080/", ()),
        ("v${VERSION}", "v1.10", ()),
        ("$HOST $(HOST) $${HOST}", "$HOST $(HOST) ${HOST}", ()),
        ("${NONE}", "", ("NONE",)),
        ("${NONE:-there}", "there", ()),
        ("${NONE:=there}", "there", ()),
        ("${NONE-there}", "there", ()),
        ("${HOST:-there}", "example.org", ()),
        ("${EMPTY:-there}", "there", ()),
        ("${EMPTY-there}", "", ()),
        ("${NONE/a/b}", "", ("NONE",)),
        ("${1X} ${a-b}", "${1X} b", ()),
    ],
)
def test_expand(text: str, expected: str, undefined: tuple[str, ...]) -> None:
    assert expand(text, given()) == (expected, undefined, True)


@pytest.mark.parametrize("text", ["${OTHER}", "${OTHER:-x}", "a ${HOST} ${OTHER}"])
def test_a_variable_of_the_cluster_is_not_known(text: str) -> None:
    done = expand(text, given(complete=False))
    assert (done.known, done.undefined) == (False, ())


def test_a_function_of_a_value_is_not_computed() -> None:
    assert not expand("${HOST/example/other}", given()).known


OBJECTS = """\
{"Deployment/shop:": {kind: Deployment, spec: {replicas: "${PORT}", host: "h ${PORT}", list: [{name: a, value: "${NONE}"}, "${HOST}"]}},
 "kustomization:": {patches: "${NONE}"},
 "CustomResourceDefinition/x:": {kind: CustomResourceDefinition, spec: {description: "${var}"}}}
"""


def evaluated() -> Evaluated:
    root = reader.read(OBJECTS.encode(), "objects.yaml").roots[0].value
    assert isinstance(root, Map)
    return Evaluated(root)


def test_objects_are_filled_in_and_read_again() -> None:
    before = evaluated()
    done = apply(before, given())
    spec = done.values["Deployment/shop:"]["spec"]
    assert spec == {"replicas": 8080, "host": "h 8080", "list": [{"name": "a", "value": None}, "example.org"]}
    assert [(entry.name, entry.key, entry.embedded) for entry in done.undefined] == [
        ("NONE", ("Deployment/shop:", "spec", "list", "[a]", "value"), False)
    ]
    assert done.values["kustomization:"] is before.values["kustomization:"]
    assert done.values["CustomResourceDefinition/x:"] is before.values["CustomResourceDefinition/x:"]
    assert before.values["Deployment/shop:"]["spec"]["replicas"] == "${PORT}"


def test_a_value_stays_where_it_was_written() -> None:
    done = apply(evaluated(), given()).values["Deployment/shop:"]["spec"]
    assert value_location(done, "replicas")[:3] == ("objects.yaml", 1, 58)


def test_nothing_is_copied_where_nothing_is_filled_in() -> None:
    root = reader.read(b"{'ConfigMap/a:': {kind: ConfigMap, data: {a: b}}}", "a.yaml").roots[0].value
    assert isinstance(root, Map)
    assert apply(Evaluated(root), given()).values is root


def test_a_secret_value_is_opaque() -> None:
    variables = Map("secret.yaml")
    variables["PIN"] = Opaque("PIN")
    done = apply(evaluated(), Substitution(variables, complete=False, at=HERE))
    assert isinstance(done.values["Deployment/shop:"]["spec"]["replicas"], Opaque)


def test_what_grows_without_end_is_told() -> None:
    root = reader.read(("'ConfigMap/a:': {data: {a: '" + "${LONG} " * 100_000 + "', b: '${LONG}'}}").encode(), "a.yaml").roots[0].value
    assert isinstance(root, Map)
    done = apply(Evaluated(root), given("LONG: " + "x" * 100_000))
    assert isinstance(done.values["ConfigMap/a:"]["data"]["a"], Opaque)
    assert isinstance(done.values["ConfigMap/a:"]["data"]["b"], Opaque)
    assert [(entry.path, entry.reason) for entry in done.hazy] == [
        ("cluster.yaml", "its variables make the objects too long to be looked at")
    ]
