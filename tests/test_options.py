from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from gitops_lint.options import configured


@dataclass(frozen=True)
class Demand:
    match: str = "*"
    environments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Options:
    days: int = 30
    images: tuple[Demand, ...] = ()
    default: Demand = field(default_factory=Demand)


@pytest.mark.parametrize(
    ("plain", "options"),
    [
        ({}, Options()),
        ({"days": 7}, Options(days=7)),
        ({"images": ({"match": "a", "environments": ["prod"]},)}, Options(images=(Demand("a", ("prod",)),))),
        ({"images": [{}, {}]}, Options(images=(Demand(), Demand()))),
        ({"default": {"match": "b"}}, Options(default=Demand("b"))),
    ],
)
def test_plain_data_becomes_the_dataclass(plain: dict[str, Any], options: Options) -> None:
    assert configured(Options, plain) == options
