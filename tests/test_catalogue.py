from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gitops_lint.rules import CATEGORIES, PluginError, builtin, catalogue
from gitops_lint.settings import Settings

RULE = '''\
"""Something is wrong."""
from gitops_lint.model import Application
from gitops_lint.rule import rule

@rule(Application, category="consistency")
def check(application):
    yield from ()
'''


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str, str], None]:
    """Install a plugin: the name of its entry point, the module's name, and the module's text."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def install(plugin: str, module: str, text: str) -> None:
        (tmp_path / f"{module}.py").write_text(text)
        folder = tmp_path / f"{plugin}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {plugin}\nVersion: 1.0\n")
        (folder / "entry_points.txt").write_text(f"[gitops_lint]\n{plugin} = {module}:check\n")
        monkeypatch.delitem(sys.modules, module, raising=False)

    return install


def test_ours_are_sorted_and_in_a_category() -> None:
    names = [rule.name for rule in builtin()]
    assert names == sorted(names)
    assert {rule.category for rule in builtin()} <= set(CATEGORIES)
    assert len(names) == len(set(names) - set(CATEGORIES))


def test_a_plugin_counts_only_when_it_is_named(installed: Callable[[str, str, str], None]) -> None:
    installed("acme", "acme_rule", RULE)
    assert catalogue(Settings()) == builtin()
    added = set(catalogue(Settings(plugins=("acme",)))) - set(builtin())
    assert [rule.name for rule in added] == ["acme-rule"]


def test_a_plugin_may_bring_several(installed: Callable[[str, str, str], None]) -> None:
    installed("acme", "acme_several", RULE + "\ncheck = [check]\n")
    assert "acme-several" in {rule.name for rule in catalogue(Settings(plugins=("acme",)))}


@pytest.mark.parametrize(
    ("module", "text", "said"),
    [
        ("missing_key", RULE, "a name that is taken"),
        ("acme_text", "check = 'text'", "something that is no rule"),
        ("acme_one", "check = 1", "something that is no rule"),
        ("acme_broken", "import no_such_module", "cannot be imported: ModuleNotFoundError"),
        ("acme_empty", "", "cannot be imported: AttributeError"),
    ],
)
def test_what_a_plugin_may_not_be(installed: Callable[[str, str, str], None], module: str, text: str, said: str) -> None:
    installed("acme", module, text)
    with pytest.raises(PluginError, match=f"plugin `acme`.*{said}"):
        catalogue(Settings(plugins=("acme",)))


def test_a_plugin_that_is_not_there() -> None:
    with pytest.raises(PluginError, match="plugin `acme` is not installed"):
        catalogue(Settings(plugins=("acme",)))
