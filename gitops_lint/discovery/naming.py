"""What to call an application that only has a place in the tree: its path without the environment's name."""

from __future__ import annotations

import re

from gitops_lint.discovery.names import CONTAINERS, ENV

_SAYS_NOTHING = frozenset(("values", "value", "vals", "values.yaml", "yaml", "yml"))


def candidates(pattern: str, chart: str = "") -> tuple[str, ...]:
    """Names for the application of a pattern, the best first; the last is unique as the pattern is."""
    folder, _, name = pattern.rpartition("/")
    stem = re.sub(r"(?:\.(?:ya?ml|json|env))+$", "", name)
    leftover = _trim(stem.replace(ENV, "")) if ENV in name else stem
    leftover = "" if leftover in _SAYS_NOTHING else leftover
    short = _path(_folders(folder, drop=True))
    long = _path(_folders(folder, drop=False))
    best = [chart] if chart not in ("", ".") else []
    return tuple(
        dict.fromkeys(
            filter(None, (*best, _path([short, leftover]), _path([long, leftover]), _path([long, stem.replace(ENV, "")]), pattern))
        )
    )


def folder_candidates(pattern: str) -> tuple[str, ...]:
    """Names for the application of a folder's pattern, the best first."""
    return tuple(dict.fromkeys(filter(None, (_path(_folders(pattern, drop=True)), _path(_folders(pattern, drop=False)), pattern))))


class Register:
    """The names given away so far: an application keeps the first of its candidates that is free."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, choices: tuple[str, ...]) -> str:
        """The first free one of some names; the last one with a number if none is."""
        free = next((choice for choice in choices if choice not in self._taken), "")
        number = 2
        while not free:
            numbered = f"{choices[-1]} ({number})"
            free = "" if numbered in self._taken else numbered
            number += 1
        self._taken.add(free)
        return free


def _folders(pattern: str, *, drop: bool) -> list[str]:
    """The parts of a folder's pattern that are no environment, `drop` without the folder that only collects them."""
    parts = pattern.split("/") if pattern else []
    kept = []
    for number, part in enumerate(parts):
        nothing_else = len([p for p in parts if ENV not in p and p != "{cluster}"]) == 1
        collects = part.lower() in CONTAINERS and part.lower() != "clusters" and number + 1 < len(parts) and ENV in parts[number + 1]
        if part == "{cluster}" or (drop and collects and not nothing_else):
            continue
        kept.append(_trim(part.replace(ENV, "")))
    return [part for part in kept if part]


def _trim(text: str) -> str:
    """Text without the separators that stood around what was taken out of it."""
    return re.sub(r"([-_.])[-_.]+", r"\1", text).strip("-_.") if not text.startswith(".") else text.rstrip("-_.")


def _path(parts: list[str]) -> str:
    return "/".join(part for part in parts if part)
