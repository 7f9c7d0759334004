from __future__ import annotations

import marshal
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gitops_lint import engine, gate, packing
from gitops_lint.cli.opening import files
from gitops_lint.config.load import load
from gitops_lint.discovery.adapters import discover
from gitops_lint.finding import Finding
from gitops_lint.node import Map
from gitops_lint.remembered import Remembered, gist, remembered
from gitops_lint.settings import Settings
from gitops_lint.trees.memory import MemoryTree

EXAMPLES = Path(__file__).parents[1] / "examples"
SETTINGS = Settings()
Tree = dict[str, bytes]


def example(name: str) -> Tree:
    root = EXAMPLES / name
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


TREES = {name: example(name) for name in sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir())}


def _line(tree: Tree, rng: random.Random) -> tuple[str, list[bytes], int]:
    path = rng.choice([path for path, data in tree.items() if data.strip() and path.endswith((".yaml", ".yml"))])
    lines = tree[path].split(b"\n")
    return path, lines, rng.randrange(len(lines))


def without_a_line(tree: Tree, rng: random.Random) -> Tree:
    path, lines, number = _line(tree, rng)
    return tree | {path: b"\n".join(lines[:number] + lines[number + 1 :])}


def with_a_comment(tree: Tree, rng: random.Random) -> Tree:
    path, lines, number = _line(tree, rng)
    said = rng.choice([b"# hello", b"# gitops-lint: ignore[consistency] because", b"# gitops-lint: only[dev] because"])
    return tree | {path: b"\n".join([*lines[:number], said, *lines[number:]])}


def with_another_value(tree: Tree, rng: random.Random) -> Tree:
    path, lines, number = _line(tree, rng)
    key, colon, value = lines[number].partition(b": ")
    lines[number] = key + colon + (rng.choice([b"x", b"1", b"yes", b"latest", b"1.2.3", b"{}"]) if value else b"")
    return tree | {path: b"\n".join(lines)}


def without_a_file(tree: Tree, rng: random.Random) -> Tree:
    gone = rng.choice(list(tree))
    return {path: data for path, data in tree.items() if path != gone}


def with_a_copy(tree: Tree, rng: random.Random) -> Tree:
    path = rng.choice(list(tree))
    return tree | {path.replace("dev", "test").replace("prod", "staging"): tree[path]}


EDITS: list[Callable[[Tree, random.Random], Tree]] = [
    *(without_a_line, with_a_comment, with_another_value, without_a_file, with_a_copy, with_another_value, without_a_line)
]


def states(name: str, seed: int, count: int) -> Iterator[Tree]:
    rng = random.Random(seed)  # noqa: S311  no secret
    tree = TREES[name]
    for _ in range(count):
        yield tree
        tree = rng.choice(EDITS)(tree, rng)


def lint(tree: Tree, past: Remembered | None = None, settings: Settings = SETTINGS) -> engine.Result:
    return engine.run(files(MemoryTree(tree), settings), settings, past=past)


def written(found: Remembered | None) -> Remembered:
    assert found is not None
    return remembered(marshal.loads(marshal.dumps(found.flat())))  # noqa: S302  our own


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", TREES)
@pytest.mark.parametrize("keep", [lambda found: found, written], ids=["in memory", "written down"])
def test_what_is_remembered_changes_no_verdict(name: str, seed: int, keep: Callable[[Remembered | None], Remembered]) -> None:
    past = None
    for tree in states(name, seed, 8):
        known, anew = lint(tree, past), lint(tree)
        assert known.findings == anew.findings
        assert known.suppressed == anew.suppressed
        assert known.repository.unverified == anew.repository.unverified
        past = keep(known.remembered)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", TREES)
def test_what_is_remembered_changes_no_verdict_of_a_gate(name: str, seed: int) -> None:
    base, *heads = states(name, seed, 5)
    past = written(lint(base).remembered)

    def judged(head: Tree, past: Remembered | None) -> tuple[Finding, ...]:
        return gate.judge(files(MemoryTree(base), SETTINGS), files(MemoryTree(head), SETTINGS), SETTINGS, past=past).findings

    for head in heads:
        assert judged(head, past) == judged(head, None)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", TREES)
def test_what_both_sides_share_changes_no_verdict(name: str, seed: int) -> None:
    base, *heads = states(name, seed + 10, 5)
    for head in heads:
        before, after = (engine.survey(files(MemoryTree(tree), SETTINGS), SETTINGS) for tree in (base, head))
        apart = gate.weigh(before, after, SETTINGS)
        shared = gate.judge(files(MemoryTree(base), SETTINGS), files(MemoryTree(head), SETTINGS), SETTINGS)
        assert shared.findings == apart.findings


@pytest.mark.parametrize("name", TREES)
def test_little_is_found_out_again(name: str) -> None:
    tree = TREES[name]
    past = written(lint(tree).remembered)
    again = lint(tree, past).remembered
    assert again is not None
    assert again.fresh == 0
    path = next(path for path in tree if path.endswith(".yaml") and "dev" in path)
    changed = lint(tree | {path: tree[path] + b"\n# x\n"}, past).remembered
    assert changed is not None
    assert changed.fresh < past.fresh or changed.fresh <= 2


def test_under_a_contract_too() -> None:
    settings = load(b"contract: [{keys: ['**'], only: [prod]}]\n", "x")
    past = None
    for tree in states("shop", 1, 6):
        known = lint(tree, past, settings)
        assert known.findings == lint(tree, None, settings).findings
        past = written(known.remembered)


def test_values_and_credentials_are_not_written_down() -> None:
    application = """apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: web-{0}}}
spec:
  source: {{repoURL: "https://me:hunter2hunter2@git.example.com/x", path: web, targetRevision: main, helm: {{values: "pass: hunter2-{0}"}}}}
"""
    tree = {f"apps/{env}.yaml": application.format(env).encode() for env in ("dev", "prod")}
    tree |= {"web/Chart.yaml": b"name: web\nversion: 1.0.0\n", "web/values.yaml": b"pass: x\n"}
    tree |= {f"values-{env}.yaml": b"password: 0123456\n" for env in ("dev", "prod")}
    found = lint(tree).remembered
    assert found is not None
    assert found.pieces
    data = marshal.dumps(found.flat())
    assert b"hunter2" not in data
    assert b"0123456" not in data


@pytest.mark.parametrize("name", TREES)
def test_blueprints_come_back_as_they_went(name: str) -> None:
    blueprints = list(discover(files(MemoryTree(TREES[name]), SETTINGS), SETTINGS))
    data = packing.packed(blueprints)
    assert packing.unpacked(data) == blueprints
    assert packing.packed(packing.unpacked(data)) == data


def test_what_is_too_deep_is_not_packed() -> None:
    value = Map()
    for _ in range(2000):
        value, value["a"] = Map(), value
    assert packing.attempted(value) is None
    assert packing.attempted(Map()) == packing.packed(Map())


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("a: 1\n", "a: 1\n# x\n", True),
        ("a: 1\n", "# x\na: 1\n", False),
        ("# y\na: 1\n", "# x\na: 1\n", True),
        ("images: [{name: a, newTag: b}]\n", "images: [{name: a, newTag: c}]\n", False),
        ("images:\n  - name: a\n    newTag: b\n", "images:\n  - name: a\n    newTag: c\n", True),
        ("images:\n  - name: a\n    newName: b\n", "images:\n  - name: a\n    newName: c\n", False),
        ("patches:\n  - patch: |\n      # x\n", "patches:\n  - patch: |\n      # y\n", False),
        ("a: 1\n", "a: 1 # gitops-lint: ignore[x]\n", False),
        ("a: 1\n", "a: 2\n", False),
        ('a: "x\n  # y"\n', 'a: "x\n  # z"\n', False),
        (
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nimages:\n- newTag: b\n",
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nimages:\n- newTag: c\n",
            False,
        ),
    ],
)
def test_the_gist_of_a_file(before: str, after: str, same: bool) -> None:  # noqa: FBT001  a row
    one, other = (gist(files(MemoryTree({"kustomization.yaml": text}), SETTINGS), "kustomization.yaml") for text in (before, after))
    assert (one == other) is same
