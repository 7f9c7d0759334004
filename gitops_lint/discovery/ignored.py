"""What is never an environment, whatever it is called: vendored and generated trees, charts' templates, tests, documentation, CI."""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import fnmatchcase

from gitops_lint.discovery.names import Names
from gitops_lint.files import Files
from gitops_lint.settings import Settings

_VENDORED = frozenset(("vendor", "node_modules", "site-packages", "third_party", ".git", ".terraform", ".venv", ".archive", "_archive"))
_FOLDERS = _VENDORED | frozenset(
    (
        *("versionStream", "config-root", "crds"),  # generated: Jenkins X, operators
        *("tests", "__tests__", "fixtures", "__fixtures__", "golden", "e2e", "integrationtests", "integration-tests", "cypress"),
        *("playwright", ".chainsaw-test", ".kyverno-test", "docs", "doc", "ci", "hack"),
        *(".github", ".forgejo", ".gitea", ".gitlab", ".circleci", ".azuredevops", ".azure-pipelines", ".buildkite", ".tekton"),
        *(".woodpecker", ".vscode", ".idea", ".devcontainer", ".husky", ".storybook", ".yarn", ".gradle", ".cache"),
    )
)
_TESTS = re.compile(r"[_.-]*test[_-]?data|[\w.-]*[._-]tests", re.IGNORECASE)  # as .NET calls its test projects, and what they read
_FILES = re.compile(
    r"""  gotk-components\.ya?ml | crds?\.ya?ml | values\.schema\.json | [^/]*\.tfvars\.json | Chart\.lock | requirements\.lock
        | (?:docker-)?compose(?:[._-].*)?\.ya?ml | (?:tsconfig|package|angular|jsconfig|package-lock)(?:[._-].*)?\.json
        | (?:\.gitlab-ci|azure-pipelines|cloudbuild).*\.ya?ml | bitbucket-pipelines\.yml | \.travis\.yml | \.[^/]*rc\.(?:ya?ml|json)
        | \.(?:sops|yamllint|codecov)(?:\.[\w-]+)?\.ya?ml""",
    re.VERBOSE,
)


def excluded(settings: Settings) -> Callable[[str], bool]:
    """A test for paths that are not read at all: vendored and archived trees, and what one of the user's globs names.

    In a glob `*` and `**` span folders; one that names a folder covers all that is below it.
    """
    globs = tuple(glob.removeprefix("./").removesuffix("/**").rstrip("/") for glob in settings.exclude)
    below = tuple(f"{glob}/*" for glob in globs)
    folders: dict[str, bool] = {}

    def skip(path: str) -> bool:
        folder = path.rpartition("/")[0]
        vendored = folders.get(folder)
        if vendored is None:
            vendored = folders[folder] = not _VENDORED.isdisjoint(folder.split("/"))
        return vendored or any(fnmatchcase(path, glob) for glob in (*globs, *below))

    return skip


def foreign(names: Names, files: Files | None = None) -> Callable[[str], bool]:
    """A test for paths that no naming heuristic may take for an environment's; objects that declare things may stand there all the same.

    Among `files` are the charts by which their `templates/` are told from other folders of that name.
    """
    folders: dict[str, bool] = {}

    def skip(path: str) -> bool:
        folder, _, name = path.rpartition("/")
        known = folders.get(folder)
        if known is None:
            known = folders[folder] = _foreign_folder(folder.split("/"), names, files)
        return known or _FILES.fullmatch(name) is not None

    return skip


def _foreign_folder(parts: list[str], names: Names, files: Files | None) -> bool:
    """Whether a folder is of a foreign tree, or a chart's `templates/`, unless those are an environment's own (`env/dev/templates`).

    Where no chart is, `templates/` may hold environments: `openshift/templates/shop/config/prod`.
    """
    if not _FOLDERS.isdisjoint(parts) or any(map(_TESTS.fullmatch, parts)) or "src/test/" in f"{'/'.join(parts)}/":
        return True
    if "templates" not in parts[1:]:
        return parts == ["templates"]
    at = parts.index("templates", 1)
    owner = parts[at - 1]
    if files is not None and any(names.marks(part) for part in parts[at + 1 :]) and "/".join((*parts[:at], "Chart.yaml")) not in files:
        return False
    return not any(mark.word == owner for mark in names.marks(owner))
