"""Lines as editors count them: they end at LF, CR LF and CR, not at U+0085 or U+2028, where YAML 1.1 ends them too."""

from __future__ import annotations

import re
from bisect import bisect_right

_END = re.compile(r"\r\n|\r|\n")


def line_starts(text: str) -> list[int]:
    """The index at which each line starts."""
    return [0, *(end.end() for end in _END.finditer(text))]


def place(starts: list[int], index: int) -> tuple[int, int]:
    """The line and the column of an index, both from 0."""
    line = bisect_right(starts, index) - 1
    return line, index - starts[line]
