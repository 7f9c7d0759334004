from __future__ import annotations

import pytest

from gitops_lint.merge.strvals import SetError, apply, parsed
from gitops_lint.node import Map, item_location, key_location

from .written import values


def assigned(base: str, text: str, *, as_string: bool = False) -> Map:
    out = values(base)
    for setting in parsed(text, as_string=as_string):
        out = apply(out, setting, Map("app.yaml"), 0)
    return out


@pytest.mark.parametrize(
    ("base", "text", "expected"),
    [  # https://helm.sh/docs/intro/using_helm, "The Format and Limitations of --set", and pkg/strvals
        ("{}", "name=value", "name: value"),
        ("{}", "a=b,c=d", "{a: b, c: d}"),
        ("{}", "outer.inner=value", "outer: {inner: value}"),
        ("{}", "name={a, b}", "name: [a, ' b']"),
        ("{}", "name={}", "name: ['']"),
        ("{}", "name={a},b=c", "{name: [a], b: c}"),
        ("{}", "name={a}b=c", "{name: [a], b: c}"),
        ("{}", "servers[0].port=80,servers[0].host=example", "servers: [{port: 80, host: example}]"),
        ("{}", "l[2]=x", "l: [null, null, x]"),
        ("{}", "l[0][1]=x", "l: [[null, x]]"),
        ("l: [1, 2]", "l[1]=x", "l: [1, x]"),
        ("l: [1]", "l[0].a=x", "l: [{a: x}]"),
        ("{}", "name=value1\\,value2", "name: 'value1,value2'"),
        ("{}", 'nodeSelector."kubernetes\\.io/role"=master', "nodeSelector: {'\"kubernetes.io/role\"': master}"),
        ("{}", "a=true,b=FALSE,c=null,d=Null", "{a: true, b: false, c: null, d: null}"),
        (
            "{}",
            "a=0,b=12,c=-3,d=+4,e=007,f=1.5,g=1e3,h=99999999999999999999",
            "{a: 0, b: 12, c: -3, d: 4, e: '007', f: '1.5', g: '1e3', h: '99999999999999999999'}",
        ),
        ("{}", "a=", "a: ''"),
        ("{}", "a=,b=1", "{a: '', b: 1}"),
        ("a: {b: 1, c: 2}", "a.b=3", "a: {b: 3, c: 2}"),
        ("a: {b: 1}", "a=x", "a: x"),
        ("{}", "=x", "{}"),
        ("{}", "l[0].a=", "l: []"),  # nothing after the last `=`: no item is added
        ("{}", "l[0].a=,b=1", "{l: [{a: ''}], b: 1}"),
        ("l: [{b: 1}]", "l[0].a=", "l: [{a: '', b: 1}]"),
        ("l: [[]]", "l[0][0].a=", "l: [[]]"),
        ("l: [null]", "l[0][0].a=", "l: [null]"),
        ("{}", "l[0]=", "l: ['']"),
        ("{}", "", "{}"),
        ("{}", "a[1", "{}"),
        ("{}", "b=1,a[1]", "b: 1"),
        ("{}", "a=b\\", "a: b\\"),
    ],
)
def test_what_set_gives(base: str, text: str, expected: str) -> None:
    assert assigned(base, text) == values(expected)


def test_set_string_takes_no_number() -> None:
    assert assigned("{}", "a=1,b=true,c=null,d={1,x}", as_string=True) == values("{a: '1', b: 'true', c: 'null', d: ['1', x]}")


@pytest.mark.parametrize(
    ("base", "text", "message"),
    [
        ("{}", "a", "key `a` has no value"),
        ("{}", "a,b=1", "key `a` has no value"),
        ("{}", "a=1,,b=2", "key `` has no value"),
        ("{}", "a={b", "the list for `a` has to end with a brace"),
        ("{}", "a[x]=1", "a list index has to be a number that is not too large"),
        ("{}", "a[-1]=1", "a list index has to be a number that is not too large"),
        ("{}", "a[65537]=1", "a list index has to be a number that is not too large"),
        ("{}", "a[0]b=1", "nothing but `.`, `[` or `=` may follow a list index"),
        ("{}", "a." * 40 + "b=1", "names are nested more than 30 deep"),
        ("{}", "a.=1", "`a` is given no key"),
        ("a: x", "a.b=1", "`b` is set below a value that is no map"),
        ("a: null", "a.b=1", "`b` is set below a value that is no map"),
        ("a: x", "a[0]=1", "index 0 is set in a value that is no list"),
    ],
)
def test_what_set_refuses(base: str, text: str, message: str) -> None:
    with pytest.raises(SetError) as caught:
        assigned(base, text)
    assert str(caught.value) == message


def test_what_is_set_knows_where_and_nothing_is_changed() -> None:
    base = values("a: {b: 1, l: [1]}")
    out = base
    for setting in parsed("a.b=2,a.l[2]=3"):
        out = apply(out, setting, Map("app.yaml"), 7 << 24 | 4)
    assert key_location(out["a"], "b")[:3] == ("app.yaml", 8, 5)
    assert [item_location(out["a"]["l"], index)[:2] for index in range(3)] == [("values.yaml", 1), ("app.yaml", 8), ("app.yaml", 8)]
    assert base == values("a: {b: 1, l: [1]}")
