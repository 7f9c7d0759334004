"""A value in print, unless it is a secret."""

from __future__ import annotations

import json

from gitops_lint.keypath import KeyPath
from gitops_lint.node import Map, Opaque, Seq, Value
from gitops_lint.redact import MASK, redact, secret_name


def shown(path: KeyPath, value: Value) -> str:
    """The value as JSON; masked where a key above it, a `name` beside it or its own look say that it is secret."""
    if value is None or isinstance(value, bool) or value in ({}, []):
        return json.dumps(value)
    if any(secret_name(segment.strip("[]:")) for segment in path) or (path and path[0].startswith(("Secret/", "SealedSecret/"))):
        return MASK
    if isinstance(value, Opaque):
        return redact(str(value))
    return redact(json.dumps(_masked(value), ensure_ascii=False))


def _masked(value: Value) -> object:
    """The value with what stands in it under a secret's name masked; no deeper than a file may nest."""
    if isinstance(value, Map):
        named = any(secret_name(str(value.get(field, ""))) for field in ("name", "key", "id"))
        return {key: MASK if _hidden(key, item, named=named) else _masked(item) for key, item in value.items()}
    return [_masked(item) for item in value] if isinstance(value, Seq) else value


def _hidden(key: str, item: Value, *, named: bool) -> bool:
    return item is not None and not isinstance(item, bool) and (secret_name(key) or (named and key == "value"))
