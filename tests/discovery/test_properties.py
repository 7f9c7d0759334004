"""What holds for any tree: nobody's file is another's, names are unique, and the order of the files does not matter."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_lint import reader
from gitops_lint.blueprint import Blueprint
from gitops_lint.discovery.adapters import discover
from gitops_lint.discovery.ignored import excluded
from gitops_lint.discovery.names import Names, is_region
from gitops_lint.files import Files
from gitops_lint.model import Role
from gitops_lint.settings import EPHEMERAL, Settings
from gitops_lint.stages import Stages
from gitops_lint.trees.memory import MemoryTree

WORDS = [
    "dev",
    "prod",
    "staging",
    "qa",
    "pre-prod",
    "shop",
    "values",
    "eu",
    "envs",
    "clusters",
    "base",
    "common",
    "stone",
    "api",
    "test",
    "release",
]
TEXTS = ["replicas: 1\n", "apiVersion: v1\nkind: Service\nmetadata: {name: shop}\n", "- op: remove\n", "A=1\n", "", "\0\1"]

segments = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).flatmap(
    lambda words: st.sampled_from("-_.").map(lambda sep: sep.join(words))
)
names = st.one_of(
    segments.map(lambda s: s + ".yaml"), st.sampled_from(["Chart.yaml", "values.yaml", "kustomization.yaml", ".env", "shop", "prod.json"])
)
paths = st.tuples(st.lists(segments, max_size=4), names).map(lambda parts: "/".join((*parts[0], parts[1])))
trees = st.dictionaries(paths, st.sampled_from(TEXTS), max_size=40).filter(
    lambda tree: not any(other.startswith(path + "/") for path in tree for other in tree)
)


def discovered(tree: dict[str, str]) -> tuple[Blueprint, ...]:
    return discover(Files(MemoryTree(tree), reader.read), Settings())


@given(trees)
def test_a_file_is_the_own_layer_of_one_environment(tree: dict[str, str]) -> None:
    owners = Counter(source.path for blueprint in discovered(tree) for source in blueprint.sources if source.role is not Role.COMMON)
    assert not [path for path, count in owners.items() if count > 1]


@given(trees)
def test_every_application_has_environments_of_different_names(tree: dict[str, str]) -> None:
    found = discovered(tree)
    assert max(Counter((b.application, b.name) for b in found).values(), default=1) == 1
    assert min(Counter(b.application for b in found).values(), default=2) > 1
    assert len({(b.application, b.system) for b in found}) == len({b.application for b in found})


@given(trees)
def test_layers_are_there_and_the_last_is_the_environments_own(tree: dict[str, str]) -> None:
    for blueprint in discovered(tree):
        assert all(source.path in tree for source in blueprint.sources)
        assert blueprint.system != "helm" or blueprint.sources[-1].role in (Role.OWN, Role.SHAPE)


@given(trees, st.randoms())
def test_the_order_of_the_files_does_not_matter(tree: dict[str, str], random: object) -> None:
    shuffled = list(tree.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert discovered(dict(shuffled)) == discovered(tree)


@pytest.mark.parametrize(
    ("segment", "words"),
    [
        ("prod", ["prod"]),
        ("values-prod.yaml", ["prod"]),
        ("Values-PROD.yaml", ["PROD"]),
        ("stone-prod-p01", ["prod"]),
        ("pre-prod", ["pre-prod"]),
        ("pre_prod-eu", ["pre_prod"]),
        ("prod2", ["prod2"]),
        ("q1", ["q1"]),
        ("dev_and_qa", ["dev", "qa"]),
        ("non-prod", []),
        ("nonprod", []),
        ("product", []),
        ("local", []),
        ("reprod-1", []),
        ("pr-12-dev", []),
        ("preview-prod", []),
    ],
)
def test_the_stages_that_a_name_holds(segment: str, words: list[str]) -> None:
    assert [mark.word for mark in Names(Stages(), EPHEMERAL).marks(segment)] == words


@pytest.mark.parametrize(
    "word", ["eu", "us-east-1", "eu-west-1a", "uksouth", "westeurope", "europe-west1", "eastus2", "ap-southeast-2", "EUW1"]
)
def test_regions(word: str) -> None:
    assert is_region(word)


@pytest.mark.parametrize("word", ["gpu", "east", "main", "euro", "shop", "1"])
def test_no_regions(word: str) -> None:
    assert not is_region(word)


@pytest.mark.parametrize(
    ("globs", "path", "skipped"),
    [
        (["old/**"], "old/a/b.yaml", True),
        (["./old/"], "old/b.yaml", True),
        (["old"], "older/b.yaml", False),
        (["*/old"], "a/old/b.yaml", True),
        (["**/*.tmp.yaml"], "a/x.tmp.yaml", True),
        ([], "node_modules/x/values.yaml", True),
        ([], "apps/vendor/values.yaml", True),
        ([], "apps/vendors/values.yaml", False),
    ],
)
def test_what_is_not_read(globs: list[str], path: str, skipped: bool) -> None:  # noqa: FBT001
    assert excluded(Settings(exclude=tuple(globs)))(path) is skipped
