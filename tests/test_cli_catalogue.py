from __future__ import annotations

import json
import re
from pathlib import Path
from subprocess import run

import pytest

from gitops_lint.cli.main import main
from gitops_lint.config.load import load
from gitops_lint.rules import builtin

VALUES = {"values-dev.yaml": "a: 1\n", "values-qa.yaml": "a: 1\n", "values-prod.yaml": "a: 1\n"}


def uncommented(text: str) -> bytes:
    """What a configuration would be with everything that it suggests in comments."""
    lines = re.findall(r"^(?:# )?((?:environments|ephemeral|parity|exclude|rules|contract):.*|  (?:- |immut|redun).*)$", text, re.MULTILINE)
    return "\n".join(lines).encode()


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in VALUES.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_rules_lists_every_rule(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--path", str(shop)]) == 0
    printed = capsys.readouterr().out
    assert all(f"  {rule.name} " in printed for rule in builtin())


def test_rules_of_a_category_with_the_severities_configured(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / ".gitops-lint.yaml").write_text('rules: {yaml: info, invalid-yaml: warning, duplicate-key: "off"}')
    assert main(["rules", "yaml", "--format", "json"]) == 0
    said = {rule["name"]: rule["severity"] for rule in json.loads(capsys.readouterr().out)["rules"]}
    assert said["invalid-yaml"] == "warning"
    assert said["duplicate-key"] == "off"
    assert set(said.values()) <= {"info", "warning", "off"}


@pytest.mark.parametrize("rule", builtin(), ids=lambda rule: rule.name)
def test_explain_prints_the_page(shop: Path, capsys: pytest.CaptureFixture[str], rule: object) -> None:
    name, page = getattr(rule, "name", ""), getattr(rule, "page", "")
    assert main(["explain", name, "--path", str(shop)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"{name} (")
    assert page.strip() in printed


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["explain", "mising-key"], "no rule `mising-key`; did you mean `missing-key`?"),
        (["rules", "layring"], "no category `layring`; did you mean `layering`?"),
        (["rulez"], "no command `rulez`; did you mean `rules`?"),
        (["rules", "--path", "nowhere"], "nowhere"),
        (["init", "nowhere"], "nowhere"),
        (["explain", "missing-key", "--config", "gone.yaml"], "gone.yaml"),
    ],
)
def test_a_wrong_name_is_told_and_status_2(shop: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    assert shop.exists()
    assert main(words) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert not printed.out


def test_init_writes_what_it_found(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init"]) == 0
    assert capsys.readouterr().err == "wrote .gitops-lint.yaml: 1 application with 3 environments\n"
    load((shop / ".gitops-lint.yaml").read_bytes(), ".gitops-lint.yaml")
    settings = load(uncommented((shop / ".gitops-lint.yaml").read_text()), ".gitops-lint.yaml")
    assert [(stage.name, stage.protected) for stage in settings.stages] == [("dev", False), ("qa", False), ("prod", True)]


def test_init_prints(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--stdout"]) == 0
    assert "qa (1)" in capsys.readouterr().out
    assert not (shop / ".gitops-lint.yaml").exists()


def test_init_replaces_only_by_force(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / ".gitops-lint.yml").write_text("parity: strict\n")
    assert main(["init"]) == 2
    assert "`.gitops-lint.yml` is there already" in capsys.readouterr().err
    assert main(["init", "--force"]) == 0
    assert "environments:" in (shop / ".gitops-lint.yaml").read_text()
    assert not (shop / ".gitops-lint.yml").exists()


def test_init_writes_at_the_root_of_the_repository(shop: Path) -> None:
    run(["git", "init", "--quiet"], check=True, cwd=shop)
    (shop / "deep").mkdir()
    assert main(["init", "deep"]) == 0
    assert (shop / ".gitops-lint.yaml").exists()


def test_init_does_not_write_through_a_link(shop: Path) -> None:
    (shop / ".gitops-lint.yaml").symlink_to("elsewhere")
    assert main(["init"]) == 2
    assert not (shop / "elsewhere").exists()
    (shop / "elsewhere").write_text("# mine\n")
    assert main(["init", "--force"]) == 0
    assert (shop / "elsewhere").read_text() == "# mine\n"
    assert not (shop / ".gitops-lint.yaml").is_symlink()


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), "# environments: [dev, "),
        (("values-sit.yaml", "values-int.yaml", "values-test.yaml"), "rank: 1}"),
    ],
)
def test_init_where_stages_are_unusual(tmp_path: Path, capsys: pytest.CaptureFixture[str], names: tuple[str, ...], said: str) -> None:
    for name in names:
        (tmp_path / name).write_text("a: 1\n")
    assert main(["init", str(tmp_path), "--stdout"]) == 0
    printed = capsys.readouterr().out
    assert said in printed
    load(printed.encode(), "")


def test_what_init_suggests_in_comments_is_a_configuration(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(shop), "--stdout"]) == 0
    printed = capsys.readouterr().out
    settings = load(uncommented(printed), "")
    assert settings.contract
    assert settings.rules
    assert settings.exclude
