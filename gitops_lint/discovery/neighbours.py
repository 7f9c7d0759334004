"""Environments whose names nobody knows: values files beside known ones, called by the same pattern and holding much the same keys."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from fnmatch import fnmatchcase

from gitops_lint.discovery.content import is_plain, top_keys
from gitops_lint.discovery.names import CONTAINERS, ENV, SHARED, Names
from gitops_lint.discovery.places import Place
from gitops_lint.discovery.readings import Order, Reading, file_readings, is_values
from gitops_lint.files import Files

_NO_ENVIRONMENT = (
    *SHARED,
    "ci",
    "ci-*",
    "test*",
    "local*",
    "example*",
    "sample*",
    "template*",
    "schema*",
    "minikube",
    "kind",
    "k3d",
    "*secret*",
)
_FEW = 3  # beside a single known one
ALIKE = 0.5  # the share of keys that two files have in common; tools' values files share next to none


def no_environment(word: str) -> bool:
    """Whether a word in the place of an environment's name says that the file is something else."""
    return any(fnmatchcase(word.lower(), glob) for glob in _NO_ENVIRONMENT)


def neighbours(pattern: str, known: Mapping[str, Place], files: Files, names: Names, claimed: Container[str]) -> list[Place]:
    """The files of a pattern of values files under names that are no stage's: `values-eqiad.yaml` beside `values-staging.yaml`.

    At least half of the keys at the top of one, and of those of some known environment's file, have to be the same. Where there are
    more of them than of the known they are tenants, whom nobody promised the same keys, and none is taken.
    """
    found = [place for place in _neighbours(pattern, known, files, claimed) if not names.short_lived(place.reading.name)]
    return found if len(found) <= (_FEW if len(known) == 1 else len(known)) else []


def _neighbours(pattern: str, known: Mapping[str, Place], files: Files, claimed: Container[str]) -> Iterator[Place]:
    folder, _, name = pattern.rpartition("/")
    above = folder.rpartition("/")[2]
    if ENV in folder or not (is_values(name) or is_values(above) or above.lower() in CONTAINERS):
        return
    before, _, after = name.partition(ENV)
    taken = {place.path for place in known.values()}
    releases = {word for place in known.values() for _, word in place.reading.axes}  # what these have is below their stages
    parts = tuple(f"{place.reading.word.lower()}-" for place in known.values())  # of a known one: `dev-config-server`
    keys = [top_keys(files, path) for path in sorted(taken)]
    for path in files.folders.get(folder, ()):
        file = path.rpartition("/")[2]
        word = file[len(before) : len(file) - len(after)]
        fits = file.startswith(before) and file.endswith(after) and word and "." not in word
        if not fits or path in taken or path in claimed or word in releases or word.lower().startswith(parts) or no_environment(word):
            continue
        own = top_keys(files, path)
        if own and any(len(own & theirs) >= ALIKE * max(len(own), len(theirs)) for theirs in keys) and is_plain(files, path):
            yield Place(path, folder, Reading(pattern, word, "", 0, Order.PURE), by_file=True)


def lonely(files: Files, names: Names, taken: Container[str]) -> Iterator[Place]:
    """The values files that name a stage, and have no sibling that does; they may have neighbours."""
    for path in files.names:
        name = path.rpartition("/")[2]
        if path not in taken and name.endswith((".yaml", ".yml")) and is_values(name) and names.marks(name):
            for reading in file_readings(path, names):
                if reading.order is Order.PURE:
                    yield Place(path, path.rpartition("/")[0], reading, by_file=True)
                    break
