"""What to call an application that only has a place in the tree: its path without the environment's name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from gitops_lint.discovery.names import CLUSTER, CONTAINERS, ENV

_COLLECTS = (CONTAINERS | {"values"}) - {"clusters"}
_SAYS_NOTHING = re.compile(r"(?:^|[-_.])(?:values?|vals)(?=$|[-_.])")
_EXTENSION = re.compile(r"(?:\.(?:ya?ml|json|env))+$")
_SEPARATORS = re.compile(r"[-_.]+")


def file_names(pattern: str, chart: str = "") -> tuple[str, ...]:
    """Names for the application of a family of files, the best first: its chart's folder, or its own with what else its name says."""
    folder, _, name = pattern.rpartition("/")
    stem = _EXTENSION.sub("", name)
    words = _trim(stem.replace(ENV, ""))
    telling = _trim(_SAYS_NOTHING.sub("", words))
    alone = ENV in name
    short, long = _folders(folder, short=True, last=alone), _folders(folder, short=False, last=alone)
    choices = (*(() if chart in ("", ".") else (chart,)), _path(short, telling), _path(long, telling), _path(long, words))
    return tuple(dict.fromkeys(filter(None, choices))) or (words or "values",)


def folder_names(pattern: str) -> tuple[str, ...]:
    """Names for the application of a folder's pattern, the best first."""
    choices = (_path(_folders(pattern, short=True, last=False)), _path(_folders(pattern, short=False, last=False)))
    return tuple(dict.fromkeys(filter(None, choices))) or ("environments",)


def distinct(choices: Sequence[tuple[str, ...]]) -> list[str]:
    """One name for each, none twice: where best names collide all that can give a longer one do; the last resort is a number."""
    levels = [0] * len(choices)
    while True:
        names = [names[level] for names, level in zip(choices, levels, strict=True)]
        twice = {name for name, count in Counter(names).items() if count > 1}
        rising = [at for at, name in enumerate(names) if name in twice and levels[at] + 1 < len(choices[at])]
        if not rising:
            return _numbered(names)
        for at in rising:
            levels[at] += 1


def _numbered(names: list[str]) -> list[str]:
    out: list[str] = []
    for name in names:
        unique, number = name, 2
        while unique in out:
            unique, number = f"{name}#{number}", number + 1
        out.append(unique)
    return out


def _folders(pattern: str, *, short: bool, last: bool) -> list[str]:
    """The parts of a folder's pattern that are no environment; `short` leaves out a folder that only collects them.

    `last` says that the environment comes right behind the folder, in a file's name.
    """
    parts = pattern.split("/") if pattern else []
    follows = [*(ENV in part for part in parts[1:]), last] if parts else []
    kept = [
        "clusters" if part == CLUSTER else _trim(part.replace(ENV, ""))
        for number, (part, before) in enumerate(zip(parts, follows, strict=True))
        if not (short and (part == CLUSTER or (before and number and part.lower() in _COLLECTS)))
    ]
    return [part for part in kept if part]


def _trim(text: str) -> str:
    """Text without the separators around what was taken out of it; a dot in front stays if nothing but the whole is meant."""
    joined = _SEPARATORS.sub(lambda found: found.group()[0], text).rstrip("-_.")
    return joined.lstrip("-_") if re.match(r"\.\w+$", joined) and joined == text else joined.lstrip("-_.")


def _path(parts: list[str], last: str = "") -> str:
    return "/".join(filter(None, (*parts, last)))
