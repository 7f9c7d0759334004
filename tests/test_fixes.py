"""Edits change what they are meant to change, and no other byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_lint import reader
from gitops_lint.finding import Edit, Remove, Replace, Set
from gitops_lint.fixes.nodes import UnfixableError
from gitops_lint.fixes.verify import apply
from gitops_lint.node import Location


@pytest.mark.parametrize(
    ("before", "edit", "after"),
    [
        ("a: 1 # one\nb:   2\n", Set("f", ("b",), "x"), 'a: 1 # one\nb:   "x"\n'),
        ("a:\n  b: 1\nc: 2\n", Set("f", ("a", "d"), 3), "a:\n  b: 1\n  d: 3\nc: 2\n"),
        ("a:\n  b: 1\n  # about e\n\nc: 2\n", Set("f", ("a", "d", "e"), "x"), "a:\n  b: 1\n  d:\n    e: x\n  # about e\n\nc: 2\n"),
        ("a:\n    b: 1", Set("f", ("a", "d"), 3), "a:\n    b: 1\n    d: 3\n"),
        ("a:\nc: 2\n", Set("f", ("a", "b"), 1), "a:\n  b: 1\nc: 2\n"),
        ("a: {b: 1}\n", Set("f", ("a", "c"), "x"), 'a: {b: 1, "c": "x"}\n'),
        ("a: {}\n", Set("f", ("a", "c"), 1), 'a: {"c": 1}\n'),
        ("env:\n- name: A\n  value: x\n- name: B\n  value: y\n", Set("f", ("env", "[B]", "value"), "z"), None),
        ("a:\n  b: 1\n  c: |\n    text\n", Set("f", ("a", "d"), 1), "a:\n  b: 1\n  c: |\n    text\n  d: 1\n"),
        ("a: 1\r\nb: 2\r\n", Set("f", ("c",), 3), "a: 1\r\nb: 2\r\nc: 3\r\n"),
        ("a: 1\nb: 2\n", Remove("f", ("b",)), "a: 1\n"),
        ("a:\n  b: 1\nc: 2\n", Remove("f", ("a", "b")), "c: 2\n"),
        ("a:\n  b:\n  - 1\n  - 2\n  c: 3\n", Remove("f", ("a", "b")), "a:\n  c: 3\n"),
        ("a: 1 # gitops-lint: ignore[x]\n", Replace("f", Location("f", 1, 5, 1, 30), " # gitops-lint: ignore[x]", ""), "a: 1\n"),
    ],
)
def test_an_edit_changes_one_place(before: str, edit: Edit, after: str | None) -> None:
    changed = apply(before.encode(), (edit,), "f").decode()
    assert changed == (after if after is not None else before.replace("value: y", 'value: "z"'))


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("a: ~\n", Set("f", ("a", "b"), 1)),
        ("a: [1, 2]\n", Set("f", ("a", "b"), 1)),
        ("a: 1\n", Remove("f", ("b",))),
        ("a: 1\n", Remove("f", ("a",))),
        ("a: {b: 1, c: 2}\n", Remove("f", ("a", "b"))),
        ("a: &x\n  b: 1\nc: *x\n", Set("f", ("c", "b"), 2)),
        ("a: |\n  text\n", Set("f", ("a",), "x")),
        ("env: []\n", Set("f", ("env", "[A]", "value"), "x")),
        ("", Set("f", ("a",), 1)),
        ("a: 1\n", Replace("f", Location("f", 1, 1, 1, 2), "b", "c")),
        ("a: [\n", Set("f", ("b",), 1)),
    ],
)
def test_an_edit_that_would_do_more_is_refused(text: str, edit: Edit) -> None:
    with pytest.raises(UnfixableError):
        apply(text.encode(), (edit,), "f")


_KEYS = st.text(alphabet="abcdefgh", min_size=1, max_size=3)
_TREES = st.recursive(st.integers(0, 99), lambda inner: st.dictionaries(_KEYS, inner, min_size=1, max_size=3), max_leaves=8)


def _text(tree: object, indent: int = 0) -> str:
    if not isinstance(tree, dict):
        return f" {tree}\n"
    return "\n" * (indent > 0) + "".join(f"{' ' * indent}{key}:{_text(value, indent + 2)}" for key, value in tree.items())


_EDITS = st.builds(Set, st.just("f"), st.lists(_KEYS, min_size=1, max_size=3).map(tuple), st.sampled_from([1, "x", True, None]), st.just(0))


@given(st.dictionaries(_KEYS, _TREES, min_size=1, max_size=3), _EDITS)
def test_set_gives_the_key_its_value_and_changes_nothing_else(tree: dict[str, object], edit: Set) -> None:
    try:
        changed = apply(_text(tree).encode(), (edit,), "f")
    except UnfixableError:
        return
    after: object = reader.read(changed, "f").roots[0].value
    for segment in edit.key:
        assert isinstance(after, dict)
        after = after[segment]
    assert after == edit.value
    again = apply(changed, (edit,), "f")
    assert apply(again, (edit,), "f") == again
