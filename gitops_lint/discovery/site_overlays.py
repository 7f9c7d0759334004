"""Overlays that nothing declares and no stage's name tells: `overlays/okd` beside `overlays/sno`, `overlays/aws` beside `overlays/gcp`.

They are environments where the repository says that their names are places: overlays of many applications have the name, a cluster has
it, it is a cloud's or a region's, or the folder that collects them is called after environments. Features, channels and versions of one
thing (`with-ingress`, `stable-4.12`) are no environments of each other. Nobody knows the ranks of places, nor whether they are meant to
be alike: the evidence is weak, and differences weigh little.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import combinations

from gitops_lint.blueprint import Blueprint, Source
from gitops_lint.discovery.ignored import foreign
from gitops_lint.discovery.names import ENV, SHARED, Names, is_region, names_of
from gitops_lint.discovery.naming import distinct, folder_names
from gitops_lint.discovery.neighbours import no_environment
from gitops_lint.discovery.overlays import is_overlay, overlay
from gitops_lint.files import Files
from gitops_lint.merge.kustomize import reach
from gitops_lint.merge.kustomize.kustomization import NAMES
from gitops_lint.model import Evidence, Role
from gitops_lint.settings import Settings

_MANY = 5  # applications whose overlays have a name
_TOGETHER = 3  # and of those that have it beside another
_COLLECT = frozenset(("env", "envs", "environment", "environments", "sites"))  # nothing but environments
_HOLD = _COLLECT | {"overlays", "overlay"}
_PLACE = re.compile(
    r"aws|gcp|azure|alicloud|tencentcloud|digitalocean|hetzner|ibmcloud|eks|gke|aks|okd|k3s|rke2?|vsphere|openstack|bare-?metal|on-?prem(?:ise)?"
    r"|(?:site|cluster|dc|datacenter|region)[-_]?\w+|\w+[-_](?:cluster|dc|site)"
)
_VARIANT = re.compile(
    r"(?:v?\d[\w.]*|latest|stable|alpha|beta|rc|candidates?|fast|preview|rolling|edge|nightly|canary|releases?|eus|standalone|aggregate"
    r"|full|minimal|none|basic|plain|operator|instance|with|without|no|only|enable|disable|use)(?:[-_.].*)?|.*[-_.]only|.*\d\.(?:\d|x).*"
)


def find(files: Files, settings: Settings, claimed: set[str]) -> Iterator[Blueprint]:
    """The overlays that are left in each folder of such, if there are two of a kind; what they are built of is claimed."""
    names = names_of(settings)
    families = {above: found for above in _holders(files) if len(found := places(above, files, names, claimed)) > 1}
    applications = distinct([folder_names(f"{above}/{ENV}") for above in families])
    for application, folders in zip(applications, families.values(), strict=True):
        for folder in folders:
            name = folder.rpartition("/")[2]
            made = overlay(folder, (application, name), evidence(folder, files), names, files)
            if made is not None:
                claimed.update(source.path for source in made.sources)
                yield made


def beside(folders: Mapping[str, tuple[Source, ...]], files: Files, names: Names, claimed: set[str]) -> list[str]:
    """The places beside some known overlays that have the same things below them.

    There are none where they outnumber the known, but in a folder that holds nothing but environments.
    """
    holders = {folder.rpartition("/")[0] for folder in folders}
    if len(holders) > 1 or not _holds(above := min(holders)):
        return []
    below = {source.path for sources in folders.values() for source in sources if source.role is Role.BASE}
    found = [f for f in _candidates(above, files, names, claimed) if f not in folders and _is_place(f, files, names)]
    alike = [folder for folder in found if not below.isdisjoint(reach(files, folder))]
    return alike if len(alike) <= len(folders) or _called(above) in _COLLECT else []


def evidence(folder: str, files: Files) -> Evidence:
    """Why an overlay is believed to be an environment."""
    path = next(path for path in files.folders[folder] if path.rpartition("/")[2] in NAMES)
    return Evidence(f"a kustomize overlay below `{folder.rpartition('/')[0]}`, named like a place", path=path, weak=True)


def places(above: str, files: Files, names: Names, claimed: set[str]) -> list[str]:
    """The overlays in a folder whose names are places, as far as they share something with another of them; sorted."""
    found = [folder for folder in _candidates(above, files, names, claimed) if _is_place(folder, files, names)]
    made_of = {folder: frozenset(_told(path, folder) for path in reach(files, folder)) - _ANYWHERE for folder in found}
    alike = [f for f in found if any(not made_of[f].isdisjoint(made_of[other]) for other in found if other != f)]
    return alike if any(not names.marks(folder.rpartition("/")[2]) for folder in alike) else []


_ANYWHERE = frozenset(NAMES)


def _told(path: str, folder: str) -> str:
    """A file as siblings may have it too: by its name if it is the folder's own."""
    return path.removeprefix(folder + "/")


def _candidates(above: str, files: Files, names: Names, claimed: set[str]) -> Iterator[str]:
    for folder in _holders(files)[above]:
        name = folder.rpartition("/")[2].lower()
        path = next(path for path in files.folders[folder] if path.rpartition("/")[2] in NAMES)
        shared = any(word in SHARED for word in re.split(r"[-_.]", name))
        if path in claimed or shared or no_environment(name) or _VARIANT.fullmatch(name) or names.short_lived(name):
            continue
        if not foreign(names, files)(path) and is_overlay(files, folder):
            yield folder


def _is_place(folder: str, files: Files, names: Names) -> bool:
    above, _, name = folder.rpartition("/")
    if _called(above) in _COLLECT or names.marks(name) or is_region(name) or _PLACE.fullmatch(name.lower()):
        return True
    return name in _clusters(files) or any(_pair(name, other.rpartition("/")[2]) in _repeated(files) for other in _holders(files)[above])


def _called(folder: str) -> str:
    return folder.rpartition("/")[2].lower()


def _holds(folder: str) -> bool:
    return _called(folder) in _HOLD


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


@lru_cache(maxsize=1)
def _holders(files: Files) -> Mapping[str, list[str]]:
    """The folders with a kustomization in each folder that holds overlays, sorted."""
    out: dict[str, list[str]] = defaultdict(list)
    for folder, inside in sorted(files.folders.items()):
        above = folder.rpartition("/")[0]
        if _holds(above) and any(path.rpartition("/")[2] in NAMES for path in inside):
            out[above].append(folder)
    return out


@lru_cache(maxsize=1)
def _repeated(files: Files) -> frozenset[tuple[str, str]]:
    """The pairs of names that overlays of many applications have, beside each other in several; however deep: `overlays/osc/cl1`."""
    table: dict[str, list[str]] = defaultdict(list)
    for folder, inside in files.folders.items():
        above, _, name = folder.rpartition("/")
        if not _HOLD.isdisjoint(above.split("/")) and any(path.rpartition("/")[2] in NAMES for path in inside):
            table[above].append(name)
    listed = list(table.values())
    counts = Counter(name for names in listed for name in names)
    often = [sorted(name for name in names if counts[name] >= _MANY) for names in listed]
    pairs = Counter(pair for names in often for pair in combinations(names, 2))
    return frozenset(pair for pair, count in pairs.items() if count >= _TOGETHER)


@lru_cache(maxsize=1)
def _clusters(files: Files) -> frozenset[str]:
    """What stands in a folder of clusters."""
    return frozenset(_below_clusters(files.folders))


def _below_clusters(folders: Iterable[str]) -> Iterator[str]:
    for folder in folders:
        parts = folder.split("/")
        yield from (parts[at + 1] for at, part in enumerate(parts[:-1]) if part == "clusters")
