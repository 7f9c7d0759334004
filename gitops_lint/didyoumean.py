"""The nearest known name to a wrong one, as the end of a message."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `word` is probably a slip of, if there is one."""
    from difflib import get_close_matches  # noqa: PLC0415  only for a wrong name, never on a clean run

    folded = {candidate.lower().replace("_", "-"): candidate for candidate in sorted(candidates)}
    found = get_close_matches(word.lower().replace("_", "-"), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def suggest(word: str, candidates: Iterable[str]) -> str:
    """`; did you mean ...` with the nearest candidate in backquotes, or nothing: to be put right behind a message about `word`."""
    found = nearest(word, candidates)
    return f"; did you mean `{found}`?" if found else ""
