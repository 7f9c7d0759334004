from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from gitops_lint.cli.main import root

NAME = ".gitops-lint-baseline"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "values-dev.yaml").write_text("a: 1\nb: {v: 1, w: 2}\n")
    (tmp_path / "values-prod.yaml").write_text("a: 1\n")
    return tmp_path


def run(*arguments: str) -> str:
    done = CliRunner().invoke(root, arguments, standalone_mode=False)
    assert done.exception is None, done.output
    return done.output


def checked(folder: Path) -> str:
    return run("check", str(folder), "--format", "concise", "--no-cache")


def test_what_was_there_is_silent_and_what_is_new_is_not(folder: Path) -> None:
    assert "missing-key" in checked(folder)
    assert "2 accepted, 2 of them new; 0 dropped" in run("baseline", str(folder))
    assert [line.partition(":")[0] for line in (folder / NAME).read_text().splitlines()[1:]] == ["missing-key", "missing-key"]
    assert "missing-key" not in checked(folder)
    (folder / "values-dev.yaml").write_text("a: 1\nb: {v: 1, w: 2, z: 3}\n")
    assert "`b.z`" in checked(folder)


def test_prune_drops_what_is_mended_and_accepts_nothing(folder: Path) -> None:
    run("baseline", str(folder))
    (folder / "values-prod.yaml").write_text("b: {v: 1, w: 2}\n")
    assert "0 accepted, 0 of them new; 2 dropped" in run("baseline", str(folder), "--prune")
    assert "`a`" in checked(folder)


def test_written_again_it_is_the_same_file(folder: Path) -> None:
    run("baseline", str(folder))
    first = (folder / NAME).read_bytes()
    assert "0 of them new; 0 dropped" in run("baseline", str(folder))
    assert (folder / NAME).read_bytes() == first


def test_a_link_is_replaced_not_followed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "precious"
    outside.write_text("# mine\n")
    (folder / NAME).symlink_to(outside)
    run("baseline", str(folder))
    assert outside.read_text() == "# mine\n"
    assert not (folder / NAME).is_symlink()


def test_what_is_told_for_many_is_accepted_of_all(tmp_path: Path) -> None:
    """Or else the next of them would be told instead of the first."""
    for number in range(7):
        (tmp_path / f"app{number}").mkdir()
        for env in ("dev", "qa", "prod"):
            (tmp_path / f"app{number}/values-{env}.yaml").write_text("a: 1\n" + "region: 2\n" * (env != "dev"))
        pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: [{name: x, image: 'busybox:latest'}]}\n"
        (tmp_path / f"job{number}.yaml").write_text(pod)
    told = checked(tmp_path)
    assert told.count("[missing-key]") == 1
    assert told.count("[mutable-image-tag]") == 3
    run("baseline", str(tmp_path))
    assert "no findings" in checked(tmp_path)
