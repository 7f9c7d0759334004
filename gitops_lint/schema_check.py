"""Values judged by a JSON schema of a stranger: nothing is fetched, and nothing takes long.

`jsonschema` is imported when the first schema is judged. Every keyword that is applied counts as a step; regular expressions are those of
`foreign_pattern`. What cannot be judged within that is said to be so, and is not taken for wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from gitops_lint.foreign_pattern import LONGEST, compiled
from gitops_lint.node import Map, Opaque, Seq, Value

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

_MOST_STEPS = 30_000  # about a second; the largest real schemas take a tenth of it
_DEEPEST = 120  # keywords within each other: Python's own limit depends on who calls
_MOST_UNIQUE = 1_000  # items of a list that have to differ: each is compared with each
_MOST_ERRORS = 50
_PATTERNS = ("pattern", "patternProperties")


class SchemaError(Exception):
    """Why a schema could not be judged by."""


class Violation(NamedTuple):
    """Where values break a schema: the path, the keyword that they break, and the names that it asks for; never a value."""

    path: tuple[str | int, ...]
    keyword: str
    names: tuple[str, ...] = ()


@dataclass(slots=True)
class _Spent:
    """What judging has taken so far."""

    steps: int = 0
    depth: int = 0


def violations(schema: Map, values: Value) -> list[Violation]:
    """What is wrong with some values, the first fifty; values that nobody knows yet are not wrong. Raises SchemaError."""
    from referencing.exceptions import Unresolvable  # noqa: PLC0415  slow to import, and few charts have a schema

    out = []
    try:
        for error in _validator(schema).iter_errors(values):
            if not _unknown(cast("Value", error.instance)):
                names = _names(str(error.validator), error.validator_value, error.instance, error.schema)
                out.append(Violation(tuple(error.absolute_path), str(error.validator), names))
            if len(out) >= _MOST_ERRORS:
                break
    except Unresolvable as error:
        raise SchemaError(f"it refers to `{error.ref}`, which is not in it") from None
    except (TypeError, AttributeError, ValueError, KeyError):
        raise SchemaError("it is no valid schema") from None  # the library takes its form for granted
    return out


def _validator(schema: Map) -> Validator:
    import jsonschema.validators as known  # noqa: PLC0415  as above
    from referencing import Registry  # noqa: PLC0415  as above

    drafts = {"draft-04": known.Draft4Validator, "draft-06": known.Draft6Validator, "draft-07": known.Draft7Validator}
    drafts["2019-09"] = known.Draft201909Validator
    said = str(schema.get("$schema", ""))
    draft = next((validator for word, validator in drafts.items() if word in said), known.Draft202012Validator)
    spent = _Spent()
    counted = {keyword: _counted(keyword, check, spent) for keyword, check in draft.VALIDATORS.items()}
    validator: Validator = known.extend(draft, counted)(schema, registry=Registry())  # type: ignore[no-untyped-call]
    return validator


def _counted(keyword: str, check: Callable[..., Any], spent: _Spent) -> Callable[..., Iterator[Any]]:
    """A keyword's check that counts its calls, and refuses what would take long."""

    def judged(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[Any]:  # noqa: ANN401  as the library calls it
        spent.steps += 1
        if spent.steps > _MOST_STEPS or (keyword == "uniqueItems" and isinstance(instance, list) and len(instance) > _MOST_UNIQUE):
            raise SchemaError("it takes too long")
        if spent.depth > _DEEPEST:
            raise SchemaError("it leads back to itself")
        if keyword in _PATTERNS:
            _refuse_slow(wanted if isinstance(wanted, Mapping) else [wanted], instance)
        spent.depth += 1
        try:
            yield from check(validator, wanted, instance, schema) or ()
        finally:  # also where nobody asks for the rest
            spent.depth -= 1

    return judged


def _refuse_slow(patterns: Any, instance: Any) -> None:  # noqa: ANN401  whatever stands in a schema
    texts = list(instance) if isinstance(instance, Mapping) else [instance]
    if any(isinstance(text, str) and len(text) > LONGEST for text in texts):
        raise SchemaError("a text is too long to be matched")
    for pattern in patterns:
        if not isinstance(pattern, str) or compiled(pattern) is None:
            raise SchemaError(f"the pattern `{str(pattern)[:40]}` cannot be matched here")


def _names(keyword: str, wanted: Any, instance: Any, schema: Any) -> tuple[str, ...]:  # noqa: ANN401  as above
    """The names of keys and types that a broken keyword is about."""
    if keyword == "type":
        return tuple(map(str, wanted)) if isinstance(wanted, list) else (str(wanted),)
    if keyword == "required" and isinstance(instance, Mapping):
        return tuple(str(name) for name in wanted if name not in instance)
    if keyword == "additionalProperties" and isinstance(instance, Mapping):
        return tuple(str(name) for name in instance if name not in schema.get("properties", {}))
    return ()


def _unknown(instance: Value) -> bool:
    """Whether something in a value is filled in later."""
    waiting = [instance]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Opaque):
            return True
        waiting += node.values() if isinstance(node, Map) else node if isinstance(node, Seq) else ()
    return False
