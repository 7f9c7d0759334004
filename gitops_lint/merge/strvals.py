"""Values set by name on top of others, as `--set a.b[0].c=x` does; the text is read as helm pkg/strvals/parser.go, v4.2.4, reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from gitops_lint.merge.tables import edited, put
from gitops_lint.node import Map, Seq, Value

MAX_INDEX = 65536
MAX_NESTING = 30
SYNTAX = str.maketrans({char: "\\" + char for char in "\\,[]{}"})  # for a text that is a value as it stands
_INTEGER = re.compile(r"[+-]?[1-9][0-9]*|[+-]0[0-9]*")
_INDEX = re.compile(r"\+?[0-9]{1,9}|-0+")

Steps: TypeAlias = tuple[str | int, ...]


class SetError(Exception):
    """A text that Helm refuses, or a path that leads through a value of another kind; the message is one line without values."""


class Setting(NamedTuple):
    """One assignment: the path, map keys and list indices, and what stands there afterwards.

    `last` is set where the text ends with the `=`: Helm then adds no item to a list that would hold a map.
    """

    steps: Steps
    value: Value
    last: bool = False


def parsed(text: str, *, as_string: bool = False) -> Iterator[Setting]:
    """The assignments of a `--set` (or `--set-string`) text, in order. Raises SetError at the place where Helm stops."""
    reader = _Reader(text)
    while not reader.ended:
        steps = _steps(reader)
        if steps is None:
            return
        last = reader.ended
        yield Setting(steps, _value(reader, steps, as_string=as_string), last)


def apply(values: Map, setting: Setting, origin: Map, position: int) -> Map:
    """`values` with the assignment made, which is written in the file of `origin` at the packed `position`; `values` is not changed."""
    out = _assigned(values, setting.steps, setting.value, _Place(origin.path, position, setting.last))
    return out if isinstance(out, Map) else values


class _Place(NamedTuple):
    path: str
    position: int
    last: bool

    def of_key(self, key: str, value: Value) -> Map:
        out = Map(self.path, self.position)
        out[key], out.key_at[key], out.value_at[key] = value, self.position, self.position
        return out

    def of_item(self, value: Value) -> tuple[Seq, int]:
        out = Seq(self.path, self.position)
        out.append(value)
        out.value_at.append(self.position)
        return out, 0


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._next = 0

    @property
    def ended(self) -> bool:
        return self._next >= len(self._text)

    def peek(self) -> str:
        return self._text[self._next : self._next + 1]

    def skip(self) -> None:
        self._next += 1

    def until(self, stops: str) -> tuple[str, str]:
        """The text up to one of `stops`, which is taken too; nothing for it at the end. A backslash takes what follows as it is."""
        out = ""
        while not self.ended:
            char = self.peek()
            self.skip()
            if char in stops:
                return out, char
            if char == "\\" and not self.ended:
                char = self.peek()
                self.skip()
            out += char
        return out, ""


def _steps(reader: _Reader) -> Steps | None:
    """The path up to its `=`; None where the text ends before one begins, or within an index."""
    steps: list[str | int] = []
    while True:
        key, stop = reader.until("=[,.")
        if not stop and not key:
            return None
        if stop in ("", ","):
            raise SetError(f"key `{key}` has no value")
        steps.append(key)
        if stop == "[":
            stop = _indices(reader, steps)
            if not stop:
                return None
        if stop == "=":
            return tuple(steps)
        if sum(isinstance(step, str) for step in steps) > MAX_NESTING:
            raise SetError(f"names are nested more than {MAX_NESTING} deep")


def _indices(reader: _Reader, steps: list[str | int]) -> str:
    """Read list indices into `steps`; what follows them is `.` or `=`, or nothing where the text ends too early, which Helm lets pass."""
    stop = "["
    while stop == "[":
        index, closed = reader.until("]")
        if closed and (not _INDEX.fullmatch(index) or int(index) > MAX_INDEX):
            raise SetError("a list index has to be a number that is not too large")
        extra, stop = reader.until("[.=")
        if extra:
            raise SetError("nothing but `.`, `[` or `=` may follow a list index")
        if closed:
            steps.append(int(index))
    return stop


def _value(reader: _Reader, steps: Steps, *, as_string: bool) -> Value:
    if reader.peek() != "{":
        return _typed(reader.until(",")[0], as_string=as_string)
    reader.skip()
    items = Seq()
    stop = ","
    while stop == ",":
        item, stop = reader.until(",}")
        if not stop:
            raise SetError(f"the list for `{steps[0]}` has to end with a brace")
        items.append(_typed(item, as_string=as_string))
    if reader.peek() == ",":
        reader.skip()
    return items


def _typed(text: str, *, as_string: bool) -> Value:
    words: dict[str, Value] = {"true": True, "false": False, "null": None, "0": 0}
    if as_string:
        return text
    if text.lower() in words:
        return words[text.lower()]
    if _INTEGER.fullmatch(text) and -(2**63) <= int(text) < 2**63:
        return int(text)
    return text


def _assigned(node: Value, steps: Steps, value: Value, place: _Place) -> Value:
    """`node`, which may be missing, with `value` below it; its kind has to be the one that the first step asks for."""
    if not steps:
        return value
    step, *rest = steps
    if isinstance(step, int):
        return _item_assigned(node, step, tuple(rest), value, place)
    if not isinstance(node, Map):
        raise SetError(f"`{step}` is set below a value that is no map")
    out = edited(node)
    new = _assigned(node.get(step, _empty(rest, place)), tuple(rest), value, place)
    if step:  # an empty name sets nothing
        put(out, step, new, place.of_key(step, new))
        if rest and isinstance(rest[0], str) and not new:
            raise SetError(f"`{step}` is given no key")
    return out


def _item_assigned(node: Value, index: int, rest: Steps, value: Value, place: _Place) -> Value:
    if not isinstance(node, Seq):
        raise SetError(f"index {index} is set in a value that is no list")
    absent = index >= len(node) or (node[index] is None and bool(rest) and isinstance(rest[0], int))
    if place.last and absent and any(isinstance(step, str) for step in rest):
        return node
    out = Seq(node.path, node.at)
    out.extend(node)
    out.of = [(node, number) for number in range(len(node))] if node.of is None else list(node.of)
    while len(out) <= index:
        out.append(None)
        out.of.append(place.of_item(None))
    old: Value = out[index]
    fits = old is not None and (not rest or isinstance(rest[0], int) or isinstance(old, Map))
    new = _assigned(old if fits else _empty(rest, place), rest, value, place)
    out[index] = new
    out.of[index] = place.of_item(new)
    return out


def _empty(rest: Steps | list[str | int], place: _Place) -> Value:
    if not rest:
        return None
    return Seq(place.path, place.position) if isinstance(rest[0], int) else Map(place.path, place.position)
