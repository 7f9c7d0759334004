"""YAML containers that know where each of their keys was written.

`Map` and `Seq` are ordinary `dict` and `list` objects, so that merging and comparing run at full speed. Positions ride along as
packed integers and are unpacked only for what is printed. Every container is shared, never changed, once its reader has filled it.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

_SHIFT = 24  # a column fits: no file is longer than 5 MiB
_MASK = (1 << _SHIFT) - 1

Scalar: TypeAlias = bool | int | float | str | None
Value: TypeAlias = "Scalar | Map | Seq"


class Location(NamedTuple):
    """A span of a file: lines and columns count from 1, columns in code points; the end is exclusive."""

    path: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1


def pack(line: int, column: int) -> int:
    """One integer for a line and a column, both counted from 0; packed positions sort as positions do."""
    return line << _SHIFT | column


def unpack(position: int) -> tuple[int, int]:
    """The line and the column of a packed position, both counted from 0."""
    return position >> _SHIFT, position & _MASK


class Map(dict[str, Any]):
    """A mapping with its keys as Kubernetes sees them.

    `path` is the file it was read from, `at` its packed start. `key_at` and `value_at` give the packed start of each key and value.
    `written` holds the text of plain scalars that do not print as they were written (`yes`, `0644`, `1.10`), by key.
    `of` is set on merged maps only: the map, among those merged, that each key came from.
    """

    __slots__ = ("at", "key_at", "of", "path", "value_at", "written")

    path: str
    at: int
    key_at: dict[str, int]
    value_at: dict[str, int]
    written: dict[str, str] | None
    of: dict[str, Map] | None

    def __init__(self, path: str = "", at: int = 0) -> None:
        self.path = path
        self.at = at
        self.key_at = {}
        self.value_at = {}
        self.written = None
        self.of = None


class Seq(list[Any]):
    """A sequence; `value_at` gives the packed start of each item, `written` is as in `Map`, by index.

    `of` is set on merged lists only: the list, and the index in it, that each item came from.
    """

    __slots__ = ("at", "of", "path", "value_at", "written")

    path: str
    at: int
    value_at: list[int]
    written: dict[int, str] | None
    of: list[tuple[Seq, int]] | None

    def __init__(self, path: str = "", at: int = 0) -> None:
        self.path = path
        self.at = at
        self.value_at = []
        self.written = None
        self.of = None


class Opaque(str):
    """Text that stands for a value nobody knows before deployment: a masked placeholder. It is never compared."""

    __slots__ = ()


def span(path: str, position: int, length: int = 0) -> Location:
    """The location of `length` code points from a packed position on."""
    line, column = unpack(position)
    return Location(path, line + 1, column + 1, line + 1, column + 1 + length)


def home(node: Map, key: str) -> Map:
    """The map, as it was read from a file, that gave `key` to `node`."""
    while node.of is not None and key in node.of:
        node = node.of[key]
    return node


def bare(node: Map, key: str) -> bool:
    """Whether nothing at all is written behind a key's colon, where `null` or `~` would say that the emptiness is meant."""
    source = home(node, key)
    if source.get(key, "") is not None or key not in source.key_at or key not in source.value_at:
        return False
    (line, column), (end_line, end) = unpack(source.key_at[key]), unpack(source.value_at[key])
    return line == end_line and end - column in (len(key) + 1, len(key) + 3)  # the colon, and a key's quotes


def key_location(node: Map, key: str) -> Location:
    """Where `key` of `node` is written, however often `node` was merged; the start of `node` for a key nobody wrote."""
    source = home(node, key)
    position = source.key_at.get(key)
    return span(source.path, source.at) if position is None else span(source.path, position, len(key))


def value_location(node: Map, key: str) -> Location:
    """Where the value of `key` starts; the length is that of the scalar's text where it is known."""
    source = home(node, key)
    position = source.value_at.get(key, source.at)
    value = source.get(key)
    text = (source.written or {}).get(key) or (str(value) if isinstance(value, str | int | float) else "")
    return span(source.path, position, 0 if "\n" in text else len(text))


def item_location(node: Seq, index: int) -> Location:
    """Where item `index` of `node` starts."""
    while node.of is not None and index < len(node.of):
        node, index = node.of[index]
    position = node.value_at[index] if index < len(node.value_at) else node.at
    return span(node.path, position)
