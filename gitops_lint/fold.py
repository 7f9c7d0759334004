"""One thing said once: what an absent entry of a kustomization would have brought is no difference beside the absent entry.

An overlay that does not list a resource lacks every object in it, and one that does not list a patch lacks every key that the patch sets.
And where an overlay has a part that could not be evaluated (a remote base, a chart), whole objects that others have may come from there.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from gitops_lint.keypath import dotted
from gitops_lint.model import Difference, Gap, Setting
from gitops_lint.node import Location, Map

_SUBJECT = "kustomization:"
_ENTRY = 3  # segments: the subject, the field, the entry
_SUFFIXES = ("", ".yaml", ".yml", ".json")


def fold(differences: Iterable[Difference]) -> tuple[Difference, ...]:
    """The differences without those that an absent entry explains; the entries name as `brings` what they would have brought."""
    every = list(differences)
    entries = [d for d in every if len(d.path) == _ENTRY and d.path[0] == _SUBJECT]
    brings: dict[int, list[str]] = {}
    kept: list[Difference] = []
    for difference in every:
        if difference.path[0] == _SUBJECT or not difference.path[0].endswith(":"):
            kept.append(difference)
            continue
        known = difference._replace(lack=_certain(difference))
        explained = _explanations(known, entries)
        for entry in explained.values():
            brings.setdefault(id(entry), []).append(dotted(difference.path))
        left = tuple(gap for gap in known.lack if gap.environment.name not in explained)
        kept += [known._replace(lack=left)] if left else []
    return tuple(d._replace(brings=tuple(brings.get(id(d), ()))) for d in kept)


def _certain(difference: Difference) -> tuple[Gap, ...]:
    """The gaps of which it is known that nothing unevaluated fills them."""
    if len(difference.path) > 1:
        return difference.lack
    return tuple(gap for gap in difference.lack if gap.environment.system != "kustomize" or not gap.environment.hazy)


def _explanations(difference: Difference, entries: list[Difference]) -> dict[str, Difference]:
    """For each lacking environment that one explains, the absent entry."""
    found: dict[str, Difference] = {}
    for gap in difference.lack:
        name = gap.environment.name
        for entry in entries:
            if any(other.environment.name == name for other in entry.lack) and _covers(entry, difference):
                found[name] = entry
                break
    return found


def _covers(entry: Difference, difference: Difference) -> bool:
    """Whether all who have the key have it by files that the entry names."""
    listed = {s.environment.name: s.location for s in entry.have}
    having = [(listed.get(s.environment.name), _origin(s).path) for s in difference.have]
    return all(place is not None and _within(path, place, entry.path[-1]) for place, path in having)


def _origin(setting: Setting) -> Location:
    """Where a value was written: for a whole object where it starts, since its subject is a key that nobody wrote."""
    value = setting.value
    if isinstance(value, Map) and isinstance(setting.key, str) and setting.key.endswith(":"):
        return Location(_source(value).path)
    return setting.location


def _source(node: Map) -> Map:
    while node.of:
        node = next(iter(node.of.values()))
    return node


def _within(path: str, kustomization: Location, entry: str) -> bool:
    """Whether a file is the entry of the kustomization, or below the directory that the entry names."""
    named = posixpath.normpath(posixpath.join(posixpath.dirname(kustomization.path), entry.strip("[]")))
    return any(path == named + suffix for suffix in _SUFFIXES) or path.startswith(named + "/")
