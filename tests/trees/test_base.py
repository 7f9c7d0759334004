from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from gitops_lint.trees import base, revision, surroundings
from gitops_lint.trees.open import event, repository
from tests.trees.scratch import commit, git
from tests.trees.scratch import repository as make

NONE = "0" * 40
GITHUB = {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_SHA": "merge", "GITHUB_BASE_REF": "main", "GITHUB_EVENT_PATH": "event"}
EVENT = {"pull_request": {"base": {"sha": "tip"}}}
TARGET = "refs/remotes/origin/main"


@pytest.mark.parametrize(
    ("environment", "here", "revision", "exact"),
    [
        ({}, "", None, True),
        ({"CI": "true", "PRE_COMMIT": "1"}, "", None, True),
        # pre-commit run --from-ref A --to-ref B, and its pre-push
        ({"PRE_COMMIT_FROM_REF": "A", "PRE_COMMIT_TO_REF": "B"}, "A B", "A", False),
        ({"PRE_COMMIT_FROM_REF": "A"}, "A", None, True),
        ({"PRE_COMMIT_FROM_REF": NONE, "PRE_COMMIT_TO_REF": "B"}, "B", None, True),
        ({"PRE_COMMIT_FROM_REF": "A", "PRE_COMMIT_TO_REF": "B", **GITHUB}, "A merge tip", "A", False),
        # GitLab, docs.gitlab.com/ci/variables/predefined_variables
        ({"CI_MERGE_REQUEST_DIFF_BASE_SHA": "D", "CI_COMMIT_BEFORE_SHA": NONE}, "D", "D", True),
        ({"CI_MERGE_REQUEST_DIFF_BASE_SHA": "D", "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": "T"}, "D T", "T", True),
        ({"CI_MERGE_REQUEST_DIFF_BASE_SHA": "D", "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": ""}, "D", "D", True),
        ({"CI_MERGE_REQUEST_DIFF_BASE_SHA": "D", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}, TARGET, TARGET, False),
        ({"CI_MERGE_REQUEST_DIFF_BASE_SHA": "D", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}, "", "D", True),  # to be told what to fetch
        ({"CI_COMMIT_BEFORE_SHA": "B"}, "B", None, True),  # a push to a branch is no change to be judged
        # GitHub, docs.github.com/actions: events that trigger workflows
        (GITHUB, "HEAD=merge merge^2 merge^1 tip", "merge^1", True),
        (GITHUB, "HEAD=merge merge^2 tip", "tip", False),
        (GITHUB, "HEAD=merge merge^1 tip", "tip", False),  # a depth of 1 shows no second parent
        (GITHUB, "HEAD=other merge^2 merge^1 tip", "tip", False),  # somebody checked out the head of the change
        (GITHUB, f"HEAD=other {TARGET}", TARGET, False),
        (GITHUB, "HEAD=merge", "tip", False),
        ({**GITHUB, "GITHUB_EVENT_NAME": "pull_request_target"}, "HEAD=merge merge^2 merge^1 tip", "tip", False),
        ({"GITHUB_EVENT_NAME": "merge_group", "GITHUB_EVENT_PATH": "group"}, "queue", "queue", False),
        ({"GITHUB_EVENT_NAME": "push", "GITHUB_EVENT_PATH": "push", "GITHUB_BASE_REF": ""}, "", None, True),
        # others
        ({"BITBUCKET_PR_DESTINATION_BRANCH": "main"}, "refs/heads/main", "refs/heads/main", False),
        ({"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"}, TARGET, TARGET, False),
        ({"CHANGE_TARGET": "release/1.2"}, "", "refs/remotes/origin/release/1.2", False),
        ({"BUILDKITE_PULL_REQUEST_BASE_BRANCH": ""}, TARGET, None, True),
        ({"DRONE_TARGET_BRANCH": "main"}, TARGET, None, True),
        ({"DRONE_TARGET_BRANCH": "main", "DRONE_PULL_REQUEST": "7"}, TARGET, TARGET, False),
    ],
)
def test_what_the_surroundings_say(environment: Mapping[str, str], here: str, revision: str | None, exact: bool) -> None:  # noqa: FBT001
    commits = {name: commit or name for name, _, commit in (word.partition("=") for word in here.split())}
    events: dict[str, Mapping[str, object]] = {"event": EVENT, "group": {"merge_group": {"base_sha": "queue"}}, "push": {"before": "x"}}
    found = base.find(environment, lambda name: commits.get(name, ""), lambda path: events[path])
    assert (found.revision if found else None) == revision
    assert found is None or (found.exact is exact and found.source)
    assert found is None or set(environment) & set(surroundings.VARIABLES)


def told(root: Path, environment: dict[str, str]) -> base.Base | None:
    checkout = repository(str(root))
    return base.find(environment, lambda name: revision.known(checkout, name), event)


@pytest.mark.parametrize("content", ["", "[]", "null", "{", '{"pull_request": []}', '{"pull_request": {"base": {"sha": 7}}}'])
def test_an_event_file_that_says_nothing(tmp_path: Path, content: str) -> None:
    root = make(tmp_path / "repo", {"a": "1"})
    (tmp_path / "event.json").write_text(content)
    environment = {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(tmp_path / "event.json")}
    assert told(root, environment) is None


def test_a_real_merge_as_github_checks_it_out(tmp_path: Path) -> None:
    root = make(tmp_path / "repo", {"a": "1"})
    git(root, "checkout", "-qb", "change")
    commit(root, {"b": "1"})
    git(root, "checkout", "-q", "main")
    tip = commit(root, {"c": "1"})
    git(root, "merge", "-q", "--no-edit", "change")
    merge = git(root, "rev-parse", "HEAD").strip()
    (tmp_path / "event.json").write_text(json.dumps({"pull_request": {"base": {"sha": "f" * 40}}}))
    environment = {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_SHA": merge, "GITHUB_EVENT_PATH": str(tmp_path / "event.json")}
    found = told(root, environment)
    assert found is not None
    assert git(root, "rev-parse", found.revision).strip() == tip
