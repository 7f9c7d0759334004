"""The charts of the tree that environments deploy: what their templates read of the values, and what their schemas demand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from weakref import WeakKeyDictionary

from gitops_lint.extract.template_values import Read, Readings, scan
from gitops_lint.files import Files
from gitops_lint.keypath import KeyPath, segments
from gitops_lint.merge.chart import Chart, load
from gitops_lint.model import Environment, Repository
from gitops_lint.node import Location, Map
from gitops_lint.settings import Settings
from gitops_lint.trees.protocol import UnreadableError

SCHEMA = "values.schema.json"
_TEMPLATE = re.compile(r"templates/(?!tests/).*\.(?:ya?ml|tpl|txt|json|conf|properties)")
_MOST_TEXT = 2_000_000  # bytes of templates in one chart; the largest real ones have a fifth of it
_SCANNED: WeakKeyDictionary[Files, dict[str, Readings]] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Deployed:
    """A chart and the environments that deploy it.

    `reads` is what its templates read, None where they may read anything or there are none. `parts` names its sub-charts, to whom what
    stands below their names belongs; `schemas` are its own schema and theirs, by the path of the values that they are about.
    """

    folder: str
    environments: tuple[Environment, ...]
    reads: tuple[Read, ...] | None
    parts: frozenset[str]
    schemas: Mapping[KeyPath, Map]
    absent: str = ""  # a schema that the configuration names, and that cannot be had


def governed(repository: Repository, files: Files, settings: Settings) -> Iterator[Deployed]:
    """For each schema that the configuration names, the applications that it is for, as if it were that of their chart."""
    setting = settings.rules.get("schema-violation")
    for entry in setting.options.get("schemas", ()) if setting is not None else ():
        schema = _schema(files, entry["schema"])
        patterns = entry.get("applications", ("*",))
        meant = [app for app in repository.applications if any(fnmatchcase(app.name, pattern) for pattern in patterns)]
        schemas: dict[KeyPath, Map] = {(): schema} if schema is not None else {}
        for application in meant if schemas else meant[:1]:
            yield Deployed("", application.environments, None, frozenset(), schemas, "" if schemas else entry["schema"])


def _schema(files: Files, path: str) -> Map | None:
    document = files.document(path) if path in files else None
    value = document.roots[0].value if document is not None and document.error is None and document.roots else None
    return value if isinstance(value, Map) else None


def deployed(repository: Repository, files: Files) -> Iterator[Deployed]:
    """Every chart of the tree that some environment deploys, by folder."""
    by_chart: dict[str, list[Environment]] = {}
    for application in repository.applications:
        for environment in application.environments:
            if environment.chart:
                by_chart.setdefault(environment.chart, []).append(environment)
    for root, environments in sorted(by_chart.items()):
        folder = "" if root == "." else root
        chart = load(files, folder)
        if chart is not None:
            parts = {part.name for part in chart.charts} | {name for d in chart.dependencies for name in (d.name, d.alias)}
            yield Deployed(
                root, tuple(environments), _reads(files, folder, chart), frozenset(parts - {""}), dict(_schemas(files, folder, chart))
            )


def _reads(files: Files, folder: str, chart: Chart) -> tuple[Read, ...] | None:
    known = _SCANNED.setdefault(files, {})
    if folder not in known:
        known[folder] = scan(_texts(files, folder))
    readings = known[folder]
    if readings.unknown or not readings.reads:
        return None
    switches = (text for d in chart.dependencies for text in d.condition.split(","))
    asked = tuple(Read(segments(text.strip()), Location(f"{folder}/Chart.yaml"), safe=True) for text in switches if text.strip())
    return (*readings.reads, *asked)


def _texts(files: Files, folder: str) -> dict[str, str]:
    """The chart's templates, and the named ones of the charts below it, which Helm lets everyone use; nothing where there is too much."""
    out: dict[str, str] = {}
    size = 0
    for path in files.under(folder):
        inside = path[len(folder) + 1 :] if folder else path
        mine = _TEMPLATE.fullmatch(inside)
        shared = inside.startswith("charts/") and inside.rpartition("/")[2].startswith("_") and "/templates/" in inside
        if mine or shared:
            try:
                data = files.tree.read(path)
            except UnreadableError:
                return {}
            size += len(data)
            out[path] = data.decode("utf-8", "replace")
    return out if size <= _MOST_TEXT else {}


def _schemas(files: Files, folder: str, chart: Chart) -> Iterator[tuple[KeyPath, Map]]:
    """The schemas of a chart and of the unpacked charts in its `charts/`, one level deep."""
    places: dict[KeyPath, str] = {(): folder}
    places |= {(part.name,): f"{folder}/charts/{part.name}" for part in chart.charts if part.known}
    for below, place in places.items():
        name = f"{place}/{SCHEMA}".lstrip("/")
        value = _schema(files, name)
        if value is not None:
            yield below, value
