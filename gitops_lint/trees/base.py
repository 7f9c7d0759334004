"""What a change is to be compared with when nobody says it: what the CI system or the hook that runs us knows of it.

Each source says what it is in its own documentation; `surroundings.VARIABLES` are all the environment variables that have a say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from gitops_lint.trees.surroundings import BRANCHES


class Base(NamedTuple):
    """A revision, and where it came from, in words that complete "base: … from". `exact` means that it is not a branch that moved on."""

    revision: str
    source: str
    exact: bool = True


def find(
    environment: Mapping[str, str], resolve: Callable[[str], str], event: Callable[[str], Mapping[str, object]] = lambda _path: {}
) -> Base | None:
    """The base that the surroundings name; None if this is no check of a change.

    `resolve` gives the id of a commit, or nothing if it is not here; `event` the content of GitHub's event file, given its path.
    If sources name bases and none of them is here, the first is returned nevertheless: resolving it fails and says what to fetch,
    which is better than to check less than was asked for.
    """
    candidates = list(_candidates(environment, resolve, event))
    return next((base for base in candidates if resolve(base.revision)), candidates[0] if candidates else None)


def _candidates(
    environment: Mapping[str, str], resolve: Callable[[str], str], event: Callable[[str], Mapping[str, object]]
) -> Iterator[Base]:
    def given(name: str) -> str:
        value = environment.get(name, "")
        return "" if value.strip("0") == "" else value  # forty zeros are "none" (a new branch)

    if given("PRE_COMMIT_FROM_REF") and given("PRE_COMMIT_TO_REF"):
        yield Base(given("PRE_COMMIT_FROM_REF"), "PRE_COMMIT_FROM_REF (pre-commit)", exact=False)
        return
    # Merged results: HEAD is the target branch with the change merged in, so the target as it was is what it differs from.
    for name in ("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", "CI_MERGE_REQUEST_DIFF_BASE_SHA"):
        if given(name):
            yield Base(given(name), f"{name} (GitLab)")
    yield from _github(given, resolve, event)
    if given("BITBUCKET_PR_DESTINATION_COMMIT"):
        yield Base(given("BITBUCKET_PR_DESTINATION_COMMIT"), "BITBUCKET_PR_DESTINATION_COMMIT (Bitbucket)", exact=False)
    for name, system in BRANCHES:
        branch = given(name).removeprefix("refs/heads/")
        if branch and branch != "false" and not (system == "Drone" and not given("DRONE_PULL_REQUEST")):
            yield Base(f"refs/remotes/origin/{branch}", f"{name} ({system})", exact=False)
            yield Base(f"refs/heads/{branch}", f"{name} ({system})", exact=False)


def _github(given: Callable[[str], str], resolve: Callable[[str], str], event: Callable[[str], Mapping[str, object]]) -> Iterator[Base]:
    name, sha = given("GITHUB_EVENT_NAME"), given("GITHUB_SHA")
    # For `pull_request` GitHub checks out the merge of the change into its target: what it differs from is the first parent.
    if name == "pull_request" and sha and resolve("HEAD") == sha and resolve(f"{sha}^2"):
        yield Base(f"{sha}^1", "the first parent of GitHub's merge commit")
    content = event(given("GITHUB_EVENT_PATH")) if name and given("GITHUB_EVENT_PATH") else {}
    commit = _at(content, "pull_request", "base", "sha") or _at(content, "merge_group", "base_sha")
    if commit:
        yield Base(commit, "the event file (GitHub)", exact=False)


def _at(content: object, *keys: str) -> str:
    for key in keys:
        content = content.get(key) if isinstance(content, Mapping) else None
    return content if isinstance(content, str) else ""
