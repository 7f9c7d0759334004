"""Key paths: how a value inside a tree is named, in memory and in print.

A path is a tuple of segments. A map key is itself; an item of a list whose items have an identity is `[identity]`; the first segment
of a path into a Kubernetes object is its subject and ends in a colon: `("Deployment/shop:", "spec", "replicas")`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

KeyPath: TypeAlias = tuple[str, ...]
OWN_ENTRIES = "kustomization:"  # the subject of what an overlay's own file says

_PLAIN = re.compile(r"[^\s.\[\]\"':]+")
_SEGMENT = re.compile(r'"((?:[^"\\]|\\.)*)"|(\[[^\]]*\])|([^.\["]+)')


def dotted(path: KeyPath) -> str:
    """The path in print: `env[DB_HOST].value`, `Deployment/shop:spec.replicas`; a key that holds a dot or a bracket is quoted."""
    out = ""
    for number, segment in enumerate(path):
        if (segment.startswith("[") and segment.endswith("]")) or (number == 0 and segment.endswith(":")):
            out += segment
        else:
            quoted = segment if _PLAIN.fullmatch(segment) else '"' + segment.replace("\\", "\\\\").replace('"', '\\"') + '"'
            out += quoted if not out or out.endswith(":") else "." + quoted
    return out


def of_kustomization(subject: str) -> bool:
    """Whether a subject is what a kustomization file says: the overlay's own, or one below it, `kustomization/../base:`."""
    return subject == OWN_ENTRIES or subject.startswith("kustomization/")


def common(paths: Sequence[KeyPath]) -> KeyPath:
    """The longest path that all of these, of which there is at least one, begin with."""
    shared = paths[0]
    for path in paths[1:]:
        length = next((i for i, (a, b) in enumerate(zip(shared, path, strict=False)) if a != b), min(len(shared), len(path)))
        shared = shared[:length]
    return shared


def segments(text: str) -> KeyPath:
    """The segments of a dotted path below a subject: what `dotted` joined."""
    return tuple(re.sub(r"\\(.)", r"\1", quoted) if quoted else item or plain for quoted, item, plain in _SEGMENT.findall(text))
