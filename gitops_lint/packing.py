"""What is made of our own types as tuples of plain data and back; equal values give equal tuples, positions included."""

from __future__ import annotations

import marshal
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

from gitops_lint.blueprint import Blueprint, Source, Substitution
from gitops_lint.discovery.order import Order
from gitops_lint.model import Evidence, Role, Unverified
from gitops_lint.node import Location, Map, Opaque, Seq
from gitops_lint.pointer import Template

_STABLE = 2  # marshal's format without references: equal values give equal bytes
_TYPES: tuple[type, ...] = (Blueprint, Source, Substitution, Evidence, Unverified, Location, Template, Order)
_TUPLE, _LIST, _DICT, _MAP, _SEQ, _OPAQUE, _ROLE, _FIRST = range(8)
_ATOMS = frozenset((type(None), bool, int, float, str))


def packed(value: object) -> bytes:
    """The value in bytes. Raises KeyError for a type that is not known here."""
    return marshal.dumps(_pack(value), _STABLE)


def attempted(value: object) -> bytes | None:
    """As `packed`; None for a value that is too deep: a merge of hundreds of layers."""
    try:
        return packed(value)
    except (RecursionError, ValueError):
        return None


def unpacked(data: bytes) -> Any:  # noqa: ANN401  whatever was packed
    """The value that `packed` was given."""
    return _unpack(marshal.loads(data))  # noqa: S302  from a cache that was checked, or from memory


def _pack(value: Any) -> Any:  # noqa: ANN401  a tree of any of the known types; not deeper than what was read
    kind = type(value)
    return value if kind in _ATOMS else _PACK[kind](value)


def _unpack(plain: Any) -> Any:  # noqa: ANN401  as above
    return _UNPACK[plain[0]](plain) if type(plain) is tuple else plain


def _pack_map(value: Map) -> tuple[Any, ...]:
    of = None if value.of is None else tuple((key, _pack(source)) for key, source in value.of.items())
    written = None if value.written is None else tuple(value.written.items())
    places = (tuple(value.key_at.items()), tuple(value.value_at.items()), written, of)
    return (_MAP, value.path, value.at, tuple((key, _pack(child)) for key, child in value.items()), *places)


def _unpack_map(plain: tuple[Any, ...]) -> Map:
    _, path, at, items, key_at, value_at, written, of = plain
    out = Map(path, at)
    out.update((key, _unpack(child)) for key, child in items)
    out.key_at, out.value_at = dict(key_at), dict(value_at)
    out.written = None if written is None else dict(written)
    out.of = None if of is None else {key: _unpack(source) for key, source in of}
    return out


def _pack_seq(value: Seq) -> tuple[Any, ...]:
    of = None if value.of is None else tuple((_pack(source), number) for source, number in value.of)
    written = None if value.written is None else tuple(value.written.items())
    return (_SEQ, value.path, value.at, tuple(map(_pack, value)), tuple(value.value_at), written, of)


def _unpack_seq(plain: tuple[Any, ...]) -> Seq:
    _, path, at, items, value_at, written, of = plain
    out = Seq(path, at)
    out.extend(map(_unpack, items))
    out.value_at = list(value_at)
    out.written = None if written is None else dict(written)
    out.of = None if of is None else [(_unpack(source), number) for source, number in of]
    return out


_PACK: dict[type, Callable[[Any], tuple[Any, ...]]] = {
    tuple: lambda value: (_TUPLE, *map(_pack, value)),
    list: lambda value: (_LIST, *map(_pack, value)),
    dict: lambda value: (_DICT, *((_pack(key), _pack(child)) for key, child in value.items())),
    Map: _pack_map,
    Seq: _pack_seq,
    Opaque: lambda value: (_OPAQUE, str(value)),
    Role: lambda value: (_ROLE, str(value)),
}
_UNPACK: dict[int, Callable[[Any], Any]] = {
    _TUPLE: lambda plain: tuple(map(_unpack, plain[1:])),
    _LIST: lambda plain: list(map(_unpack, plain[1:])),
    _DICT: lambda plain: {_unpack(key): _unpack(child) for key, child in plain[1:]},
    _MAP: _unpack_map,
    _SEQ: _unpack_seq,
    _OPAQUE: lambda plain: Opaque(plain[1]),
    _ROLE: lambda plain: Role(plain[1]),
}


def _known(code: int, kind: type) -> None:
    """Let a dataclass or a named tuple be packed under a number."""
    names = tuple(field.name for field in fields(kind)) if is_dataclass(kind) else kind._fields  # type: ignore[attr-defined]
    _PACK[kind] = lambda value: (code, *(_pack(getattr(value, name)) for name in names))
    _UNPACK[code] = lambda plain: kind(*map(_unpack, plain[1:]))


for _code, _kind in enumerate(_TYPES, _FIRST):
    _known(_code, _kind)
