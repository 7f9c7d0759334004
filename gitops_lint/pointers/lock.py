"""The digest by which Helm knows whether a lock still belongs to its chart.

Source: helm internal/resolver/resolver.go (HashReq, HashV2Req) and pkg/chart/v2/dependency.go, v4.2.4: the SHA-256 of the dependencies'
JSON, as Go writes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256

_TEXTS = ("name", "version", "repository", "condition")
_ALWAYS = frozenset({"name", "repository"})  # the others are left out where they are empty
_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})

Dependency = Mapping[str, object]


def digest(asked: Sequence[Dependency], locked: Sequence[Dependency]) -> str:
    """What `Chart.lock` must carry for these dependencies of the chart and of the lock; texts are texts, lists are lists."""
    return _hash([[_fields(one) for one in asked], [_fields(one) for one in locked]])


def digest_of_helm_2(asked: Sequence[Dependency]) -> str:
    """What Helm 2 wrote into `requirements.lock`, which a chart of apiVersion v1 may still carry."""
    return _hash({"dependencies": [_fields(one) for one in asked]})


def _fields(one: Dependency) -> dict[str, object]:
    """The fields that Helm knows, in the order of its struct."""
    out: dict[str, object] = {}
    for name in _TEXTS:
        if one.get(name) or name in _ALWAYS:
            out[name] = one.get(name) or ""
    if one.get("tags"):
        out["tags"] = one["tags"]
    if one.get("enabled") is True:
        out["enabled"] = True
    if one.get("import-values"):
        out["import-values"] = json.loads(json.dumps(one["import-values"], sort_keys=True))
    if one.get("alias"):
        out["alias"] = one["alias"]
    return out


def _hash(value: object) -> str:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False).translate(_ESCAPES)
    return f"sha256:{sha256(text.encode()).hexdigest()}"
