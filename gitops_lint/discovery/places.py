"""Which environment each file belongs to, judged by its path: a stage's name with a sibling that differs in that name alone.

A pattern is a path with the environment's name replaced by `{env}`; files of one pattern are each other's siblings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from gitops_lint.discovery.names import ENV, Mark, Names
from gitops_lint.discovery.readings import Order, Reading, file_readings, folder_readings, glued_readings, is_values

_LATE = 3  # a stage's name inside a longer one counts only beside a late stage: `dev-tools` and `test-tools` are applications


class Place(NamedTuple):
    """A file with the reading of its path that won. `folder` is its folder's pattern; `by_file`: the file's name says which environment."""

    path: str
    folder: str
    reading: Reading
    by_file: bool

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path.rpartition("/")[2]

    @property
    def pattern(self) -> str:
        """The pattern of the file."""
        return self.reading.pattern if self.by_file else f"{self.folder}/{self.name}"


def places(paths: Iterable[str], names: Names) -> list[Place]:
    """The files among `paths` that belong to an environment which has a sibling, in the order given."""
    by_folder: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        by_folder[path.rpartition("/")[0]].append(path)
    clusters = _clusters(by_folder, names)
    folders = _settle({folder: list(folder_readings(folder, names, clusters)) for folder in by_folder if folder})
    own = _settle({path: found for files in by_folder.values() for path in files if (found := list(_own_readings(path, names)))})
    shared: dict[str, set[str]] = defaultdict(set)
    for folder, reading in folders.items():
        for path in by_folder[folder]:
            shared[_joined(reading, path)].add(reading.name)
    for folder in [folder for folder, reading in folders.items() if reading.order is Order.EXTENDED]:
        if not any(len(shared[_joined(folders[folder], path)]) > 1 for path in by_folder[folder]):
            del folders[folder]  # nothing in it is called as it is in any other: a thing of its own, with a stage's name in its own
    return list(_chosen(by_folder, folders, own, shared))


def _own_readings(path: str, names: Names) -> Iterator[Reading]:
    name = path.rpartition("/")[2]
    if names.marks(name):
        yield from file_readings(path, names)
    if is_values(name):
        yield from glued_readings(path, names)


def _chosen(
    by_folder: Mapping[str, list[str]], folders: Mapping[str, Reading], own: Mapping[str, Reading], shared: Mapping[str, set[str]]
) -> Iterator[Place]:
    """A file that stands under the same name in a sibling folder is its folder's; otherwise what its own name says goes first."""
    for folder, files in by_folder.items():
        outer = folders.get(folder)
        for path in files:
            inner = own.get(path)
            if outer is not None and (inner is None or len(shared[_joined(outer, path)]) > 1):
                yield Place(path, outer.pattern, outer, by_file=False)
            elif inner is not None:
                yield Place(path, inner.pattern.rpartition("/")[0], inner, by_file=True)


def _joined(reading: Reading, path: str) -> str:
    return f"{reading.pattern}/{path.rpartition('/')[2]}"


def _settle(readings: Mapping[str, list[Reading]]) -> dict[str, Reading]:
    """The most convincing reading of each path among those that have a sibling; paths without one are left out."""
    members: dict[str, dict[str, Reading]] = defaultdict(dict)
    for found in readings.values():
        for reading in found:
            members[reading.pattern].setdefault(reading.name.lower(), reading)
    kinds = {(reading.pattern, reading.order) for found in readings.values() for reading in found}
    sure = {(pattern, order) for pattern, order in kinds if _certain(order, members[pattern])}
    out = {}
    for path, found in readings.items():
        paired = [r for r in found if (r.pattern, r.order) in sure and (r.order is not Order.GLUED or _twin(r, members[r.pattern]))]
        if paired:
            out[path] = min(paired, key=lambda r: (r.order, -len(members[r.pattern]), r.depth))
    return out


def _certain(order: Order, among: Mapping[str, Reading]) -> bool:
    """Whether readings of an order are believed beside these siblings."""
    plain = [reading for reading in among.values() if reading.order < Order.EXTENDED]
    if order is Order.GLUED:
        return True
    if len(plain) < 2:  # noqa: PLR2004  a sibling is a second one
        return False
    if order is Order.LOOSE and len({reading.axes for reading in among.values()}) < 2:  # noqa: PLR2004
        return False
    return order not in (Order.AFFIXED, Order.EXTENDED) or max(reading.rank for reading in plain) >= _LATE


def _twin(reading: Reading, among: Mapping[str, Reading]) -> bool:
    """Whether the same word stands before another stage, `idfdev` beside `idfprod`; one in production may be alone beside such a pair."""
    glued = [other for other in among.values() if other.order is Order.GLUED]
    pairs = {other.axes for other in glued for twin in glued if twin.axes == other.axes and twin.word.lower() != other.word.lower()}
    return reading.axes in pairs or (bool(pairs) and reading.rank == max(other.rank for other in among.values()))


def _clusters(folders: Iterable[str], names: Names) -> dict[str, set[str]]:
    """For each folder of an environment that has a sibling, or is in production, the folders below it that are its clusters or regions."""
    children: dict[str, set[str]] = defaultdict(set)
    siblings: dict[str, set[str]] = defaultdict(set)
    for folder in folders:
        parts = folder.split("/")
        for depth in range(1, len(parts) + 1):
            above, here = "/".join(parts[: depth - 1]), parts[depth - 1]
            marks = names.marks(here)
            for mark in marks:
                siblings[_masked(above, here, mark)].add(mark.word)
            if marks and depth < len(parts):
                children["/".join(parts[:depth])].add(parts[depth])
    out = {}
    for parent, below in children.items():
        above, _, here = parent.rpartition("/")
        known = (mark for mark in names.marks(here) if mark.stage.protected or len(siblings[_masked(above, here, mark)]) > 1)
        stages = {mark.stage.name for mark in names.marks(here)}
        others = {mark.stage.name for child in below for mark in names.marks(child) if mark.word == child} - stages
        if next(known, None) is not None and not others:  # what holds other stages is a programme, `shop-demo`, and no stage
            out[parent] = names.clusters(here, below)
    return out


def _masked(above: str, segment: str, mark: Mark) -> str:
    return f"{above}/{segment[: mark.start]}{ENV}{segment[mark.end :]}"
