"""A chart as far as values go: its name, its defaults, what it depends on, and those sub-charts that are in the tree."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from weakref import WeakKeyDictionary

from gitops_lint.files import Files
from gitops_lint.merge.archive import ArchiveError, members
from gitops_lint.merge.constraint import satisfies
from gitops_lint.merge.tables import Notes, merge, without_null
from gitops_lint.model import Document, Problem, Unverified
from gitops_lint.node import Map, Seq, Value
from gitops_lint.trees.protocol import UnreadableError

_MAX_DEPTH = 20  # charts within charts; real ones are three deep
_MAX_BELOW = 1000  # charts below one, under all of their aliases; real ones have some dozens
_MAX_UNPACKED = 512 * 1024 * 1024  # bytes out of all archives of a tree
_LEAST_UNPACKED, _LEAST_VENDORED = 128 * 1024, 32 * 1024  # what an archive, or a chart next to another, counts as
_Cache = dict[str, "Chart | None"]
_LOADED: WeakKeyDictionary[Files, _Cache] = WeakKeyDictionary()
_UNPACKED: WeakKeyDictionary[Files, int] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Dependency:
    """One entry of `dependencies` (helm pkg/chart/v2/dependency.go, v4.2.4); `name` becomes the alias once it has been applied."""

    name: str
    version: str = ""
    repository: str = ""
    alias: str = ""
    condition: str = ""
    tags: tuple[str, ...] = ()
    imports: tuple[str | tuple[str, str], ...] = ()  # names below `exports`, or (child path, parent path)


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """A chart and the charts below it. One that is not `known` is named by a dependency, and its files are not in the tree."""

    name: str
    version: str = ""
    values: Map = field(default_factory=Map)  # as they stand in the merge: imports come in, and what is switched off goes
    dependencies: tuple[Dependency, ...] = ()
    charts: tuple[Chart, ...] = ()
    documents: tuple[Document, ...] = ()  # its values.yaml, where it has one
    hazy: tuple[Unverified, ...] = ()
    known: bool = True
    defaults: Map = field(default_factory=Map)  # its values.yaml as it was read
    memo: dict[str | tuple[Chart | str, ...], tuple[Chart, Notes]] = field(
        default_factory=dict, init=False
    )  # what `dependencies` made of it
    floors: dict[str, Value] = field(default_factory=dict, init=False)  # entries of `values` without their null entries

    def once(self, key: str | tuple[Chart | str, ...], make: Callable[[Notes], Chart], notes: Notes) -> Chart:
        """What `make` makes of this chart, made once and shared by all environments; what it said is said every time."""
        if key not in self.memo:
            said = Notes([], [])
            self.memo[key] = make(said), said
        made, said = self.memo[key]
        notes.warnings.extend(said.warnings)
        notes.failures.extend(said.failures)
        return made

    def floor(self, key: str) -> Value:
        """The default at `key` without null entries: one and the same object every time, so that environments share it."""
        if key not in self.floors:
            value: Value = self.values[key]
            self.floors[key] = without_null(value) if isinstance(value, Map) else value
        return self.floors[key]


class _Place(NamedTuple):
    """Where a chart's files are: below a folder of the tree, or inside an archive whose members are given."""

    files: Files
    folder: str
    packed: dict[str, bytes] | None = None

    def names(self) -> list[str]:
        if self.packed is not None:
            return sorted(self.packed)
        start = len(self.folder) + 1 if self.folder else 0
        return [path[start:] for path in self.files.under(self.folder)]

    def path(self, name: str) -> str:
        return f"{self.folder}/{name}" if self.folder else name

    def document(self, name: str) -> Document | None:
        if self.packed is not None:
            return self.files.parse(self.packed[name], self.path(name)) if name in self.packed else None
        return self.files.document(self.path(name)) if self.path(name) in self.files else None

    def data(self, name: str) -> bytes:
        return self.packed[name] if self.packed is not None else self.files.data(self.path(name))

    def below(self, name: str) -> _Place:
        if self.packed is None:
            return _Place(self.files, self.path(name))
        inner = {path.removeprefix(name + "/"): data for path, data in self.packed.items() if path.startswith(name + "/")}
        return _Place(self.files, self.path(name), inner)


def load(files: Files, folder: str) -> Chart | None:
    """The chart in a folder of the tree, None where there is no Chart.yaml. What of it cannot be read is in `hazy`."""
    known = _LOADED.setdefault(files, {})
    if folder not in known:
        chart = _load(_Place(files, folder), ())
        if chart is not None and _below(chart) > _MAX_BELOW:
            place = Unverified(
                f"{folder}/Chart.yaml" if folder else "Chart.yaml", 1, f"there are more than {_MAX_BELOW} charts below it", "error"
            )
            chart = replace(chart, charts=(), dependencies=(), hazy=(place,))
        known[folder] = chart
    return known[folder]


def _below(chart: Chart) -> int:
    """How many charts there are below one, each as often as dependencies ask for it."""
    asked = Counter(dependency.name for dependency in chart.dependencies)
    return sum(max(1, asked[part.name]) * (1 + min(_MAX_BELOW, _below(part))) for part in chart.charts)


def document_values(document: Document) -> tuple[Map, str]:
    """What a values file contributes, all its documents merged (helm LoadValues, v4.2.4), and why it contributes nothing, if so."""
    if document.error is not None:
        return Map(), document.error.message
    maps = [root.value for root in document.ended or document.roots if root.value is not None]
    if not all(isinstance(value, Map) for value in maps):
        return Map(), "a values file has to be a mapping"
    return merge(value for value in maps if isinstance(value, Map)), ""


def _load(place: _Place, trail: tuple[str, ...]) -> Chart | None:
    document = place.document("Chart.yaml")
    if document is None or place.folder in trail or len(trail) > _MAX_DEPTH:
        return None
    values, documents, hazy = _defaults(place)
    meta = _first(document)
    if meta is None:
        problem = document.error or Problem("a chart's metadata has to be a mapping")
        return Chart("", values=values, documents=documents, hazy=(_unverified(document, problem), *hazy), defaults=values)
    requirements = place.document("requirements.yaml")
    wanted = meta.get("dependencies")
    listed = _first(requirements) if requirements is not None else None
    if listed is not None and "dependencies" in listed:
        wanted = listed["dependencies"]
    dependencies = tuple(_dependencies(wanted))
    charts, unread = _charts(place, dependencies, (*trail, place.folder))
    return Chart(_text(meta, "name"), _text(meta, "version"), values, dependencies, charts, documents, (*hazy, *unread), defaults=values)


def _first(document: Document) -> Map | None:
    value = document.roots[0].value if document.error is None and document.roots else None
    return value if isinstance(value, Map) else None


def _unverified(document: Document, problem: Problem) -> Unverified:
    return Unverified(document.path, problem.line, problem.message, "error")


def _defaults(place: _Place) -> tuple[Map, tuple[Document, ...], tuple[Unverified, ...]]:
    document = place.document("values.yaml")
    if document is None:
        return Map(place.path("values.yaml")), (), ()
    values, why = document_values(document)
    return values, (document,), ((_unverified(document, document.error or Problem(why)),) if why else ())


def _text(node: Map, key: str) -> str:
    value = node.get(key)
    return (node.written or {}).get(key) or ("" if value is None or isinstance(value, Map | Seq) else str(value))


def _dependencies(value: Value) -> Iterator[Dependency]:
    for item in value if isinstance(value, Seq) else ():
        if isinstance(item, Map):
            tags = item.get("tags")
            yield Dependency(
                _text(item, "name"),
                _text(item, "version"),
                _text(item, "repository"),
                _text(item, "alias"),
                _text(item, "condition"),
                tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, Seq) else (),
                tuple(_imports(item.get("import-values"))),
            )


def _imports(value: Value) -> Iterator[str | tuple[str, str]]:
    for item in value if isinstance(value, Seq) else ():
        if isinstance(item, str):
            yield item
        elif isinstance(item, Map):
            yield _printed(item, "child"), _printed(item, "parent")


def _printed(node: Map, key: str) -> str:
    """A value as Go prints it, which writes nothing as `<nil>`."""
    return "<nil>" if node.get(key) is None else _text(node, key)


def _charts(place: _Place, wanted: tuple[Dependency, ...], trail: tuple[str, ...]) -> tuple[tuple[Chart, ...], tuple[Unverified, ...]]:
    """The sub-charts in `charts/`, then those that a `file://` repository leads to, then a stand-in for each that is not in the tree."""
    found: list[Chart] = []
    hazy: list[Unverified] = []
    for name in sorted({"/".join(path.split("/")[:2]) for path in place.names() if path.startswith("charts/")}):
        if name.startswith(("charts/_", "charts/.")):
            continue
        chart = _packed(place, name, trail, hazy) if name.endswith(".tgz") else _load(place.below(name), trail)
        if chart is not None:
            found.append(chart)
    for dependency in wanted:
        if any(chart.name == dependency.name and satisfies(chart.version, dependency.version) for chart in found):
            continue
        chart = _beside(place, dependency, trail, hazy)
        if chart is not None:
            found.append(chart)
        elif not any(chart.name == dependency.name for chart in found):
            found.append(Chart(dependency.name, known=False))
    return tuple(found), tuple(hazy) + tuple(entry for chart in found for entry in chart.hazy)


def _packed(place: _Place, name: str, trail: tuple[str, ...], hazy: list[Unverified]) -> Chart | None:
    try:
        data = members(place.data(name), lambda size: _account(place.files, size))
        _account(place.files, _LEAST_UNPACKED)
        return _load(_Place(place.files, place.path(name), data), trail)
    except (ArchiveError, UnreadableError) as error:
        hazy.append(Unverified(place.path(name), 1, f"the packed chart cannot be read: {error}", "error"))
        return None


def _account(files: Files, size: int) -> None:
    """Count what has been unpacked. Raises ArchiveError when it is too much for one tree."""
    _UNPACKED[files] = _UNPACKED.get(files, 0) + size
    if _UNPACKED[files] > _MAX_UNPACKED:
        raise ArchiveError(f"the charts that are part of others take more than {_MAX_UNPACKED} bytes")


def _beside(place: _Place, dependency: Dependency, trail: tuple[str, ...], hazy: list[Unverified]) -> Chart | None:
    """The chart that `repository: file://../x` names, as `helm dependency build` would vendor it."""
    relative = dependency.repository.removeprefix("file://")
    if place.packed is not None or relative in (dependency.repository, ""):
        return None
    folder = posixpath.normpath(posixpath.join(place.folder, relative))
    if folder.startswith(("..", "/")):
        return None
    try:
        _account(place.files, _LEAST_VENDORED)
    except ArchiveError as error:
        hazy.append(Unverified(place.path("Chart.yaml"), 1, f"`{dependency.name}` is not looked into: {error}", "error"))
        return None
    chart = _load(_Place(place.files, "" if folder == "." else folder), trail)
    return chart if chart is not None and chart.name == dependency.name else None
