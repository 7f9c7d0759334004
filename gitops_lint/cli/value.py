"""A value in print, unless it is a secret."""

from __future__ import annotations

import json

from gitops_lint.keypath import KeyPath
from gitops_lint.node import Opaque, Value
from gitops_lint.redact import MASK, redact, secret_name


def shown(path: KeyPath, value: Value) -> str:
    """The value as JSON; masked where a key above it, a `name` beside it or its own look say that it is secret."""
    if value is None or isinstance(value, bool) or value in ({}, []):
        return json.dumps(value)
    if any(secret_name(segment.strip("[]:")) for segment in path) or (path and path[0].startswith(("Secret/", "SealedSecret/"))):
        return MASK
    if isinstance(value, Opaque):
        return redact(str(value))
    return redact(json.dumps(value, ensure_ascii=False))
