from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from typing import NamedTuple

import pytest

from gitops_lint.merge import flux, helmfile
from gitops_lint.node import Map
from gitops_lint.reader import read

pytestmark = pytest.mark.oracle

TARGETS = ["a", "b", "a.b", "a.b.c", "b.a.c", "l[0]", "l[1].a", "l[0].b.c", "a.l[0]", "a.l[1].b", "b[0]", "l", "l[0][1]", "a.b[0]"]
TEXTS = ["x", "1", "true", "null", "'1'", '"x"', "", "{x,1}", "x,c=z", "a: 1", "x\\,y", "{", "'", "=", "[1]"]


class Case(NamedTuple):
    inline: dict[str, object]
    references: list[dict[str, object]]
    data: dict[str, str]


def answers(questions: list[dict[str, object]]) -> list[object]:
    folder = os.environ.get("GITOPS_LINT_ORACLES")
    if folder is None:
        pytest.skip("GITOPS_LINT_ORACLES is not set")
    program = shutil.which("layering", path=folder)
    assert program, "layering is not built: run tests/oracle/build.sh"
    asked = "".join(json.dumps(question) + "\n" for question in questions)
    done = subprocess.run([program], input=asked, capture_output=True, text=True, timeout=120, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def tree(value: object) -> Map:
    out = read(json.dumps(value).encode(), "some.yaml").roots[0].value
    assert isinstance(out, Map)
    return out


class Generator:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311

    def value(self, depth: int) -> object:
        draw = self.random.random()
        if depth and draw < 0.4:
            return {key: self.value(depth - 1) for key in self.random.sample(["a", "b", "c", "l"], self.random.randint(0, 3))}
        if depth and draw < 0.6:
            return [self.value(depth - 1) for _ in range(self.random.randint(0, 3))]
        return self.random.choice([None, True, 1, "x", "", {}, []])

    def mapping(self) -> dict[str, object]:
        return {key: self.value(3) for key in self.random.sample(["a", "b", "c", "l"], self.random.randint(0, 4))}

    def case(self) -> Case:
        references: list[dict[str, object]] = []
        data: dict[str, str] = {}
        for number in range(self.random.randint(0, 4)):
            reference: dict[str, object] = {"kind": "ConfigMap", "name": "n", "valuesKey": f"k{number}"}
            if self.random.random() < 0.6:
                reference["targetPath"] = self.random.choice(TARGETS)
                reference["literal"] = self.random.random() < 0.2
                data[f"k{number}"] = self.random.choice(TEXTS)
            else:
                data[f"k{number}"] = json.dumps(self.mapping())
            references.append(reference)
        return Case(self.mapping(), references, data)


def reference(given: dict[str, object], data: dict[str, str]) -> flux.Reference:
    text = data[str(given["valuesKey"])]
    if "targetPath" not in given:
        return flux.Reference(tree(json.loads(text)))
    return flux.Reference(target=str(given["targetPath"]), text=text, literal=given["literal"] is True)


def test_flux_values() -> None:
    cases = [Generator(seed).case() for seed in range(6000)]
    theirs = answers([case._asdict() for case in cases])
    for case, answer in zip(cases, theirs, strict=True):
        ours, wrong = flux.values([reference(given, case.data) for given in case.references], tree(case.inline))
        assert (None if wrong else ours) == answer, case
    assert sum(answer is not None for answer in theirs) > 3000


def test_helmfile_layers() -> None:
    pairs = [(Generator(seed).mapping(), Generator(-seed - 1).mapping()) for seed in range(3000)]
    theirs = answers([{"lower": lower, "upper": upper} for lower, upper in pairs])
    for (lower, upper), answer in zip(pairs, theirs, strict=True):
        assert helmfile.overlay(tree(lower), tree(upper)) == answer, (lower, upper)
