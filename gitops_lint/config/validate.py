"""A parsed configuration judged: against the models, then against the catalogue of rules. Every error has its place in the file."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from gitops_lint.config.error import ConfigError
from gitops_lint.config.schema import Config
from gitops_lint.didyoumean import suggest
from gitops_lint.node import Location, Map, Seq, item_location, key_location, span, value_location
from gitops_lint.rule import NoOptions, Rule
from gitops_lint.rules import CATEGORIES, PluginError, catalogue
from gitops_lint.settings import Settings

_OWN = ("severity", "locked")


class Place(NamedTuple):
    """A step down into the file: the node, and the key or index there; no step is the whole file."""

    at: Location
    name: str


def validate(root: Map) -> dict[str, Any]:
    """What the file says, as plain data that `build` understands. Raises ConfigError at the first thing that is wrong with it."""
    try:
        plain = Config.model_validate(root).model_dump(exclude_unset=True)
    except ValidationError as error:
        raise min((_error(root, detail) for detail in error.errors(include_url=False)), key=lambda e: (e.line, e.column)) from None
    rules = _catalogue(root, plain)
    for parent, steps in _rule_tables(plain, root):
        for name, entry in parent.items():
            parent[name] = _checked(root, (*steps, name), entry, rules)
    for number, clause in enumerate(plain.get("contract", ())):
        clause["line"] = place(root, ("contract", number)).at.line
    return _plain(plain)  # type: ignore[no-any-return]  # a dict gives a dict


def place(root: Map, steps: tuple[str | int, ...]) -> Place:
    """Where the last of the steps that exists is written, and its name; steps that pydantic adds for its own ends are passed over."""
    node: Any = root
    at = span(root.path, root.at)
    name = ""
    for step in steps:
        if isinstance(node, Map) and step in node:
            at = value_location(node, str(step)) if isinstance(node[str(step)], str | int | float) else key_location(node, str(step))
            name, node = f"{name}.{step}" if name else str(step), node[str(step)]
        elif isinstance(node, Seq) and isinstance(step, int) and step < len(node):
            at, name, node = item_location(node, step), f"{name}[{step}]", node[step]
    return Place(at, name)


def _error(root: Map, detail: ErrorDetails) -> ConfigError:
    steps, context = detail["loc"], detail.get("ctx", {})
    message = detail["msg"][0].lower() + detail["msg"][1:]
    if detail["type"] == "unknown_key":
        return _at(root, (*steps, context["key"]), message, named=False)
    if detail["type"] == "literal_error":
        words = [word for word in context["expected"].replace(" or ", ", ").replace("'", "").split(", ") if word != "False"]
        message = f"must be one of {', '.join(words)}{suggest(str(detail['input']), words)}"
    elif detail["type"] == "missing":
        message = f"lacks `{steps[-1]}`"
    return _at(root, steps, message)


def _at(root: Map, steps: tuple[str | int, ...], message: str, *, named: bool = True) -> ConfigError:
    found = place(root, steps)
    subject = f"`{found.name}`: " if named and found.name else ""
    return ConfigError(root.path, found.at.line, found.at.column, subject + message)


def _catalogue(root: Map, plain: Mapping[str, Any]) -> dict[str, Rule[Any, Any]]:
    try:
        return {rule.name: rule for rule in catalogue(Settings(plugins=tuple(plain.get("plugins", ()))))}
    except PluginError as error:
        raise _at(root, ("plugins",), str(error), named=False) from error


def _rule_tables(plain: dict[str, Any], root: Map) -> Iterator[tuple[dict[str, Any], tuple[str | int, ...]]]:
    if "rules" in root:
        yield plain["rules"], ("rules",)
    for number, override in enumerate(plain.get("overrides", ())):
        yield override["rules"], ("overrides", number, "rules")


def _checked(root: Map, steps: tuple[str | int, ...], entry: Any, rules: Mapping[str, Rule[Any, Any]]) -> Any:  # noqa: ANN401
    name = str(steps[-1])
    if name not in rules and name not in CATEGORIES:
        raise _at(root, steps, f"no such rule or category `{name}`{suggest(name, [*rules, *CATEGORIES])}", named=False)
    if not isinstance(entry, dict):
        return entry
    rule = rules.get(name)
    known = {field.name.replace("_", "-"): field.name for field in _options(rule)}
    for key in entry:
        if key not in known and key not in _OWN:
            raise _at(root, (*steps, key), f"`{name}` has no option `{key}`{suggest(key, [*known, *_OWN])}", named=False)
    options = {known[key]: value for key, value in entry.items() if key in known}
    return {key: value for key, value in entry.items() if key in _OWN} | (_validated(root, steps, rule, options) if rule else {})


def _options(rule: Rule[Any, Any] | None) -> tuple[dataclasses.Field[Any], ...]:
    return dataclasses.fields(rule.options) if rule is not None and rule.options is not NoOptions else ()  # type: ignore[arg-type]


def _validated(root: Map, steps: tuple[str | int, ...], rule: Rule[Any, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    if not options:
        return {}
    try:
        made = TypeAdapter[Any](cast("type[Any]", rule.options)).validate_python(options)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        inner = (str(detail["loc"][0]).replace("_", "-"), *detail["loc"][1:])
        raise _at(root, (*steps, *inner), detail["msg"][0].lower() + detail["msg"][1:]) from None
    return {name: getattr(made, name) for name in options}


def _plain(value: Any) -> Any:  # noqa: ANN401  whatever a configuration holds; the reader caps its depth
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, tuple):
        return tuple(_plain(item) for item in value)
    return str(value) if isinstance(value, str) else value
