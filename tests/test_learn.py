from __future__ import annotations

from pathlib import Path

from gitops_lint import engine, modelled
from gitops_lint.cli import learning, opening
from gitops_lint.config.load import load
from gitops_lint.finding import Finding
from gitops_lint.severity import Severity
from tests.trees.scratch import commit, git, repository

DAY = 86_400
FIRST = 1_700_000_000
STAGES = ("dev", "qa", "prod")


def values(dev: str, qa: str, prod: str) -> dict[str, str | bytes]:
    return {f"shop/values-{stage}.yaml": text for stage, text in zip(STAGES, (dev, qa, prod), strict=True)}


def checked(root: Path, config: str) -> list[Finding]:
    """The errors and warnings under a configuration."""
    settings = load(config.encode(), ".gitops-lint.yaml")
    found = engine.run(opening.files(opening.begin(str(root)).tree, settings), settings).findings
    return [finding for finding in found if finding.severity >= Severity.WARNING]


def taught(root: Path) -> str:
    """What `init --learn` writes about a repository."""
    begun = opening.begin(str(root))
    return "\n".join(learning.lines(learning.learnt(begun, str(root), modelled.build(begun.files, begun.settings))))


def old(root: Path, files: dict[str, str | bytes], *later: dict[str, str | bytes]) -> Path:
    """A repository that began 200 days before its last commit."""
    repository(root, files)
    git(root, "commit", "-q", "--amend", "--no-edit", GIT_COMMITTER_DATE=f"{FIRST} +0000")
    last: dict[str, str | bytes] = {"readme": "x"}
    for number, more in enumerate((*later, last)):
        commit(root, more, GIT_COMMITTER_DATE=f"{FIRST + (200 + number) * DAY} +0000")
    return root


def test_what_is_there_today_is_meant(tmp_path: Path) -> None:
    root = old(tmp_path, values("a: 1\nb: 1\nl: [u, v, w]\nh: host\n", "a: 1\nb: 1\nl: [u, v, w]\nh: host\n", "a: 1\nl: [u, v]\nh: ''\n"))
    assert {finding.rule for finding in checked(root, "parity: together")} == {"missing-key", "missing-list-item", "empty-in-environment"}
    config = taught(root)
    assert "back to 2023-11-14" in config
    assert not checked(root, config)


def test_what_many_applications_have_alike_is_meant_in_all_of_them(tmp_path: Path) -> None:
    names = [f"app{number}" for number in range(7)]
    root = old(tmp_path, {f"{n}/values-{e}.yaml": "a: 1\n" + "region: 2\n" * (e != "dev") for n in names for e in STAGES})
    assert len(checked(root, "parity: together")) == 1
    assert not checked(root, taught(root))


def test_a_mistake_is_not_meant(tmp_path: Path) -> None:
    root = old(tmp_path, values("a: 1\nlogLevel: x\n", "a: 1\nlogLevel: x\n", "a: 1\nlogLevl: x\n"))
    assert [(finding.rule, finding.grade) for finding in checked(root, taught(root))] == [("near-miss-key", 1)]


def test_what_waits_may_wait_until_it_is_overdue(tmp_path: Path) -> None:
    young = values("a: 1\nb: 1\nc: 1\n", "a: 1\n", "a: 1\n")
    root = old(tmp_path, values("a: 1\nb: 1\n", "a: 1\n", "a: 1\n"), young)
    config = taught(root)
    assert "parity: staged" in config
    assert '"b"' in config
    assert '"c"' not in config
    assert not checked(root, config)
