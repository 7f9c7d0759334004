"""The files that a naming heuristic looks at, and the families of siblings among them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from gitops_lint.discovery.content import is_compose, is_mapping
from gitops_lint.discovery.ignored import foreign
from gitops_lint.discovery.names import Names, names_of
from gitops_lint.discovery.places import Place, places
from gitops_lint.files import Files
from gitops_lint.settings import Settings

_SUFFIXES = (".yaml", ".yml", ".json", ".env")
_POLICY = frozenset(
    ("OWNERS", "OWNERS_ALIASES", "CODEOWNERS", "LICENSE", "Makefile", "Dockerfile", "Jenkinsfile", "README", "Kptfile", "Tiltfile")
)


def placed(files: Files, settings: Settings, claimed: set[str]) -> list[Place]:
    """Every file that nobody has claimed and whose path says which environment it is for, by path."""
    return [place for place in _all(files, names_of(settings)) if place.path not in claimed]


@lru_cache(maxsize=1)  # each adapter asks, of the same files
def _all(files: Files, names: Names) -> tuple[Place, ...]:
    skip = foreign(names, files)
    found = places([path for path in files.names if _readable(path) and not skip(path)], names)
    known = (place for place in found if place.path.endswith(_SUFFIXES) or is_mapping(files, place.path))
    return tuple(place for place in known if not is_compose(files, place.path))


def families(found: Iterable[Place], key: Callable[[Place], str]) -> Iterator[tuple[str, dict[str, list[Place]]]]:
    """The places by `key`, and in each family by the environment's name; families of a single environment are left out. Sorted."""
    table: dict[str, dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
    for place in found:
        table[key(place)][place.reading.name].append(place)
    for pattern in sorted(table):
        if len(table[pattern]) > 1:
            yield pattern, {name: table[pattern][name] for name in sorted(table[pattern])}


def _readable(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.endswith(_SUFFIXES) or ("." not in name and name not in _POLICY)
