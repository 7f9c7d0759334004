"""The files that a naming heuristic looks at, and the families of siblings among them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from gitops_lint.discovery.content import is_mapping
from gitops_lint.discovery.ignored import foreign
from gitops_lint.discovery.names import names_of
from gitops_lint.discovery.places import Place, places
from gitops_lint.files import Files
from gitops_lint.settings import Settings

_SUFFIXES = (".yaml", ".yml", ".json", ".env")
_POLICY = frozenset(
    ("OWNERS", "OWNERS_ALIASES", "CODEOWNERS", "LICENSE", "Makefile", "Dockerfile", "Jenkinsfile", "README", "Kptfile", "Tiltfile")
)


def placed(files: Files, settings: Settings, claimed: set[str]) -> list[Place]:
    """Every file that nobody has claimed and whose path says which environment it is for, by path."""
    skip = foreign(settings)
    names = names_of(settings)
    open_paths = [path for path in files.names if path not in claimed and not skip(path) and _readable(path)]
    found = places(open_paths, names)
    return [place for place in found if _has_suffix(place.path) or is_mapping(files, place.path)]


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


def _has_suffix(path: str) -> bool:
    return path.endswith(_SUFFIXES)
