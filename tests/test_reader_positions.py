from __future__ import annotations

import textwrap
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_lint.model import Document
from gitops_lint.node import Map, Opaque, Seq, unpack
from gitops_lint.reader import read


def doc(text: str) -> Document:
    return read(textwrap.dedent(text).encode(), "values.yaml")


def root(text: str) -> Map:
    document = doc(text)
    assert document.error is None, document.error
    value = document.roots[0].value
    assert isinstance(value, Map)
    return value


def maps(value: object) -> Iterator[Map]:
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Map):
            yield node
            waiting += node.values()
        elif isinstance(node, Seq):
            waiting += node


def test_keys_values_and_items() -> None:
    tree = root("""\
        image:
          tag: '1.0'   # quoted
        list: [a, {b: c}]
        """)
    assert tree.path == "values.yaml"
    assert unpack(tree.key_at["list"]) == (2, 0)
    assert unpack(tree.value_at["image"]) == (1, 2)
    assert unpack(tree["image"].key_at["tag"]) == (1, 2)
    assert unpack(tree["image"].value_at["tag"]) == (1, 7)
    assert [unpack(at) for at in tree["list"].value_at] == [(2, 7), (2, 10)]
    assert unpack(tree["list"].at) == (2, 6)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings(ending: str) -> None:
    document = read(f"a: 1{ending}b:{ending}  c: 2".encode(), "x")
    tree = document.roots[0].value
    assert isinstance(tree, Map)
    assert unpack(tree["b"].key_at["c"]) == (2, 2)


def test_a_byte_order_mark_moves_nothing() -> None:
    tree = read(b"\xef\xbb\xbfa: 1\n", "x").roots[0].value
    assert isinstance(tree, Map)
    assert (tree["a"], unpack(tree.key_at["a"])) == (1, (0, 0))


@pytest.mark.parametrize("break_", ["\x85", "\u2028", "\u2029"])
def test_breaks_that_editors_do_not_know_start_no_line(break_: str) -> None:
    tree = root(f"a: x{break_}b: y\nc: 1\n")
    assert tree == {"a": "x", "b": True, "c": 1}
    assert unpack(tree.key_at["b"]) == (0, 5)
    assert unpack(tree.key_at["c"]) == (1, 0)


def test_written() -> None:
    tree = root("a: yes\nb: 0644\nc: 1.10\nd: 1234567\ne: 80\nf: true\ng: '010'\nh: ~\ni: [no, 1, &x 1_000, *x]\n")
    assert tree.written == {"a": "yes", "b": "0644", "c": "1.10", "d": "1234567"}
    assert tree["i"].written == {0: "no", 2: "1_000"}
    assert tree["i"] == [False, 1, 1000, 1000]


def test_duplicates_are_compared_after_conversion() -> None:
    document = doc("a: 1\n8080: x\n'8080': z\na: 2\nyes: 1\ntrue: {}\n")
    assert document.roots[0].value == {"a": 2, "8080": "z", "true": {}}
    assert [(d.key, unpack(d.first), unpack(d.again)) for d in document.duplicates] == [
        ("8080", (1, 0), (2, 0)),
        ("a", (0, 0), (3, 0)),
        ("true", (4, 0), (5, 0)),
    ]


def test_merges_happen_where_they_are_written() -> None:
    document = doc("""\
        base: &base {x: 1, y1: 010}
        under:
          <<: *base
          x: 9
        over:
          x: 9
          <<: *base
        several:
          !!merge <<: [*base, {x: 2, z: 3}]
        """)
    tree = document.roots[0].value
    assert isinstance(tree, Map)
    assert tree["under"] == {"x": 9, "y1": 8}
    assert tree["over"] == {"x": 1, "y1": 8}
    assert tree["several"] == {"x": 1, "y1": 8, "z": 3}
    assert document.duplicates == ()
    assert [unpack(at) for at in document.merges_after] == [(6, 2)]
    assert unpack(tree["under"].key_at["x"]) == (3, 2)
    assert unpack(tree["under"].key_at["y1"]) == (0, 19)
    assert tree["under"].written == {"y1": "010"}


def test_aliases_share_what_they_name() -> None:
    tree = root("a: &a {b: 1}\nc: *a\n")
    assert tree["c"] is tree["a"]
    assert unpack(tree.value_at["c"]) == (1, 3)


def test_an_aliased_key() -> None:
    assert root("a: &k name\n*k : v\n") == {"a": "name", "name": "v"}


def test_documents() -> None:
    document = doc("# none\n---\na: 1\n---\n---\n- 1\n...\n")
    assert [(entry.value, unpack(entry.at)[0]) for entry in document.roots] == [({"a": 1}, 2), (None, 4), ([1], 5)]
    assert [entry.value for entry in doc("").roots] == [None]


def test_documents_before_an_error_are_kept() -> None:
    document = doc("a: 1\n---\nb: [\n")
    assert [entry.value for entry in document.roots] == [{"a": 1}]
    assert document.error is not None
    assert document.error.line == 4


def test_comments() -> None:
    document = doc("""\
        # gitops-lint: only[dev] first
        a: "# gitops-lint: text"   # gitops-lint: ignore[x] why
        b: |
          # gitops-lint: text
        c: x#gitops-lint:text
        #gitops-lint:last
        """)
    assert [(unpack(at), text) for at, text in document.comments] == [
        ((0, 0), "only[dev] first"),
        ((1, 27), "ignore[x] why"),
        ((5, 0), "last"),
    ]
    assert doc("a: 1 # other\n").comments == ()


def test_sops() -> None:
    document = doc("a: ENC[x]\nsops:\n  mac: m\n  version: 3.7\n")
    assert document.encrypted == "sops"
    assert document.roots[0].value == {"a": "ENC[x]"}
    plain = doc("sops: {version: 1}\n")
    assert plain.encrypted == ""
    assert plain.roots[0].value == {"sops": {"version": 1}}


def test_the_escape_that_only_go_knows() -> None:
    tree = root("a: \"it\\'s \\\\\\' \\\\\"\nb: '\\'\nc: \"\\'\"\n")
    assert tree == {"a": "it's \\' \\", "b": "\\", "c": "'"}
    assert unpack(tree.key_at["c"]) == (2, 0)


KEYS = st.text("abcdeé\U0001f600 -_.", min_size=1, max_size=8).map(lambda key: key.strip(" -.") or "k")
SCALARS = st.one_of(st.integers(), st.booleans(), st.none(), st.sampled_from(["x", "'yes'", '"é"', "1.10", "yes", "&a b", "!!str 1"]))
TREES = st.recursive(SCALARS, lambda inner: st.dictionaries(KEYS, inner, min_size=1, max_size=4) | st.lists(inner, min_size=1, max_size=3))


def written(value: object, indent: int = 0) -> str:
    pad = "  " * indent
    if isinstance(value, dict):
        return "\n" + "".join(f"{pad}{key}:{written(inner, indent + 1)}" for key, inner in value.items())
    if isinstance(value, list):
        return "\n" + "".join(f"{pad}-{written(inner, indent + 1)}" for inner in value)
    return f" {'~' if value is None else str(value).lower() if isinstance(value, bool) else value}\n"


@given(st.dictionaries(KEYS, TREES, min_size=1, max_size=5))
def test_positions_point_at_the_text(tree: dict[str, object]) -> None:
    text = written(tree).lstrip("\n")
    document = read(text.encode(), "x")
    assert document.error is None
    lines = text.split("\n")
    for node in maps(document.roots[0].value):
        for key, value in node.items():
            line, column = unpack(node.key_at[key])
            start = lines[line][column:]
            assert start.startswith((key, "y:", "n:"))
            line, column = unpack(node.value_at[key])
            if isinstance(value, str) and not isinstance(value, Opaque):
                assert value in lines[line][column:]
