from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from gitops_lint.cli.main import root

BEFORE = {
    "values.yaml": "image: {tag: 1.0.0}\nreplicas: 1\n",
    "values-dev.yaml": "host: dev.example.org\nold: 1\n",
    "values-prod.yaml": "host: example.org\nreplicas: 3\nclient_secret: k3jh2kj4h23kj4h2k3j\n",
}
AFTER = {
    "values.yaml": "image: {tag: 1.1.0}\nreplicas: 2\n",
    "values-dev.yaml": "host: dev.example.org\n",
    "values-prod.yaml": "host: example.org\nreplicas: 3\nnew: [1]\nclient_secret: zzzzjh2kj4h23kj4h2k3\n",
    "values-qa.yaml": "host: qa.example.org\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    def git(*arguments: str) -> None:
        subprocess.run(["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@localhost", *arguments], check=True)

    def write(files: dict[str, str]) -> None:
        for name, text in files.items():
            (tmp_path / name).write_text(text)

    write({"Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n"} | BEFORE)
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "before")
    write(AFTER)
    git("add", ".")
    return tmp_path


def run(folder: Path, *arguments: str) -> str:
    done = CliRunner().invoke(root, ["impact", str(folder), "--base", "HEAD", *arguments], standalone_mode=False)
    assert done.exception is None, done.output
    return done.output


def test_each_environment_s_values_before_and_after(folder: Path) -> None:
    found = {entry["environment"]: entry for entry in json.loads(run(folder, "--format", "json"))["environments"]}
    assert {name: entry["change"] for name, entry in found.items()} == {"dev": "altered", "qa": "added", "prod": "altered"}
    told = {(v["key"], v["change"], v["before"], v["after"], v["path"], v["layer"]) for v in found["dev"]["values"]}
    assert told == {
        ("image.tag", "altered", '"1.0.0"', '"1.1.0"', "values.yaml", "chart-defaults"),
        ("replicas", "altered", "1", "2", "values.yaml", "chart-defaults"),
        ("old", "removed", "1", None, "values-dev.yaml", "environment"),
    }
    assert [v["key"] for v in found["prod"]["values"] if v["change"] != "altered"] == ["new"]
    assert "replicas" not in {v["key"] for v in found["prod"]["values"]}


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_secrets_are_masked(folder: Path, form: str) -> None:
    output = run(folder, "--format", form)
    assert "client_secret" in output.replace("&#95;", "_")
    assert "zzzzjh" not in output
    assert "k3jh2" not in output


def test_text_says_where_and_how_many(folder: Path) -> None:
    output = run(folder)
    assert '  ~ image.tag: "1.0.0" -> "1.1.0"  (values.yaml:1, chart-defaults)' in output
    assert "shop (helm), qa: added by this change" in output
    assert output.splitlines()[-1].endswith("environments: 3, 1 of them protected")


def test_no_change_is_said(folder: Path) -> None:
    author = ["-c", "user.name=a", "-c", "user.email=a@localhost"]
    subprocess.run(["git", "-C", str(folder), *author, "commit", "-qm", "x"], check=True)
    assert run(folder) == "no effective value changes in any environment\n"


def test_without_a_base_it_cannot_be_done(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CI", "GITLAB_CI", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    done = CliRunner().invoke(root, ["impact", str(folder)], standalone_mode=False)
    assert "--base REV" in str(done.exception)
