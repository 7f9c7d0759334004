"""What makes two findings the same one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_lint.cli.main import main
from gitops_lint.finding import Facts, Finding, Lack
from gitops_lint.node import Location
from gitops_lint.report import fingerprint, fingerprints, identities
from tests.reporters.example import MISSING, MUTABLE


def lacking(*lacks: Lack) -> Facts:
    return Facts("other", user_named=False, have=(), lack=lacks, ranked=True)


def test_one_identity_for_each_leaf_that_an_environment_lacks() -> None:
    facts = lacking(Lack("qa", 2, protected=False, leaves=("a", "[x].b")), Lack("prod", 5, protected=True, leaves=("a",)))
    assert identities(replace(MISSING, key=("cache",), facts=facts)) == (
        "missing-key:shop:cache.a@qa",
        "missing-key:shop:cache[x].b@qa",
        "missing-key:shop:cache.a@prod",
    )


def test_an_object_is_no_key_with_a_dot_after_it() -> None:
    facts = lacking(Lack("prod", 5, protected=True, leaves=("spec.replicas", "")))
    finding = replace(MISSING, key=("Deployment/shop:",), facts=facts)
    assert identities(finding) == ("missing-key:shop:Deployment/shop%3Aspec.replicas@prod", "missing-key:shop:Deployment/shop%3A@prod")


def test_what_is_no_difference_has_one_identity_with_its_path() -> None:
    assert identities(MUTABLE) == ("mutable-image-tag:shop:image.tag:apps/shop/values-prod.yaml@prod",)


@given(st.integers(1, 9999), st.integers(1, 99), st.text())
def test_neither_lines_nor_words_are_part_of_it(line: int, column: int, message: str) -> None:
    for finding in (MISSING, MUTABLE):
        at = finding.at
        moved = replace(finding, at=Location(at.path, line, column, line, column + 1), message=message, related=(), new=False)
        assert fingerprint(moved) == fingerprint(finding)
        assert identities(moved) == identities(finding)


@given(
    st.lists(st.sampled_from(["a", "a:b", "b", "b@c", "", ",", "%3A"]), min_size=4, max_size=4),
    st.lists(st.sampled_from(["a", "a:b", "b", "b@c", "", ",", "%3A"]), min_size=4, max_size=4),
)
def test_no_name_pretends_to_be_two(one: list[str], other: list[str]) -> None:
    def made(parts: list[str]) -> Finding:
        application, subject, path, environment = parts
        return Finding("m", Location(path), application=application, subject=subject, environments=(environment,), rule="r")

    assert (identities(made(one)) == identities(made(other))) == (one == other)


@given(st.lists(st.sampled_from([MISSING, MUTABLE, replace(MISSING, application="web")]), max_size=12))
def test_fingerprints_are_unique_and_the_first_keeps_its_own(findings: list[Finding]) -> None:
    made = fingerprints(findings)
    assert len(set(made)) == len(findings)
    assert set(map(fingerprint, findings)) <= set(made)


def test_every_file_that_was_found_is_accounted_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {
        "values-dev.yaml": "a: 1\n",
        "values-qa.yaml": "a: 1\n",
        "values-prod.yaml": "a: [\n",
        "sandbox/values-dev.yaml": "b: 1\n",
        "vendor/chart/values.yaml": "c: 1\n",
        "vendor/README.md": "d\n",
        ".gitops-lint.yaml": "exclude: [sandbox/**]\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    main(["check", str(tmp_path), "--format", "json", "--no-cache"])
    summary = json.loads(capsys.readouterr().out)["summary"]
    assert summary["files"] == summary["files_read"] + summary["files_failed"] + summary["files_skipped"]
    assert (summary["files_failed"], summary["files_skipped"]) == (1, 2)
