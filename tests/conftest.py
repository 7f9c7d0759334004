from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from gitops_lint.trees.surroundings import VARIABLES

# What a hook or a CI system that runs these tests would tell the linter, and git, about another repository; how a terminal wants its text
_PREFIXES = ("CI_", "GIT_", "GITHUB_", "GITLAB_", "PRE_COMMIT", "CLICOLOR", "GITOPS_LINT_")
_NAMES = frozenset({"CI", "COLUMNS", "FORCE_COLOR", "NO_COLOR", *VARIABLES})
_KEPT = frozenset({"GITOPS_LINT_ORACLES"})


@pytest.fixture(autouse=True, scope="session")
def plain_surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test depends on where it is run, and none writes into the user's cache or reads the user's git configuration."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if (name in _NAMES or name.startswith(_PREFIXES)) and name not in _KEPT:
                patch.delenv(name)
        patch.setenv("GITOPS_LINT_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        yield
