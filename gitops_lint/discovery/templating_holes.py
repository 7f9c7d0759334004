"""What the holes of a half filled-in template stand for, told by the paths of the tree that fit it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from gitops_lint.discovery.names import SHARED
from gitops_lint.discovery.templating import HOLE

Bindings = dict[str, str]
_MOST = 500  # ways to fill the holes of one path: more tell nothing


class Pattern(NamedTuple):
    """A text with holes as a regular expression; the holes are its groups, in order."""

    regex: re.Pattern[str]
    holes: tuple[str, ...]

    def match(self, text: str) -> Bindings | None:
        """What each hole stands for if this is the text; None if it cannot be: no environment is called `common`."""
        found = self.regex.fullmatch(text)
        if found is None or any(value in SHARED for value in found.groups()):
            return None
        return dict(zip(self.holes, found.groups(), strict=True))


def pattern(text: str, translate: Callable[[str], str] = re.escape) -> Pattern:
    """The pattern of a path: a hole is never empty, stays within a segment, and is the same wherever it occurs.

    One at the very beginning that more text follows is the path of a folder, which may be the top: `{{.base}}values.yaml`.
    """
    parts: list[str] = []
    holes: dict[str, int] = {}
    at = 0
    for found in HOLE.finditer(text):
        parts.append(translate(text[at : found.start()]))
        name = found[0]
        free = r"((?:[^/.][^/]*/)*)" if not found.start() and text[found.end() :][:1] not in ("", "/") else r"([^/.][^/]*?)"
        parts.append(f"(?:\\{holes[name]})" if name in holes else free)
        holes.setdefault(name, len(holes) + 1)
        at = found.end()
    parts.append(translate(text[at:]))
    return Pattern(re.compile("".join(parts)), tuple(holes))


def holes(text: str) -> frozenset[str]:
    """The holes of a text."""
    return frozenset(HOLE.findall(text)) if "{{" in text else frozenset()


def bind(text: str, bound: Mapping[str, str]) -> str:
    """The text with the holes filled whose values are known."""
    return HOLE.sub(lambda found: bound.get(found[0], found[0]), text) if "{{" in text else text


def candidates(texts: Iterable[str], names: Iterable[str]) -> list[Bindings]:
    """The ways to fill the holes of some paths so that each of them is one of `names`; `[{}]` where they have none.

    A way that fits all the paths is preferred; where there is none, one that fits some of them will do. Too many are none.
    """
    patterns = [made for text in texts if (made := pattern(text)).holes]
    if not patterns:
        return [{}]
    listed = list(names)
    found = [[match for name in listed if (match := made.match(name)) is not None] for made in patterns]
    if any(len(matches) > _MOST for matches in found):
        return []
    whole: list[Bindings] = [{}]
    for made, matches in zip(patterns, found, strict=True):
        whole = _joined(whole, matches, made.holes)[: _MOST + 1]
    return whole or _once(match for matches in found for match in matches)


def _joined(left: list[Bindings], right: list[Bindings], keys: tuple[str, ...]) -> list[Bindings]:
    """Each pair of bindings that agree; `keys` are those of the right ones."""
    shared = [key for key in keys if left and key in left[0]]
    by_shared: dict[tuple[str, ...], list[Bindings]] = defaultdict(list)
    for each in right:
        by_shared[tuple(each[key] for key in shared)].append(each)
    return _once({**a, **b} for a in left for b in by_shared[tuple(a[key] for key in shared)])


def _once(found: Iterable[Bindings]) -> list[Bindings]:
    return [dict(items) for items in dict.fromkeys(tuple(sorted(each.items())) for each in found)]
