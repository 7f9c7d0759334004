"""`gitops-lint matrix` and `diff`: which version runs where, and what differs between two environments."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gitops_lint import modelled
from gitops_lint.cli.main import main
from gitops_lint.cli.opening import files
from gitops_lint.cli.value import shown
from gitops_lint.divergence import divergences
from gitops_lint.matrix import lines, matrix
from gitops_lint.model import Repository
from gitops_lint.node import Map, Seq
from gitops_lint.redact import MASK
from gitops_lint.settings import Settings
from gitops_lint.trees.memory import MemoryTree


def built(**values: str) -> Repository:
    tree = MemoryTree({f"values-{name}.yaml": text.encode() for name, text in values.items()})
    return modelled.build(files(tree, Settings()), Settings())


def image(tag: str, name: str = "acme/shop") -> str:
    return f"image: {{repository: {name}, tag: '{tag}'}}\n"


@pytest.mark.parametrize(
    ("dev", "qa", "prod", "states"),
    [
        ("1.5.0", "1.5.0", "1.5.0", "same same same"),
        ("1.5.0", "1.4.0", "1.4.0", "same behind same"),
        ("1.4.0", "1.4.0", "1.5.0", "same same ahead"),
        ("latest", "1.4.0", "main", "mutable unknown mutable"),
        ("abc1234", "abc1234", "def5678", "same same unknown"),
        ("${TAG}", "1.4.0", "1.4.0", "unknown unknown same"),
    ],
)
def test_states(dev: str, qa: str, prod: str, states: str) -> None:
    (line,) = lines(built(dev=image(dev), qa=image(qa), prod=image(prod)))
    assert " ".join(line.cells[name].state for name in ("dev", "qa", "prod")) == states


def test_a_cell_says_what_it_is_measured_by() -> None:
    (line,) = lines(built(dev=image("1.5.0"), prod=image("1.4.0")))
    assert line.cells["prod"].title == "older than 1.5.0 in dev"


def test_what_an_environment_does_not_deploy_is_missing() -> None:
    both = image("1.0.0") + "proxy: {image: 'acme/proxy:2.0.0'}\n"
    found = {line.name: line.cells["prod"].state for line in lines(built(dev=both, prod=image("1.0.0")))}
    assert found == {"acme/shop": "same", "acme/proxy": "missing"}


def test_an_image_at_two_places_is_one_row() -> None:
    twice = image("1.0.0") + "job: {image: 'acme/shop:1.0.0'}\n"
    assert len(lines(built(dev=twice, prod=twice))) == 1


def test_the_matrix_of_a_report_has_the_stages_in_order() -> None:
    found = matrix(built(prod=image("1.0.0"), dev=image("1.0.0"), qa=image("1.0.0")))
    assert found.columns == ("dev", "qa", "prod")
    assert [[cell.text for cell in cells if cell] for _, cells in found.rows] == [["1.0.0"] * 3]


@pytest.mark.parametrize(
    ("dev", "prod", "leaves", "differing"),
    [
        ("a: 1\nb: 2\n", "a: 1\nb: 2\n", 2, 0),
        ("a: 1\nb: 2\n", "a: 1\nb: 3\n", 2, 1),
        ("a: 1\nb: {c: 1, d: 2}\n", "a: 1\n", 3, 2),
        ("a: 1\n", "a: '1'\n", 1, 1),
        ("a: [1, 2]\n", "a: [1]\n", 1, 1),
        ("a: [{name: x, v: 1}]\n", "a: [{name: x, v: 2}]\n", 2, 1),
        ("shop-dev: 1\n", "shop-prod: 1\n", 1, 0),
    ],
)
def test_divergence(dev: str, prod: str, leaves: int, differing: int) -> None:
    ((app),) = built(dev=dev, prod=prod).applications
    ((found),) = divergences(app)
    assert (found.leaves, found.differing) == (leaves, differing)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "values-dev.yaml").write_text(image("1.5.0") + "cache: {ttl: 60}\ndb: {password: dull, port: 1}\n")
    (tmp_path / "values-prod.yaml").write_text(image("latest") + "db: {password: bright, port: 1}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_matrix_prints_versions_and_states(shop: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    assert main(["matrix", "--path", str(shop), "--format", form]) == 0
    printed = capsys.readouterr().out
    assert "latest" in printed
    assert "mutable" in printed
    if form == "json":
        (app,) = json.loads(printed)["applications"]
        assert app["versions"][0]["environments"]["prod"]["state"] == "mutable"
        assert app["divergence"] == [{"environments": ["dev", "prod"], "leaves": 5, "differing": 3, "share": 0.6}]


@pytest.mark.parametrize("form", ["text", "json"])
def test_diff_tells_values_and_origins_but_no_secret(shop: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    name = shop.name if main(["diff", shop.name, "dev", "prod"]) == 0 else "values"
    capsys.readouterr()
    assert main(["diff", name, "dev", "prod", "--format", form]) == 0
    printed = capsys.readouterr().out
    assert "cache.ttl" in printed
    assert "values-dev.yaml" in printed
    assert "db.port" not in printed
    assert "db.password" in printed
    assert "dull" not in printed
    assert "bright" not in printed


@pytest.mark.parametrize("words", [["diff", "none", "dev", "prod"], ["matrix", "none"]])
def test_a_name_that_is_none(shop: Path, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert main([*words, "--path", str(shop)]) == 2
    assert "no application `none`" in capsys.readouterr().err


def test_nothing_to_show(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("")
    assert main(["matrix", "--path", str(tmp_path)]) == 2


def test_secrets_inside_a_list_are_masked() -> None:
    user, pair = Map(), Map()
    user |= {"user": "a", "password": "dull"}
    pair |= {"name": "DB_PASSWORD", "value": "dull"}
    items = Seq()
    items += [user, pair]
    assert "dull" not in shown(("users",), items)
    assert shown(("users",), items).count(MASK) == 2
