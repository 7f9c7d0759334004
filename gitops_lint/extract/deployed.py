"""The charts of the tree that environments deploy: what their templates read of the values, and what their schemas demand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any
from weakref import WeakKeyDictionary

from gitops_lint.extract.template_values import Read, Readings, scan
from gitops_lint.files import Files
from gitops_lint.keypath import KeyPath, segments
from gitops_lint.merge.chart import Chart, load
from gitops_lint.model import Application, Environment, Repository, Unverified
from gitops_lint.node import Location, Map
from gitops_lint.settings import Settings
from gitops_lint.trees.protocol import UnreadableError

SCHEMA = "values.schema.json"
_TEMPLATE = re.compile(r"templates/(?!tests/).*\.(?:ya?ml|tpl|txt|json|conf|properties)")
_MOST_TEXT = 2_000_000  # bytes of templates in one chart; the largest real ones have a fifth of it
_SCANNED: WeakKeyDictionary[Files, dict[str, Readings]] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Deployed:
    """A chart and the environments of an application that deploy it.

    `reads` is what its templates read, None where they may read anything or there are none. `parts` names its sub-charts, to whom what
    stands below their names belongs; `schemas` are its own schema and theirs, by the path of the values that they are about.
    """

    folder: str
    environments: tuple[Environment, ...]
    reads: tuple[Read, ...] | None
    parts: frozenset[str]
    schemas: Mapping[KeyPath, Map]
    absent: str = ""  # a schema that the configuration names, and that cannot be had


def governed(application: Application, files: Files, settings: Settings) -> Iterator[Deployed]:
    """For each schema that the configuration names for an application, the application as if it were that of its chart."""
    for entry in _entries(settings):
        schema = _schema(files, entry["schema"])
        if schema is not None and _meant(application, entry):
            yield Deployed("", application.environments, None, frozenset(), {(): schema})


def ungoverned(repository: Repository, files: Files, settings: Settings) -> Iterator[Deployed]:
    """For each schema that the configuration names and that cannot be had, one of the applications that it is for."""
    for entry in _entries(settings):
        if _schema(files, entry["schema"]) is None:
            for application in [app for app in repository.applications if _meant(app, entry)][:1]:
                yield Deployed("", application.environments, None, frozenset(), {}, entry["schema"])


def _entries(settings: Settings) -> Sequence[Mapping[str, Any]]:
    setting = settings.rules.get("schema-violation")
    return setting.options.get("schemas", ()) if setting is not None else ()


def _meant(application: Application, entry: Mapping[str, Any]) -> bool:
    return any(fnmatchcase(application.name, pattern) for pattern in entry.get("applications", ("*",)))


def _schema(files: Files, path: str) -> Map | None:
    document = files.document(path) if path in files else None
    value = document.roots[0].value if document is not None and document.error is None and document.roots else None
    return value if isinstance(value, Map) else None


def deployed(application: Application, files: Files) -> Iterator[Deployed]:
    """Every chart of the tree that some environment of an application deploys, by folder."""
    by_chart: dict[str, list[Environment]] = {}
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


def unread(application: Application, files: Files) -> Iterator[Unverified]:
    """For each chart of the tree that an application deploys and whose templates may read anything, the first place where they do."""
    for root in sorted({env.chart for env in application.environments if env.chart}):
        unknown = _readings(files, "" if root == "." else root).unknown
        if unknown:
            (at, why), more = unknown[0], len(unknown) - 1
            rest = f", and so at {more} more place{'s' if more > 1 else ''}" if more else ""
            yield Unverified(at.path, at.line, f"which values the chart's templates read: {why}{rest}", "info")


def _readings(files: Files, folder: str) -> Readings:
    known = _SCANNED.setdefault(files.shared, {})
    paths = list(_templates(files, folder))
    files.note(paths)
    if folder not in known:
        known[folder] = scan(_texts(files.shared, paths))
    return known[folder]


def _reads(files: Files, folder: str, chart: Chart) -> tuple[Read, ...] | None:
    readings = _readings(files, folder)
    if readings.unknown or not readings.reads:
        return None
    switches = (text for d in chart.dependencies for text in d.condition.split(","))
    asked = tuple(Read(segments(text.strip()), Location(f"{folder}/Chart.yaml"), safe=True) for text in switches if text.strip())
    return (*readings.reads, *asked)


def _templates(files: Files, folder: str) -> Iterator[str]:
    """The chart's templates, and the named ones of the charts below it, which Helm lets everyone use."""
    for path in files.under(folder):
        inside = path[len(folder) + 1 :] if folder else path
        shared = inside.startswith("charts/") and inside.rpartition("/")[2].startswith("_") and "/templates/" in inside
        if shared or _TEMPLATE.fullmatch(inside):
            yield path


def _texts(files: Files, paths: Sequence[str]) -> dict[str, str]:
    """The templates by path; nothing where there is too much, or one cannot be read."""
    out: dict[str, str] = {}
    size = 0
    for path in paths:
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
