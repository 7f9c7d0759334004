from __future__ import annotations

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_lint.cli.check import command
from gitops_lint.words import SEVERAL, TEXTS, WORDS, read

FLAGS = sorted(name for option in command.params if isinstance(option, click.Option) and option.is_flag for name in option.opts)
VALUES = st.sampled_from(["error", "warning", "base", "head", "staged", "never", "json", "a,b", "", "-q", "x=y", "main", "text:out.txt"])
GROUPS = st.one_of(
    st.sampled_from(FLAGS).map(lambda name: [name]),
    st.tuples(st.sampled_from([*TEXTS, *SEVERAL, *WORDS]), VALUES).map(list),
    st.tuples(st.sampled_from([*TEXTS, *SEVERAL, *WORDS]), VALUES).map(lambda pair: ["=".join(pair)]),
    st.sampled_from([["."], ["shop"], ["-"], ["--"], ["-vq"], ["--help"], ["--nonsense"], ["--stdin-filename", "x"], ["--base"]]),
)


@given(st.lists(GROUPS, max_size=5).map(lambda groups: [word for group in groups for word in group]))
def test_what_is_understood_is_what_click_understands(words: list[str]) -> None:
    options = read(words)
    if options is not None:
        assert options == command.make_context("check", list(words)).params


@pytest.mark.parametrize(
    "words",
    [[], ["--staged"], ["--base", "main"], ["shop", "-q"], ["--format=json", "--output", "sarif:x", "--output", "html:y"], ["--all"]],
)
def test_what_hooks_and_pipelines_say_is_understood(words: list[str]) -> None:
    assert read(words) == command.make_context("check", list(words)).params


@pytest.mark.parametrize(
    "words", [["--nonsense"], ["--base"], ["--color", "sometimes"], ["a", "b"], ["-h"], ["--", "x"], ["-"], ["--stdin-filename", "x"]]
)
def test_anything_else_is_left_to_click(words: list[str]) -> None:
    assert read(words) is None
