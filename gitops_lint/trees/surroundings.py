"""The environment variables by which CI systems and hooks tell what a change is to be compared with."""

from __future__ import annotations

# CI systems that name the target branch only; the branch as it is on the remote is meant, before a local one of that name.
BRANCHES = (
    ("GITHUB_BASE_REF", "GitHub"),
    ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "GitLab"),
    ("BITBUCKET_PR_DESTINATION_BRANCH", "Bitbucket"),
    ("SYSTEM_PULLREQUEST_TARGETBRANCH", "Azure Pipelines"),
    ("CHANGE_TARGET", "Jenkins"),
    ("BUILDKITE_PULL_REQUEST_BASE_BRANCH", "Buildkite"),
    ("DRONE_TARGET_BRANCH", "Drone"),
)

VARIABLES = (
    "PRE_COMMIT_FROM_REF",
    "PRE_COMMIT_TO_REF",
    "CI_MERGE_REQUEST_TARGET_BRANCH_SHA",
    "CI_MERGE_REQUEST_DIFF_BASE_SHA",
    "GITHUB_EVENT_NAME",
    "GITHUB_EVENT_PATH",
    "GITHUB_SHA",
    "BITBUCKET_PR_DESTINATION_COMMIT",
    "DRONE_PULL_REQUEST",
    *(variable for variable, _ in BRANCHES),
)
