from __future__ import annotations

import sys
from pathlib import Path
from subprocess import run

import pytest

from gitops_lint.cache import Cache
from gitops_lint.config.error import ConfigError
from gitops_lint.config.load import load, remembering
from gitops_lint.settings import Clause, DeclaredApplication, Override, RuleSetting, Settings, TreeSetting
from gitops_lint.severity import Severity
from gitops_lint.trees.memory import MemoryTree

PATH = ".gitops-lint.yaml"
DESIGN = b"""\
environments: [dev, {name: qa, aliases: [test, uat]}, {name: prod, protected: true}]
ephemeral: ["pr-*"]
trees: {hotfix: {branch: hotfix/current}, edge: {path: ../edge-config}}
parity: staged
exclude: ["vendor/**"]
applications:
  - {name: billing, environments: {dev: [a.yaml, deploy/dev.yaml], prod: [a.yaml, deploy/prod.yaml]}}
rules:
  consistency: warning
  missing-key: {severity: error, locked: true}
  near-miss-key: off
overrides:
  - {paths: ["sandbox/**"], rules: {consistency: off}}
contract:
  - {keys: "ingress.tls.**", only: [prod], reason: TLS ends at the mesh elsewhere, until: 2027-06-30, owner: net}

  - {keys: [database.host, database.name], must-differ: true, applications: [shop]}
  - {keys: "replicas", order: prod >= qa}
  - {keys: "a", optional: dev}
baseline: .baseline
reasons-required: true
"""


def test_everything_that_can_be_said() -> None:
    settings = load(DESIGN, PATH)
    dev, qa, prod = settings.stages
    assert (dev.rank, qa.rank, prod.rank) == (0, 1, 2)
    assert (dev.protected, qa.protected, prod.protected) == (False, False, True)
    assert {"uat", "test"} <= set(qa.aliases)
    assert "development" in dev.aliases
    assert settings.ephemeral == ("pr-*",)
    assert settings.trees == (TreeSetting("hotfix", branch="hotfix/current"), TreeSetting("edge", path="../edge-config"))
    assert settings.parity == "staged"
    assert settings.exclude == ("vendor/**",)
    assert settings.applications == (
        DeclaredApplication("billing", (("dev", ("a.yaml", "deploy/dev.yaml")), ("prod", ("a.yaml", "deploy/prod.yaml")))),
    )
    assert settings.rules == {
        "consistency": RuleSetting(Severity.WARNING),
        "missing-key": RuleSetting(Severity.ERROR, locked=True),
        "near-miss-key": RuleSetting(Severity.OFF),
    }
    assert settings.overrides == (Override(("sandbox/**",), {"consistency": RuleSetting(Severity.OFF)}),)
    assert settings.contract == (
        Clause(
            "only",
            ("ingress.tls.**",),
            environments=("prod",),
            reason="TLS ends at the mesh elsewhere",
            until="2027-06-30",
            owner="net",
            line=15,
        ),
        Clause("must-differ", ("database.host", "database.name"), applications=("shop",), line=17),
        Clause("order", ("replicas",), order="prod >= qa", line=18),
        Clause("optional", ("a",), environments=("dev",), line=19),
    )
    assert (settings.baseline, settings.reasons_required, settings.path) == (".baseline", True, PATH)


def test_the_last_environment_is_protected_unless_one_says_otherwise() -> None:
    assert [stage.protected for stage in load(b"environments: [a, b]", PATH).stages] == [False, True]
    assert [stage.protected for stage in load(b"environments: [{name: a, protected: true}, b]", PATH).stages] == [True, False]


def test_a_usual_name_that_another_stage_claims_is_not_inherited() -> None:
    test, qa = load(b"environments: [test, {name: qa, aliases: [sit]}]", PATH).stages
    assert "sit" not in test.aliases
    assert "test" not in qa.aliases


@pytest.mark.parametrize("data", [b"", b"# nothing\n", b"---\n", b"{}", b"$schema: x"])
def test_nothing_said_is_the_default(data: bytes) -> None:
    assert load(data, PATH) == Settings(path=PATH)


@pytest.mark.parametrize(
    ("data", "line", "column", "message"),
    [
        ("enviroments: []", 1, 1, "no such key `enviroments`; did you mean `environments`?"),
        ("# c\nparity: strickt", 2, 9, "`parity`: must be one of strict, together, staged; did you mean `strict`?"),
        ("rules:\n  mising-key: error", 2, 3, "no such rule or category `mising-key`; did you mean `missing-key`?"),
        ("rules:\n  immutabilty: error", 2, 3, "no such rule or category `immutabilty`; did you mean `immutability`?"),
        ("rules:\n  missing-key: warn", 2, 16, "`rules.missing-key`: must be one of error, warning, info, off; did you mean `warning`?"),
        ("rules:\n  missing-key: on", 2, 16, "`rules.missing-key`: must be one of error, warning, info, off"),
        ("rules:\n  missing-key: {sverity: off}", 2, 17, "`missing-key` has no option `sverity`; did you mean `severity`?"),
        ("overrides:\n- paths: [a]\n  rules: {x: off}", 3, 11, "no such rule or category `x`"),
        ("environments:\n- dev\n- {nam: b}", 3, 4, "no such key `nam`; did you mean `name`?"),
        ("environments:\n- dev\n- {aliases: [b]}", 3, 3, "`environments[1]`: lacks `name`"),
        ("contract:\n- keys: a", 2, 3, "`contract[0]`: needs exactly one of `only`"),
        ("contract:\n- {keys: a, only: b, required: c}", 2, 3, "`contract[0]`: needs exactly one of `only`"),
        ("contract:\n- {keys: a, only: b, until: 2027-02-30}", 2, 29, "`contract[0].until`: not a date like 2027-06-30"),
        ("contract:\n- {keys: a, order: prod over qa}", 2, 20, "`contract[0].order`: not a comparison like `prod >= qa`"),
        ("contract:\n- {keys: 'a*b*c*d*e*f*g*h', only: b}", 2, 10, "`contract[0].keys`: a pattern with more than 6 wildcards"),
        ("environments: [dev, {name: qa, aliases: [DEV]}]", 1, 1, "`environments`: `DEV` names two environments"),
        ("trees: {a: {}}", 1, 9, "`trees.a`: needs either `branch` or `path`"),
        ("parity: staged\nparity: strict", 2, 1, "`parity` is given twice"),
        ("plugins: [no-such-plugin]", 1, 1, "plugin `no-such-plugin` is not installed beside gitops-lint"),
        ("- a", 1, 1, "a configuration is one mapping"),
        ("parity: {{ x }}", 1, 9, ""),
        ("a: [", 1, 1, ""),
    ],
)
def test_mistakes_have_a_place_and_a_remedy(data: str, line: int, column: int, message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load(data.encode(), PATH)
    error = raised.value
    assert error.message.startswith(message)
    assert error.path == PATH
    if message:
        assert (error.line, error.column) == (line, column)


def test_the_first_of_several_mistakes_is_told() -> None:
    with pytest.raises(ConfigError, match=r"\.gitops-lint\.yaml:1:19: "):
        load(b"reasons-required: x\nparity: y\n", PATH)


def test_in_a_tree() -> None:
    assert load(MemoryTree({})) == Settings()
    assert load(MemoryTree({".gitops-lint.yml": b"parity: strict"})).parity == "strict"
    assert load(MemoryTree({"other": b"parity: strict"}), "other").path == "other"
    with pytest.raises(ConfigError, match=r"^gone:1:1: "):
        load(MemoryTree({}), "gone")


def test_what_is_remembered_is_enough(tmp_path: Path) -> None:
    once = remembering(Cache(str(tmp_path)))
    assert load(DESIGN, PATH, once=once) == load(DESIGN, PATH, once=once) == load(DESIGN, PATH)


def test_pydantic_is_imported_only_to_judge(tmp_path: Path) -> None:
    code = f"""
import sys
from gitops_lint.cache import Cache
from gitops_lint.config.load import load, remembering
load({DESIGN!r}, once=remembering(Cache({str(tmp_path)!r})))
sys.exit("pydantic" in sys.modules)
"""
    assert [run([sys.executable, "-c", code], check=False).returncode for _ in range(2)] == [1, 0]


DEMANDS = "rules: {mutable-image-tag: {images: %s}}"


def test_the_options_of_a_rule_reach_it_as_plain_data() -> None:
    settings = load((DEMANDS % '[{match: "ghcr.io/*", environments: [prod], require: digest}]').encode(), PATH)
    (demand,) = settings.rules["mutable-image-tag"].options["images"]
    assert type(demand) is dict
    assert demand == {"match": "ghcr.io/*", "environments": ("prod",), "require": "digest"}


@pytest.mark.parametrize(
    ("data", "column", "message"),
    [
        (DEMANDS % "[{matc: x}]", 39, "no such key `matc`"),
        (DEMANDS % "[{require: dgest}]", 48, "`rules.mutable-image-tag.images[0].require`: must be one of any, "),
        (DEMANDS % "3", 37, "`rules.mutable-image-tag.images`: must be a list"),
        ("rules: {mutable-image-tag: {image: []}}", 29, "`mutable-image-tag` has no option `image`; did you mean `images`?"),
        ("rules: {immutability: {images: []}}", 24, "`immutability` has no option `images`"),
        ("rules: {missing-key: 3}", 22, "`rules.missing-key`: must be a mapping"),
    ],
)
def test_wrong_options_have_a_place(data: str, column: int, message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load(data.encode(), PATH)
    assert raised.value.message.startswith(message)
    assert (raised.value.line, raised.value.column) == (1, column)
