"""Which files git may have changed on their way between object and disk, so that the index's blob id does not name what is on disk."""

from __future__ import annotations

# Filters (git-crypt, LFS), `$Id$`, re-encoding. Line ends are left out: they change no value and no position of a YAML file.
_CONVERSIONS = ("filter=", "ident", "working-tree-encoding=")

EVERYTHING = ("",)  # every name ends with nothing


def converted(texts: list[str]) -> tuple[str, ...]:
    """The endings of the names that some `.gitattributes` among `texts` may convert (gitattributes(5)).

    Only `*.png`-like patterns are understood; any other one that converts makes every file doubtful, at the price of hashing it.
    """
    endings: set[str] = set()
    for text in texts:
        for line in text.splitlines():
            pattern, *names = line.split() or [""]
            if pattern.startswith("#") or not any(name.startswith(_CONVERSIONS) for name in names):
                continue
            ending = pattern.removeprefix("**/")[1:] if pattern.removeprefix("**/").startswith("*") else pattern
            if any(special in ending for special in '*?[\\/"!') or not ending:
                return EVERYTHING
            endings.add(ending)
    return tuple(sorted(endings))
