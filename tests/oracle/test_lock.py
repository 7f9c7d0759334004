from __future__ import annotations

import os
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from gitops_lint import modelled
from gitops_lint.files import Files
from gitops_lint.model import Repository
from gitops_lint.pointers.lock import digest
from gitops_lint.reader import read
from gitops_lint.rules.stale_lock import check
from gitops_lint.settings import Settings
from gitops_lint.trees.memory import MemoryTree

pytestmark = pytest.mark.oracle
CHARTS = 12


def helm() -> str:
    folder = os.environ.get("GITOPS_LINT_ORACLES")
    if folder is None:
        pytest.skip("GITOPS_LINT_ORACLES is not set")
    program = shutil.which("helm", path=folder)
    assert program, "helm is not built: run tests/oracle/build.sh"
    return program


def dependency(source: random.Random, name: str) -> dict[str, Any]:
    out: dict[str, Any] = {
        "name": name,
        "version": source.choice(["1.2.3", "^1.0.0", ">=1.0.0 <2.0.0", "1.x", "~1.2"]),
        "repository": f"file://../{name}",
    }
    extras = {
        "condition": "a&b.enabled,global.<x>",
        "tags": ["back-end", "dev é"],
        "alias": f"{name}-again",
        "import-values": [{"child": "default.data", "parent": "imports"}, "exported"],
        "enabled": True,
    }
    return out | {key: value for key, value in extras.items() if source.random() < 0.4}


@pytest.mark.parametrize("seed", range(CHARTS))
def test_the_digest_is_helms(seed: int, tmp_path: Path) -> None:
    source = random.Random(seed)  # noqa: S311
    names = source.sample(["redis", "kafka", "minio", "a-b"], k=source.randint(1, 3))
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "Chart.yaml").write_text(f"apiVersion: v2\nname: {name}\nversion: 1.2.3\n")
    shop = tmp_path / "shop"
    shop.mkdir()
    asked = [dependency(source, name) for name in names]
    (shop / "Chart.yaml").write_text(yaml.safe_dump({"apiVersion": "v2", "name": "shop", "version": "1.0.0", "dependencies": asked}))
    subprocess.run([helm(), "dependency", "update", str(shop)], check=True, capture_output=True, env={"HOME": str(tmp_path), "PATH": ""})
    lock = yaml.safe_load((shop / "Chart.lock").read_text())
    assert digest(asked, lock["dependencies"]) == lock["digest"]
    files = {path: (shop / path).read_bytes() for path in ("Chart.yaml", "Chart.lock")}
    assert not list(check.check(repository(files), None))
    files["Chart.yaml"] = files["Chart.yaml"].replace(b"1.0.0\n", b"1.0.1\n").replace(b"file://../", b"file://./")
    assert [finding.message for finding in check.check(repository(files), None)]


def repository(files: dict[str, bytes]) -> Repository:
    return modelled.build(Files(MemoryTree(files), read), Settings())
