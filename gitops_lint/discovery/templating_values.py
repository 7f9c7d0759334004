"""The values that templates work with: parameters, some of which only a cluster knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

Known: TypeAlias = "str | int | float | bool | list[Known] | dict[str, Known] | None"


class UnresolvedError(Exception):
    """What a template asks for cannot be said without a cluster, or is not understood."""


class Open(dict[str, Known]):
    """A map that has more keys than anybody can tell: a cluster's labels."""


def look_up(value: Known, keys: Sequence[str]) -> Known:
    """The value below `keys`, None where a closed map lacks one. Raises UnresolvedError where it is not known."""
    for key in keys:
        if isinstance(value, dict):
            if key not in value and isinstance(value, Open):
                raise UnresolvedError(key)
            value = value.get(key)
        elif value is not None:
            raise UnresolvedError(key)
    return value


def printed(value: Known) -> str:
    """A value as Go prints it. Raises UnresolvedError for what has no value, and for maps and lists."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, dict | list):
        raise UnresolvedError("no text")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def truthy(value: Known) -> bool:
    """Whether Go's `if` takes a value for true: not empty, not zero."""
    return bool(value)
