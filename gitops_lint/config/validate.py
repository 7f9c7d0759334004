"""A parsed configuration judged: against the models, then against the catalogue of rules. Every error has its place in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from gitops_lint.config.error import ConfigError
from gitops_lint.config.options import OWN, option_names, options_model
from gitops_lint.config.schema import Config
from gitops_lint.didyoumean import suggest
from gitops_lint.node import Location, Map, Seq, item_location, key_location, span, value_location
from gitops_lint.rule import Rule
from gitops_lint.rules import CATEGORIES, PluginError, catalogue
from gitops_lint.settings import Settings

_SAID = {
    **dict.fromkeys(("model_type", "dict_type", "dataclass_type"), "must be a mapping"),
    **dict.fromkeys(("list_type", "tuple_type"), "must be a list"),
    "string_type": "must be text",
    "int_type": "must be a number",
    "bool_type": "must be `true` or `false`",
}
Steps = tuple[str | int, ...]


class Place(NamedTuple):
    """Where something is written, and its name; no name is the whole file."""

    at: Location
    name: str = ""


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


def place(root: Map, steps: Steps, *, key: bool = False) -> Place:
    """Where the last of the steps that exists is written, key or value; steps that pydantic adds for its own ends are passed over."""
    node: Any = root
    found = Place(span(root.path, root.at))
    for step in steps:
        if isinstance(node, Map) and step in node:
            where = key_location if key or isinstance(node[str(step)], Map | Seq) else value_location
            found = Place(where(node, str(step)), f"{found.name}.{step}".lstrip("."))
            node = node[str(step)]
        elif isinstance(node, Seq) and isinstance(step, int) and step < len(node):
            found = Place(item_location(node, step), f"{found.name}[{step}]")
            node = node[step]
    return found


def _error(root: Map, detail: ErrorDetails) -> ConfigError:
    steps, context = detail["loc"], detail.get("ctx", {})
    if detail["type"] == "unknown_key":
        return _at(root, (*steps, context["key"]), detail["msg"], named=False)
    if detail["type"] == "unexpected_keyword_argument":
        return _at(root, steps, f"no such key `{steps[-1]}`", named=False)
    message = _SAID.get(detail["type"]) or detail["msg"][0].lower() + detail["msg"][1:]
    if detail["type"] == "literal_error":
        words = [word for word in context["expected"].replace(" or ", ", ").replace("'", "").split(", ") if word != "False"]
        message = f"must be one of {', '.join(words)}{suggest(str(detail['input']), words)}"
    elif detail["type"] == "missing":
        message = f"lacks `{steps[-1]}`"
    return _at(root, steps, message)


def _at(root: Map, steps: Steps, message: str, *, named: bool = True) -> ConfigError:
    found = place(root, steps, key=not named)
    subject = f"`{found.name}`: " if named and found.name else ""
    return ConfigError(root.path, found.at.line, found.at.column, subject + message)


def _catalogue(root: Map, plain: Mapping[str, Any]) -> dict[str, Rule[Any, Any]]:
    try:
        return {rule.name: rule for rule in catalogue(Settings(plugins=tuple(plain.get("plugins", ()))))}
    except PluginError as error:
        raise _at(root, ("plugins",), str(error), named=False) from error


def _rule_tables(plain: dict[str, Any], root: Map) -> Iterator[tuple[dict[str, Any], Steps]]:
    if "rules" in root:
        yield plain["rules"], ("rules",)
    for number, override in enumerate(plain.get("overrides", ())):
        yield override["rules"], ("overrides", number, "rules")


def _checked(root: Map, steps: Steps, entry: Any, rules: Mapping[str, Rule[Any, Any]]) -> Any:  # noqa: ANN401  as written
    name = str(steps[-1])
    if name not in rules and name not in CATEGORIES:
        raise _at(root, steps, f"no such rule or category `{name}`{suggest(name, [*rules, *CATEGORIES])}", named=False)
    if not isinstance(entry, dict):
        return entry
    options = {key: value for key, value in entry.items() if key not in OWN}
    known = option_names(rules[name]) if name in rules else ()
    for key in options:
        if key not in known:
            raise _at(root, (*steps, key), f"`{name}` has no option `{key}`{suggest(key, [*known, *OWN])}", named=False)
    return {**{key: entry[key] for key in OWN if key in entry}, **(_validated(root, steps, rules[name], options) if options else {})}


def _validated(root: Map, steps: Steps, rule: Rule[Any, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    try:
        made = options_model(rule).model_validate({"options": options})
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        raise _error(root, {**detail, "loc": (*steps, *detail["loc"][1:])}) from None
    dumped: dict[str, Any] = made.model_dump()["options"]
    return {key: dumped[key.replace("-", "_")] for key in options}


def _plain(value: Any) -> Any:  # noqa: ANN401  whatever a configuration holds; the reader caps its depth
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, tuple):
        return tuple(_plain(item) for item in value)
    return str(value) if isinstance(value, str) else value
