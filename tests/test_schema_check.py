from __future__ import annotations

import json

import pytest

from gitops_lint.foreign_pattern import compiled
from gitops_lint.node import Map
from gitops_lint.reader import read
from gitops_lint.schema_check import SchemaError, Violation, violations

DRAFT_4 = "http://json-schema.org/draft-04/schema#"


def parsed(value: object) -> Map:
    root = read(json.dumps(value).encode(), "values.schema.json").roots[0].value
    assert isinstance(root, Map)
    return root


@pytest.mark.parametrize(
    ("schema", "values", "expected"),
    [
        ({"type": "object"}, {}, []),
        ({"required": ["a", "b"]}, {"a": 1}, [Violation((), "required", ("b",))]),
        ({"properties": {"a": {"type": "integer"}}}, {"a": 1.0}, []),
        ({"properties": {"a": {"type": ["integer", "null"]}}}, {"a": "x"}, [Violation(("a",), "type", ("integer", "null"))]),
        ({"additionalProperties": False, "properties": {"a": {}}}, {"a": 1, "b": 2}, [Violation((), "additionalProperties", ("b",))]),
        ({"properties": {"a": {"items": {"minimum": 2}}}}, {"a": [1, 2]}, [Violation(("a", 0), "minimum")]),
        ({"$schema": DRAFT_4, "properties": {"a": {"maximum": 3, "exclusiveMaximum": True}}}, {"a": 3}, [Violation(("a",), "maximum")]),
        ({"$schema": "https://example.com/unknown", "required": ["a"]}, {"a": 1}, []),
        ({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, {"b": 1}, []),
        ({"properties": {"a": {"not": {"type": "string"}}}}, {"a": "hunter2"}, [Violation(("a",), "not")]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_values(schema: object, values: object, expected: list[Violation]) -> None:
    assert violations(parsed(schema), parsed(values)) == expected


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"$ref": "#"}, "leads back"),
        ({"$ref": "other.json"}, "refers to `other.json`"),
        ({"$ref": "file:///etc/passwd"}, "refers to `file:///etc/passwd`"),
        ({"$ref": "#/nowhere"}, "refers to `/nowhere`"),
        ({"properties": {"a": {"pattern": "^(a+)+$"}}}, "cannot be matched"),
        ({"patternProperties": {"(": {}}}, "cannot be matched"),
        ({"properties": {"a": {"type": 5}}}, "no valid schema"),
        ({"properties": {"long": {"pattern": "^a"}}}, "too long to be matched"),
        ({"properties": {"many": {"uniqueItems": True}}}, "takes too long"),
    ],
)
def test_what_cannot_be_judged_is_not_wrong(schema: object, reason: str) -> None:
    values = {"a": "b", "long": "a" * 400, "many": [{"n": number} for number in range(1001)]}
    with pytest.raises(SchemaError, match=reason):
        violations(parsed(schema), parsed(values))


def test_many_alternatives_that_are_given_up_early_are_not_deep() -> None:
    schema = {"items": {"not": {"properties": {"a": {"type": "string"}}, "required": ["a"]}}, "type": "array"}
    assert not violations(parsed({"properties": {"list": schema}}), parsed({"list": [{"a": 1}] * 500}))


@pytest.mark.parametrize(
    ("expression", "usable"),
    [
        ("^[a-z]+$", True),
        (r"deployments/.*/secrets/.*\.ya?ml$", True),
        ("(dev|prod){1,2}", True),
        ("(a+)+$", False),
        ("(a|b*)*", False),
        (".*.*.*.*.*", False),
        (r"\p{L}", False),
        ("[", False),
        ("a" * 301, False),
    ],
)
def test_expressions_that_are_tried(expression: str, usable: bool) -> None:  # noqa: FBT001
    assert (compiled(expression) is not None) == usable
