from __future__ import annotations

import pytest

from gitops_lint.node import Location
from gitops_lint.pointer import Motion, Pointer, PointerKind
from gitops_lint.pointers.policy import Demand, demanded, met, verdict
from gitops_lint.severity import Severity


def pointer(version: str, motion: Motion, *, protected: bool = False, environment: str = "prod", rank: int | None = None) -> Pointer:
    text = f"ghcr.io/acme/shop:{version}" if version else "ghcr.io/acme/shop"
    return Pointer(
        *(PointerKind.IMAGE, text, "ghcr.io/acme/shop", version, motion, "", Location("x.yaml"), ("image",)),
        environment=environment,
        stage=environment,
        rank=rank,
        protected=protected,
    )


MAIN, LATEST, NONE, VERSION = (
    pointer(*args) for args in (("main", Motion.MOVING), ("latest", Motion.MOVING), ("", Motion.MOVING), ("1.2", Motion.VERSION))
)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (pointer("main", Motion.MOVING, protected=True), Severity.OFF),
        (pointer("main", Motion.MOVING, environment=""), Severity.OFF),
        (pointer("main", Motion.MOVING, environment="dev"), Severity.INFO),
        (pointer("latest", Motion.MOVING, environment="dev"), Severity.OFF),
        (pointer("", Motion.MOVING, environment="dev"), Severity.OFF),
        (pointer("1.2", Motion.VERSION, protected=True), None),
        (pointer("", Motion.UNKNOWN, protected=True), None),
        (pointer("1.2", Motion.DIGEST, protected=True), None),
    ],
)
def test_without_a_table(one: Pointer, expected: Severity | None) -> None:
    assert verdict(one, ()) == expected


@pytest.mark.parametrize(
    ("table", "require"),
    [
        ([Demand("*", "any")], "any"),
        ([Demand("*", "any"), Demand("ghcr.io/*", "digest")], "digest"),
        ([Demand("ghcr.io/acme/*", "any"), Demand("ghcr.io/*", "digest")], "any"),
        ([Demand("*", "any"), Demand("*", "digest", ("prod",))], "digest"),
        ([Demand("*", "digest", ("dev",))], "any"),
        ([Demand("*:1.2", "digest")], "digest"),
        ([Demand("docker.io/*", "digest")], "any"),
    ],
)
def test_the_most_specific_pattern_decides(table: list[Demand], require: str) -> None:
    assert demanded(VERSION, table)[0] == require


@pytest.mark.parametrize(
    ("motion", "meets"),
    [
        (Motion.DIGEST, {"any", "version", "commit", "digest"}),
        (Motion.COMMIT, {"any", "version", "commit"}),
        (Motion.VERSION, {"any", "version"}),
        (Motion.UNKNOWN, {"any", "version", "commit", "digest"}),
        (Motion.MOVING, {"any"}),
    ],
)
def test_what_meets_what(motion: Motion, meets: set[str]) -> None:
    one = pointer("main", motion)
    assert {require for require in ("any", "version", "commit", "digest") if met(one, require)} == meets


def test_a_table_that_allows_is_silent() -> None:
    table = [Demand("*", "any")]
    assert [verdict(one, table) for one in (MAIN, LATEST, NONE, VERSION)] == [None, Severity.OFF, Severity.OFF, None]
