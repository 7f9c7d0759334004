"""What an expression of a Go template can be, as far as it comes from a chart's values, and what functions make of that."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

from gitops_lint.keypath import KeyPath

ANY = "*"  # the segment of an entry that is chosen at run time
BASE = "<templates>"  # stands for `.Template.BasePath`
_MOST_ALTERNATIVES = 20


class Root(NamedTuple):
    """The context that Helm starts a template with."""

    kind: str = "root"


class Path(NamedTuple):
    """What stands at a path of the values."""

    path: KeyPath
    safe: bool = False
    required: bool = False


class Table(NamedTuple):
    """What `dict` makes."""

    items: tuple[tuple[str, Value], ...]


class Items(NamedTuple):
    """What `list` makes."""

    items: tuple[Value, ...]


class Text(NamedTuple):
    """A text that stands in the template."""

    text: str


One: TypeAlias = "Root | Path | Table | Items | Text"
Value: TypeAlias = "tuple[One, ...]"  # the alternatives; none where nothing is known


def union(*values: Value) -> Value:
    """All the alternatives of all the values."""
    return tuple(dict.fromkeys(one for value in values for one in value))[:_MOST_ALTERNATIVES]


def fields_of(value: Value, fields: Iterable[str]) -> Value:
    """What `.a.b` is, asked of a value."""
    for name in fields:
        value = union(*(_field(one, name) for one in value))
    return value


_ROOT: dict[str, Value] = {"Values": (Path(()),), "Template": (Table((("BasePath", (Text(BASE),)),)),)}


def _field(one: One, name: str) -> Value:
    if isinstance(one, Root):
        return _ROOT.get(name, ())
    if isinstance(one, Path):
        return (one._replace(path=(*one.path, name)),)
    if isinstance(one, Table):
        return next((value for key, value in reversed(one.items) if key == name), ())
    return ()


def entries(value: Value) -> Value:
    """What `range` goes through, or what an index that nobody knows picks."""
    return union(*(_entry(one) for one in value))


def _entry(one: One) -> Value:
    if isinstance(one, Path):
        return (one._replace(path=(*one.path, ANY)),)
    if isinstance(one, Items):
        return union(*one.items)
    if isinstance(one, Table):
        return union(*(item for _, item in one.items))
    return ()


def texts(value: Value) -> list[str]:
    """The texts among the alternatives."""
    return [one.text for one in value if isinstance(one, Text)]


def _with(value: Value, *, safe: bool = False, required: bool = False) -> Value:
    return tuple(one._replace(safe=one.safe or safe, required=one.required or required) if isinstance(one, Path) else one for one in value)


_Outcome: TypeAlias = "tuple[Value, list[Value]]"  # what comes out, and the arguments that are used on the way


def _same(given: list[Value]) -> _Outcome:
    return given[-1], given[:-1]


def _printed(given: list[Value]) -> _Outcome:
    own = [Text(BASE) for value in given for text in texts(value) if text == BASE]
    return tuple(own[:1]), given


def _default(given: list[Value]) -> _Outcome:
    return union(_with(given[-1], safe=True), *given[:-1]), []


def _coalesce(given: list[Value]) -> _Outcome:
    return _with(union(*given), safe=True), []


def _required(given: list[Value]) -> _Outcome:
    return _with(given[-1], required=True), given[:-1]


def _ternary(given: list[Value]) -> _Outcome:
    return union(*given[:2]), given[2:]


def _index(given: list[Value]) -> _Outcome:
    value = given[0]
    for key in given[1:]:
        names = texts(key)
        value = union(*(fields_of(value, [name]) for name in names)) if names else entries(value)
    return value, [key for key in given[1:] if not texts(key)]


def _get(given: list[Value]) -> _Outcome:
    value, used = _index(given[:2])
    return _with(value, safe=True), used


def _has_key(given: list[Value]) -> _Outcome:
    value, used = _get(given)
    return (), [value, *used]


def _dig(given: list[Value]) -> _Outcome:
    value, used = _index([given[-1], *given[:-2]])
    return union(_with(value, safe=True), given[-2] if len(given) > 1 else ()), used


def _dict(given: list[Value]) -> _Outcome:
    pairs = zip(given[::2], given[1::2], strict=False)
    return (Table(tuple((name, value) for key, value in pairs for name in texts(key) or [ANY])),), []


RESULTS: dict[str, Callable[[list[Value]], _Outcome]] = {
    "and": lambda given: (union(*given), []),
    "coalesce": _coalesce,
    "deepCopy": lambda given: (given[0], []),
    "default": _default,
    "dict": _dict,
    "dig": _dig,
    "first": lambda given: (entries(given[0]), []),
    "get": _get,
    "hasKey": _has_key,
    "index": _index,
    "last": lambda given: (entries(given[0]), []),
    "list": lambda given: ((Items(tuple(given)),), []),
    "merge": lambda given: (union(*given), []),
    "mergeOverwrite": lambda given: (union(*given), []),
    "omit": lambda given: (given[0], []),
    "or": lambda given: (_with(union(*given), safe=True), []),
    "pick": lambda given: (given[0], []),
    "print": _printed,
    "printf": _printed,
    "required": _required,
    "ternary": _ternary,
    "toJson": _same,
    "toString": _same,
    "toYaml": _same,
    "tuple": lambda given: ((Items(tuple(given)),), []),
    "values": lambda given: (entries(given[0]), []),
}
TESTS = frozenset({"empty", "kindIs", "kindOf", "len", "not", "typeIs", "typeIsLike", "typeOf"})
