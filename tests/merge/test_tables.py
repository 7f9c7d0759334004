from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_lint.merge.helm import merge
from gitops_lint.merge.tables import Notes, overlay, under, without_null
from gitops_lint.node import Map, Seq, Value, home, key_location

from .written import values


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [
        ("a: 1", "b: 2", "{a: 1, b: 2}"),
        ("a: 1", "a: 2", "a: 2"),
        ("a: {b: 1}", "a: {c: 2}", "a: {b: 1, c: 2}"),
        ("a: {b: 1}", "a: {}", "a: {b: 1}"),  # an empty map clears nothing
        ("a: [1, 2]", "a: [3]", "a: [3]"),
        ("a: {b: 1}", "a: x", "a: x"),
        ("a: x", "a: {b: 1}", "a: {b: 1}"),
        ("a: 1", "a: null", "a: null"),  # kept until it meets the chart's defaults
        ("a: {b: 1, c: 2}", "a: {b: null}", "a: {b: null, c: 2}"),
        ("a: null", "a: {b: 1}", "a: {b: 1}"),
        ("{}", "a: 1", "a: 1"),
        ("a: 1", "{}", "a: 1"),
    ],
)
def test_values_files_merge_as_helm_merges_them(lower: str, upper: str, expected: str) -> None:
    assert merge([values(lower), None, values(upper)]) == values(expected)


@pytest.mark.parametrize(
    ("user", "default", "coalesced", "merged"),
    [
        ("a: {}", "a: {b: 1}", "a: {b: 1}", "a: {b: 1}"),
        ("a: {b: null}", "a: {b: 1}", "a: {}", "a: {b: null}"),
        ("a: {b: null}", "a: {b: null}", "a: {b: null}", "a: {b: null}"),
        ("a: {b: null}", "a: {c: 1}", "a: {b: null, c: 1}", "a: {b: null, c: 1}"),
        ("a: {b: {c: null}}", "a: {b: {c: 1, d: 2}}", "a: {b: {d: 2}}", "a: {b: {c: null, d: 2}}"),
        ("a: {b: 1}", "a: {b: {c: 1}}", "a: {b: 1}", "a: {b: 1}"),
        ("a: {b: {c: 1}}", "a: {b: 1}", "a: {b: {c: 1}}", "a: {b: {c: 1}}"),
        ("a: [1]", "a: [2, 3]", "a: [1]", "a: [1]"),
    ],
)
def test_user_values_over_defaults(user: str, default: str, coalesced: str, merged: str) -> None:
    notes = Notes([], [])
    assert under(values(user), values(default), keep_null=False, notes=notes) == values(coalesced)
    assert under(values(user), values(default), keep_null=True, notes=notes) == values(merged)


def test_warnings_name_keys_and_no_value() -> None:
    notes = Notes([], [])
    under(values("{a: {b: hush}, c: {d: 1}}"), values("{a: {b: {x: 1}}, c: hush}"), keep_null=False, notes=notes)
    assert notes.warnings == [
        "`a.b` is a map in the defaults and a scalar above them",
        "`c` is a scalar in the defaults and a map above them",
    ]
    under(values("{a: [hush]}"), values("{a: {b: 1}}"), keep_null=False, notes=notes)
    assert notes.warnings[-1] == "`a` is a map in the defaults and a list above them"


def test_null_is_taken_out_and_the_rest_is_shared() -> None:
    node = values("{a: {b: null, c: {d: 1}}, e: {f: 1}, g: null}")
    assert without_null(node) == values("{a: {c: {d: 1}}, e: {f: 1}}")
    assert without_null(node)["e"] is node["e"]
    assert without_null(node["e"]) is node["e"]


def test_what_one_layer_alone_has_is_not_copied() -> None:
    common = values("{a: {b: {c: 1}, d: {e: 1}}, f: [1]}", "common.yaml")
    dev = merge([common, values("a: {b: {c: 2}}", "dev.yaml")])
    prod = merge([common, values("a: {b: {c: 3}}", "prod.yaml")])
    assert dev["a"]["d"] is prod["a"]["d"]
    assert dev["f"] is common["f"]
    assert merge([common]) is common
    assert merge([common, Map()]) is common


def test_each_key_knows_where_it_was_written() -> None:
    out = merge([values("a:\n  b: 1\n  c: 2\n", "common.yaml"), values("x: 0\na:\n  c: 3\n", "dev.yaml"), values("x: 1", "last.yaml")])
    assert [key_location(out["a"], key)[:3] for key in "bc"] == [("common.yaml", 2, 3), ("dev.yaml", 3, 3)]
    assert key_location(out, "a")[:3] == ("dev.yaml", 2, 1)
    assert key_location(out, "x")[:3] == ("last.yaml", 1, 1)
    assert (out["a"].path, out.path) == ("dev.yaml", "last.yaml")


KEYS = st.sampled_from(["a", "b", "c", "d"])
MAP_KEYS = st.sampled_from(["m", "n"])
SCALARS = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["x", ""])


def node(value: object) -> Value:
    if isinstance(value, dict):
        out = Map("some.yaml")
        for key, item in value.items():
            out[key], out.key_at[key], out.value_at[key] = node(item), 0, 0
        return out
    if isinstance(value, list):
        items = Seq("some.yaml")
        items.extend(node(item) for item in value)
        return items
    return value  # type: ignore[return-value]


TREES = st.recursive(SCALARS, lambda inner: st.dictionaries(KEYS, inner, max_size=3) | st.lists(inner, max_size=2), max_leaves=12)
MAPS = st.dictionaries(KEYS, TREES, max_size=4).map(node).filter(lambda value: isinstance(value, Map))


def entries(tree: Map) -> Iterator[tuple[Map, str, Value]]:
    for key, value in tree.items():
        yield tree, key, value
        if isinstance(value, Map):
            yield from entries(value)


STEADY = st.recursive(
    st.dictionaries(KEYS, SCALARS, max_size=3),
    lambda inner: st.builds(
        lambda flat, deep: {**flat, **deep}, st.dictionaries(KEYS, SCALARS, max_size=2), st.dictionaries(MAP_KEYS, inner)
    ),
    max_leaves=6,
).map(node)


@given(st.lists(STEADY.filter(lambda value: isinstance(value, Map)), min_size=3, max_size=3))
def test_merging_is_associative_where_maps_stay_maps_and_changes_nothing(layers: list[Map]) -> None:
    before = copy.deepcopy([dict(layer) for layer in layers])
    one, two, three = layers
    assert overlay(overlay(one, two), three) == overlay(one, overlay(two, three)) == merge(layers)
    assert [dict(layer) for layer in layers] == before


@given(st.lists(MAPS, min_size=1, max_size=4), MAPS)
def test_provenance_leads_to_a_map_that_was_read(layers: list[Map], defaults: Map) -> None:
    read = {
        id(tree) for layer in (*layers, defaults) for tree in (layer, *(value for _, _, value in entries(layer) if isinstance(value, Map)))
    }
    before = copy.deepcopy(dict(defaults))
    for keep_null in (True, False):
        out = under(merge(layers), defaults, keep_null=keep_null, notes=Notes([], []))
        for tree, key, value in entries(out):
            origin = home(tree, key)
            assert id(origin) in read
            assert key in origin
            assert isinstance(value, Map) or value == origin[key]
    assert dict(defaults) == before
