"""Regular expressions that strangers wrote: compiled only if they are such as Python has, and cannot keep us busy."""

from __future__ import annotations

import re

LONGEST = 300  # code points of an expression, and of a text that one is tried on
_GREEDY = re.compile(r"(?<!\\)[*+]|\{\d*,\d*\}")
_NESTED = re.compile(r"\)[*+{]")
_MOST_GREEDY = 4  # repetitions; each multiplies what a hostile expression can cost by the length of the text


def compiled(expression: str) -> re.Pattern[str] | None:
    """The expression; None if it is too long, repeats what repeats, or is in another dialect."""
    if len(expression) > LONGEST or len(_GREEDY.findall(expression)) > _MOST_GREEDY:
        return None
    if _NESTED.search(expression) and _GREEDY.search(expression[: expression.rindex(")")]):
        return None
    try:
        return re.compile(expression)
    except re.error:
        return None
