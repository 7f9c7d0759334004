from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def commoner() -> Iterator[Path]:
    """A folder to work in as somebody whom the system refuses things, which it never does to root."""
    root = Path(tempfile.mkdtemp())
    root.chmod(0o777)
    before = os.geteuid()
    try:
        if before == 0:
            os.seteuid(65534)
        yield root
    finally:
        os.seteuid(before)
        for folder, _, _ in os.walk(root):
            Path(folder).chmod(0o700)
        shutil.rmtree(root)


@pytest.fixture(autouse=True)
def _no_hook_around_us(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests may themselves be run by a hook, or in CI."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "CI_", "GITHUB_", "PRE_COMMIT"))]:
        monkeypatch.delenv(name)
