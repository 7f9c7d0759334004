"""One thing said once: what an absent entry of a kustomization would have brought is no difference beside the absent entry.

An overlay that does not list a resource lacks every object in it, and one that does not list a patch lacks every key that the patch sets.
And where an overlay has a part that could not be evaluated (a remote base, a chart), whole objects that others have may come from there.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gitops_lint.keypath import dotted
from gitops_lint.model import Difference, Gap, Setting
from gitops_lint.node import Location, Map

_SUBJECT = "kustomization:"
_ENTRY = 3  # segments: the subject, the field, the entry
_BASE = "base"  # `apps/dev/shop` most often is `apps/base/shop` and some patches
_SUFFIXES = ("", ".yaml", ".yml", ".json")


def fold(differences: Iterable[Difference]) -> tuple[Difference, ...]:
    """The differences without those that an absent entry explains; the entries name as `brings` what they would have brought."""
    every = list(differences)
    entries = [absent for d in every if d.path[0] == _SUBJECT for absent in _absent(d)]
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


def _absent(entry: Difference) -> Iterator[_Absent]:
    """The entry that a difference of a kustomization is about, or those of a list that is absent as a whole."""
    lacking = frozenset(gap.environment.name for gap in entry.lack)
    places = {s.environment.name: s.location for s in entry.have}
    if len(entry.path) == _ENTRY:
        yield _Absent(entry, lacking, places, entry.path[-1].strip("[]"))
    elif len(entry.path) == _ENTRY - 1:
        for name in dict.fromkeys(name for s in entry.have if isinstance(s.value, Map) for name in s.value):
            yield _Absent(entry, lacking, places, name.strip("[]"))


def _certain(difference: Difference) -> tuple[Gap, ...]:
    """The gaps of which it is known that nothing unevaluated fills them."""
    if len(difference.path) > 1:
        return difference.lack
    return tuple(gap for gap in difference.lack if gap.environment.system != "kustomize" or not gap.environment.hazy)


class _Absent(NamedTuple):
    """An entry that some lack: who they are, where the others write it, and what it names."""

    entry: Difference
    lacking: frozenset[str]
    places: dict[str, Location]
    named: str


def _explanations(difference: Difference, entries: list[_Absent]) -> dict[str, Difference]:
    """For each lacking environment that one explains, the absent entry."""
    found: dict[str, Difference] = {}
    names = {gap.environment.name for gap in difference.lack}
    near = [absent for absent in entries if not names.isdisjoint(absent.lacking)]
    origins = [(s.environment.name, origin(s)) for s in difference.have] if near else []
    covering = [absent for absent in near if _covers(absent, origins, difference.path[0])]
    for gap in difference.lack:
        name = gap.environment.name
        entry = next((absent.entry for absent in covering if name in absent.lacking), None)
        if entry is not None:
            found[name] = entry
    return found


def _covers(absent: _Absent, origins: list[tuple[str, str]], subject: str) -> bool:
    """Whether all who have the key have it by files that the entry names, or by the patch of the subject that it is."""
    inline = _same(absent.named, subject)
    return all(
        name in absent.places and ((inline and path == absent.places[name].path) or _within(path, absent.places[name], absent.named))
        for name, path in origins
    )


def _same(target: str, subject: str) -> bool:
    """Whether a patch's target, `Deployment/shop`, is the subject, which may name a namespace, too."""
    kind, _, name = subject.removesuffix(":").partition("/")
    return target == f"{kind}/{name.rpartition('/')[2]}"


def origin(setting: Setting) -> str:
    """The file that a value was written in: for a whole object where it starts, since its subject is a key that nobody wrote."""
    value = setting.value
    if isinstance(value, Map) and isinstance(setting.key, str) and setting.key.endswith(":"):
        return _source(value).path
    return setting.location.path


def _source(node: Map) -> Map:
    while node.of:
        node = next(iter(node.of.values()))
    return node


def _within(path: str, kustomization: Location, entry: str) -> bool:
    """Whether a file is the entry of the kustomization, or below the directory that the entry names, or below its base of that name."""
    named = posixpath.normpath(posixpath.join(posixpath.dirname(kustomization.path), entry))
    if any(path == named + suffix for suffix in _SUFFIXES) or path.startswith(named + "/"):
        return True
    folder = posixpath.basename(named)
    return "." not in folder and f"/{_BASE}/{folder}/" in f"/{path}"
