"""A rule's options, as the configuration gives them in plain data, made into the dataclass that the rule asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from typing import Any, TypeVar, get_args, get_type_hints

Options = TypeVar("Options")


def configured(options: Callable[..., Options], plain: Mapping[str, Any]) -> Options:
    """The options with what `plain` says, by field name; defaults for the rest. It has been validated, so nothing is checked here."""
    if not plain:
        return options()
    hints = get_type_hints(options)
    return options(**{name: _made(hints[name], value) for name, value in plain.items()})


def _made(kind: Any, value: Any) -> Any:  # noqa: ANN401  a field's annotation, and plain data that fits it
    if isinstance(kind, type) and is_dataclass(kind) and isinstance(value, Mapping):
        return configured(kind, value)
    if isinstance(value, list | tuple):
        inner = next(iter(get_args(kind)), None)
        return tuple(_made(inner, item) for item in value)
    return value
