"""What the reader refuses, and how much it is ready to read."""

from __future__ import annotations

BYTES = 5 * 1024 * 1024
DEPTH = 100
NODES = 1_000_000  # with aliases expanded
DOCUMENTS = 1000


class RefusedError(Exception):
    """What sigs.k8s.io/yaml, or one of our limits, refuses; line and column count from 0, and are None until somebody knows them."""

    def __init__(self, message: str, line: int | None = None, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


def check_nodes(nodes: int) -> None:
    """Raise RefusedError once a file holds more than we expand."""
    if nodes > NODES:
        raise RefusedError(f"more than {NODES:,} values, aliases expanded")


_FEW_ALIASED, _FEW_NODES = 100, 1000
_LOW, _HIGH = 400_000, 4_000_000


def check_aliases(aliased: int, nodes: int) -> None:
    """Raise RefusedError where go-yaml finds excessive aliasing (`allowedAliasRatio` in its decode.go)."""
    allowed = 0.99 if nodes <= _LOW else 0.99 - 0.89 * (min(nodes, _HIGH) - _LOW) / (_HIGH - _LOW)
    if aliased > _FEW_ALIASED and nodes > _FEW_NODES and aliased / nodes > allowed:
        raise RefusedError("aliases make up too much of the document, Kubernetes tools refuse it as an alias bomb")
