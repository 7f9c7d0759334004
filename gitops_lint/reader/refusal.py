"""What the reader refuses, and how much it is ready to read."""

from __future__ import annotations

from typing import Any

BYTES = 5 * 1024 * 1024
DEPTH = 100
NODES = 1_000_000  # with aliases expanded
DOCUMENTS = 1000
COMMENTS = 1000  # that are addressed to us
TOO_DEEP = f"nested deeper than {DEPTH} levels"


class RefusedError(Exception):
    """What sigs.k8s.io/yaml, or one of our limits, refuses; line and column count from 0, and are None until somebody knows them."""

    def __init__(self, message: str, line: int | None = None, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column

    def at(self, event: Any) -> RefusedError:  # noqa: ANN401  an event of PyYAML, which types its marks too loosely
        """Itself, placed where an event starts unless it has a place already."""
        if self.line is None:
            self.line, self.column = event.start_mark.line, event.start_mark.column
        return self


_FEW_ALIASED, _FEW_NODES = 100, 1000
_LOW, _HIGH = 400_000, 4_000_000


def aliases_abound(aliased: int, nodes: int) -> bool:
    """Whether go-yaml finds excessive aliasing (`allowedAliasRatio` in its decode.go)."""
    allowed = 0.99 if nodes <= _LOW else 0.99 - 0.89 * (min(nodes, _HIGH) - _LOW) / (_HIGH - _LOW)
    return aliased > _FEW_ALIASED and nodes > _FEW_NODES and aliased / nodes > allowed
