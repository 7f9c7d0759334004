"""Scalars under an explicit tag, as go-yaml v2 decodes them (`resolve.go` and `decode.go` of go.yaml.in/yaml v2.4)."""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable
from datetime import datetime

from gitops_lint.node import Scalar
from gitops_lint.reader.refusal import RefusedError
from gitops_lint.regex import regex

_LONG = "tag:yaml.org,2002:"
_HINTS = frozenset("+-0123456789.yYnNtTfFoO~")
_CLOCK = r"(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?"
_TIMESTAMP = regex(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}})(?:[Tt]{_CLOCK}(?:Z|[-+]\d\d:\d\d)| {_CLOCK})?", re.ASCII)
_BIGGEST_SIGNED = 2**63 - 1


def tagged(text: str, tag: str, plain: Callable[[str], Scalar]) -> Scalar:
    """The value of a scalar under a tag; `plain` resolves a text without one. Raises RefusedError where they do not fit."""
    name = tag.removeprefix(_LONG) if tag.startswith(_LONG) else ""
    if name == "binary":
        return _decoded(text)
    if name not in ("bool", "int", "float", "null", "timestamp"):
        return text  # `!!str`, and tags of others, which go-yaml ignores
    value = plain(text) if not text or text[0] in _HINTS else text
    if name == "timestamp" and _is_timestamp(text):
        return text
    if name == "float" and _is_whole(value) and int(value or 0) <= _BIGGEST_SIGNED:
        return float(value or 0)
    if _kind(value) != name:
        raise RefusedError(f"`{text[:40]}` cannot be a !!{name}")
    return value


def _is_whole(value: Scalar) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _kind(value: Scalar) -> str:
    if value is None:
        return "null"
    return {bool: "bool", int: "int", float: "float"}.get(type(value), "str")


def _is_timestamp(text: str) -> bool:
    found = _TIMESTAMP.fullmatch(text)
    if found is None:
        return False
    parts = [int(part) for part in found.groups() if part is not None]
    try:
        datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001  only to know whether there is such a day
    except ValueError:
        return False
    return True


def _decoded(text: str) -> str:
    try:
        data = binascii.a2b_base64(re.sub(r"[\r\n]", "", text), strict_mode=True)
    except ValueError as error:
        raise RefusedError("a !!binary value is not base64") from error
    return re.sub("[\udc80-\udcff]", "\ufffd", data.decode("utf-8", "surrogateescape"))  # as Go's JSON writes bad UTF-8
