"""One thing said once: what an absent entry of a kustomization would have brought is no difference beside the absent entry.

An overlay that does not list a resource lacks every object in it, and one that does not list a patch lacks every key that the patch sets.
An overlay that has the file of an entry in another way, through a folder's kustomization or another field, does not lack the entry.
And where an overlay has a part that could not be evaluated (a remote base, a chart), whole objects that others have may come from there.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from gitops_lint.compare import neutralise
from gitops_lint.keypath import OWN_ENTRIES, dotted, of_kustomization
from gitops_lint.model import Difference, Environment, Gap, Setting
from gitops_lint.node import Map, key_location

Listing = Callable[[Environment], dict[str, list[str]]]  # `_listing`, with a memory

_LIST, _ENTRY = 2, 3  # segments: the subject, the field, the entry
_BASE = "base"  # `apps/dev/shop` most often is `apps/base/shop` and some patches
_SUFFIX = re.compile(r"(?<=.)\.(?:ya?ml|json)$")
_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_FOLDERS = frozenset(("resources", "bases"))
_LISTS = _FOLDERS | {"components", "patches", "patchesstrategicmerge", "patchesjson6902", "generators", "transformers"}


def fold(differences: Iterable[Difference]) -> tuple[Difference, ...]:
    """The differences without those that an absent entry explains; the entries name as `brings` what they would have brought."""
    listing: Listing = cache(_listing)
    every = list(_listed_otherwise(differences, listing))
    entries = list(_absent((d for d in every if _is_list(d)), listing))
    brings: dict[int, list[str]] = {}
    kept: list[Difference] = []
    for difference in every:
        if of_kustomization(difference.path[0]) or not difference.path[0].endswith(":"):
            kept.append(difference)
            continue
        known = difference._replace(lack=_certain(difference))
        explained = _explanations(known, entries)
        for entry in explained.values():
            brings.setdefault(id(entry), []).append(dotted(difference.path))
        left = tuple(gap for gap in known.lack if gap.environment.name not in explained)
        kept += [known._replace(lack=left)] if left else []
    return tuple(d._replace(brings=tuple(dict.fromkeys(brings.get(id(d), ())))) for d in kept)


def _is_list(difference: Difference) -> bool:
    """Whether a difference is an entry of a kustomization that names a file, a folder or a patch, or a whole list of them."""
    path = difference.path
    return of_kustomization(path[0]) and len(path) in (_LIST, _ENTRY) and path[1].lower() in _LISTS


def _listed_otherwise(differences: Iterable[Difference], listing: Listing) -> Iterator[Difference]:
    """The differences without the environments that lack an entry, and have the file or folder that it names all the same."""
    layers = cache(lambda environment: _layers(environment, listing(environment)))
    for difference in differences:
        if len(difference.path) == 1 and difference.path[0] != OWN_ENTRIES and of_kustomization(difference.path[0]):
            continue  # the entry that lists its folder says it
        if not _is_list(difference):
            yield difference
            continue
        lists = [_files(setting, listing(setting.environment)) for setting in difference.have]
        left = tuple(gap for gap in difference.lack if not any(_all_in(named, layers(gap.environment)) for named in lists))
        if left:
            yield difference._replace(lack=left)


def _layers(environment: Environment, listing: dict[str, list[str]]) -> frozenset[str]:
    """What an entry may name of an environment's files: those without their suffix, and the folders of kustomizations.

    Where the environment could not be built whole, files that it does not list are among its layers, and only its own lists tell.
    """
    found = {spelling for names in listing.values() for name in names for spelling in _spellings(name, environment)}
    for layer in environment.layers if not environment.hazy else ():
        folder, _, name = layer.path.rpartition("/")
        found.update(_spellings(folder if name in _KUSTOMIZATIONS else _SUFFIX.sub("", layer.path), environment))
    return frozenset(found)


def _files(setting: Setting, listing: dict[str, list[str]]) -> list[tuple[str, str]]:
    """What an entry names, folders whose kustomization is the environment's own replaced by what that lists."""
    names = (name for name in _reached(_names(setting), listing) if not listing.get(name))
    return [_spellings(name, setting.environment) for name in names]


def _spellings(path: str, environment: Environment) -> tuple[str, str]:
    return path, neutralise(path, environment)


def _all_in(named: list[tuple[str, str]], layers: frozenset[str]) -> bool:
    return bool(named) and all(path in layers or neutral in layers for path, neutral in named)


def _certain(difference: Difference) -> tuple[Gap, ...]:
    """The gaps of which it is known that nothing unevaluated fills them."""
    if len(difference.path) > 1:
        return difference.lack
    return tuple(gap for gap in difference.lack if gap.environment.system != "kustomize" or not gap.environment.hazy)


class _Absent(NamedTuple):
    """An entry that some lack, or a list of them: who they are, what the others' name, and whom they patch from which file."""

    entry: Difference
    lacking: frozenset[str]
    places: dict[str, list[str]]
    patches: dict[str, list[tuple[str, str]]]


def _absent(lists: Iterable[Difference], listing: Listing) -> Iterator[_Absent]:
    for entry in lists:
        lacking = frozenset(gap.environment.name for gap in entry.lack)
        places = {s.environment.name: [*_reached(_names(s), listing(s.environment)), *_bases(entry, s)] for s in entry.have}
        yield _Absent(entry, lacking, places, {s.environment.name: _written(s) for s in entry.have})


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
    return all(
        any(_is_within(_SUFFIX.sub("", path), named) for named in absent.places.get(name, ()))
        or any(path == place and _same(target, subject) for place, target in absent.patches.get(name, ()))
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


def _written(setting: Setting) -> list[tuple[str, str]]:
    """An entry of a kustomization, or all entries of a list: the file that it is written in, and what it says."""
    value, key = setting.value, str(setting.key)
    if key.startswith("["):
        return [(setting.location.path, key.strip("[]"))]
    return [(key_location(value, name).path, name.strip("[]")) for name in value] if isinstance(value, Map) else []


def _names(setting: Setting) -> list[str]:
    """The files, without their suffix, or folders that an entry of a kustomization names, or those that all entries of a list name."""
    return [_path(*written) for written in _written(setting)]


@lru_cache(maxsize=8192)  # every environment is asked for each difference
def _path(kustomization: str, entry: str) -> str:
    return _SUFFIX.sub("", posixpath.normpath(posixpath.join(posixpath.dirname(kustomization), entry)))


def _listing(environment: Environment) -> dict[str, list[str]]:
    """What the kustomizations of an environment list, as far as they are its own, by folder."""
    out: dict[str, list[str]] = {}
    for subject, fields in environment.values.items():
        if of_kustomization(subject) and isinstance(fields, Map):
            lists = (fields[key] for key in fields if key.lower() in _LISTS)
            every = [_path(key_location(items, name).path, name.strip("[]")) for items in lists if isinstance(items, Map) for name in items]
            out.setdefault(posixpath.dirname(fields.path), []).extend(every)
    return out


def _reached(names: list[str], listing: dict[str, list[str]]) -> list[str]:
    """What is named, and what the kustomizations of folders among that list in turn."""
    found = dict.fromkeys(names)
    waiting = list(found)
    for name in waiting:  # grows on the way
        more = dict.fromkeys(inner for inner in listing.get(name, ()) if inner not in found)
        found |= more
        waiting += more
    return list(found)


def _is_within(path: str, named: str) -> bool:
    """Whether a file is what an entry names, or below the folder that it names, or below its base of that name."""
    return path == named or path.startswith(named + "/") or (named.startswith(_BASE + ":") and f"/{_BASE}/{named[5:]}/" in f"/{path}")


def _bases(entry: Difference, setting: Setting) -> list[str]:
    """What folders that are listed may be made of, by the name that they have in a base."""
    folders = (posixpath.basename(name) for _, name in _written(setting)) if entry.path[1].lower() in _FOLDERS else ()
    return [f"{_BASE}:{folder}" for folder in folders if folder and "." not in folder]
