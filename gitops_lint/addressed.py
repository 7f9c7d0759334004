"""List items that are known by an address or a random identifier, which each environment has of its own: they are one item all the same.

An ingress rule of `shop-dev.example.com` and one of `shop.example.com`, or a group's UUID in either directory, are the same setting with
another value. Only what no other environment's list has is paired; an item too many is still missing elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter

from gitops_lint.model import Setting
from gitops_lint.node import Map
from gitops_lint.regex import regex

_ADDRESS_FIELDS = ("host", "hostname")
_RANDOM = regex(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24,64}|\d{1,3}(?:\.\d{1,3}){3}(?:/\d+)?", re.IGNORECASE)
_HOST = regex(
    r"(?:[*a-z0-9_{}-]+\.){2,}(?:com|net|org|io|dev|app|cloud|local|internal|test|info|gov|int|eu|us|ca|uk|fr|it|no|se|dk|fi|de|nl|be|ch|at|au|br|jp)",
    re.IGNORECASE,
)
_SIMILAR = 0.5  # of the words in two hosts' first labels
_CROWD = 60  # longer lists are left as they are


def united(table: dict[str, list[Setting]], count: int) -> dict[str, list[Setting]]:
    """The items of a list, which `count` environments have, with those united that are one under each environment's own address."""
    alone = {key: settings for key, settings in table.items() if len(settings) < count}
    sorts = {key: _sort(key[1:-1], settings[0]) for key, settings in alone.items()}
    if not any(sorts.values()) or len(alone) > _CROWD:
        return table
    if max(Counter(id(s.environment) for settings in alone.values() for s in settings).values()) == 1:
        heads = dict.fromkeys(alone, next(iter(alone)))
    else:
        heads = _heads(alone, sorts)
    out: dict[str, list[Setting]] = {}
    for key, settings in table.items():
        out.setdefault(heads.get(key, key), []).extend(settings)
    return out


def _sort(name: str, setting: Setting) -> str:
    """Whether an item's name is `random`, a `host` or a `number`; nothing for names that people give."""
    if _RANDOM.fullmatch(name):
        return "random"
    if name.isdecimal():
        return "number"
    item = setting.value
    given = isinstance(item, Map) and any(item.get(field) == name for field in _ADDRESS_FIELDS)
    return "host" if given or _HOST.fullmatch(name) else ""


def _heads(alone: dict[str, list[Setting]], sorts: dict[str, str]) -> dict[str, str]:
    """For each item of an address the first that it is one with, itself if there is none before it."""
    heads: dict[str, str] = {}
    taken: dict[str, set[int]] = {}
    for key, settings in alone.items():
        if sorts[key] in ("random", "host"):
            mine = {id(s.environment) for s in settings}
            free = [head for head, theirs in taken.items() if sorts[head] == sorts[key] and theirs.isdisjoint(mine)]
            best = max(free, key=lambda head: _likeness(head, key), default=key) if sorts[key] == "host" else next(iter(free), key)
            heads[key] = best if sorts[key] == "random" or _likeness(best, key) >= _SIMILAR else key
            taken.setdefault(heads[key], set()).update(mine)
    return heads


def _likeness(one: str, other: str) -> float:
    left, right = _words(one), _words(other)
    return len(left & right) / len(left | right) if left | right else 0.0


def _words(host: str) -> set[str]:
    """The words of a host's first label that has any."""
    labels = host.strip("[]*.").lower().partition("://")[2] or host.strip("[]*.").lower()
    return set(re.findall(r"[a-z]+\d*", labels.partition(".")[0]))
