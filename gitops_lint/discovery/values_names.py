"""Values files that are told apart by their names: `values-prod.yaml`, `prod/values.yaml`, `prod.yaml` and what else people write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from gitops_lint.blueprint import Blueprint, Source
from gitops_lint.discovery.candidates import families, placed
from gitops_lint.discovery.charts import Charts
from gitops_lint.discovery.content import is_object, is_plain, top_keys
from gitops_lint.discovery.ignored import foreign
from gitops_lint.discovery.layering import shared_layers
from gitops_lint.discovery.names import ENV, names_of
from gitops_lint.discovery.naming import distinct, file_names
from gitops_lint.discovery.neighbours import lonely, neighbours
from gitops_lint.discovery.places import Place
from gitops_lint.discovery.readings import is_values
from gitops_lint.files import Files
from gitops_lint.model import Evidence, Role
from gitops_lint.settings import Settings


def find(files: Files, settings: Settings, claimed: set[str]) -> Iterator[Blueprint]:
    """The environments whose values are one plain mapping each, with the chart and the shared files below them."""
    found = [place for place in placed(files, settings, claimed) if place.name != "Chart.yaml"]
    plain = [place for place in found if is_plain(files, place.path)]
    alone = _lone_mappings(found)
    values = [place for place in plain if place.by_file or _is_values(place) or place.pattern in alone]
    charts = Charts(files)
    groups = list(_families(values, files, settings, claimed))
    roots = [_chart(family, charts, files) for family in groups]
    names = distinct([_names(family, root, charts) for family, root in zip(groups, roots, strict=True)])
    for application, root, family in zip(names, roots, groups, strict=True):
        for name, place in family.environments.items():
            chart = root or _release_chart(family, place, charts, files)
            sources = (*_below(family.pattern, place, files, chart), Source(place.path, Role.OWN))
            claimed.add(place.path)
            evidence = Evidence(f"named like `{family.pattern}`", path=place.path)
            yield Blueprint(application, name, place.reading.word, "helm", evidence, sources, place.reading.axes, chart)


class _Family(NamedTuple):
    """Sibling values files by the environment's name."""

    pattern: str
    environments: dict[str, Place]


def _families(values: list[Place], files: Files, settings: Settings, claimed: set[str]) -> Iterator[_Family]:
    """The families of siblings, each with its neighbours, and those that a single known environment and its neighbours make."""
    known = [_Family(p, {name: among[0] for name, among in envs.items()}) for p, envs in families(values, lambda place: place.pattern)]
    names, taken = names_of(settings), claimed | {place.path for place in values}
    skip = foreign(names, files)
    single = [
        _Family(place.pattern, {place.reading.name: place})
        for place in lonely(files, names, taken)
        if not skip(place.path) and is_plain(files, place.path)
    ]
    for family in sorted((*known, *single), key=lambda family: family.pattern):
        more = {place.reading.name: place for place in neighbours(family.pattern, family.environments, files, names, taken)}
        if len(family.environments) + len(more) > 1:
            taken |= {place.path for place in more.values()}
            yield _Family(family.pattern, dict(sorted({**more, **family.environments}.items())))


def _is_values(place: Place) -> bool:
    """Whether the path says that the file holds values: `<env>/shop-values.yaml`, `values/<env>/shop.yaml`."""
    return any(is_values(segment) for segment in place.pattern.split("/"))


def _lone_mappings(found: list[Place]) -> set[str]:
    """The patterns of the files that stand alone in each of their folders."""
    beside: dict[str, set[str]] = defaultdict(set)
    for place in found:
        if not place.by_file:
            beside[place.folder].add(place.pattern)
    return {pattern for patterns in beside.values() if len(patterns) == 1 for pattern in patterns}


def _chart(family: _Family, charts: Charts, files: Files) -> str:
    """The chart that a whole family is for."""
    folder, name = _static(family.pattern), family.pattern.rpartition("/")[2]
    word = name.partition(ENV)[0].strip("-_.") if ENV in name else ""
    keys = top_keys(files, next(iter(family.environments.values())).path)
    certain = any(is_values(segment) for segment in family.pattern.split("/"))
    return charts.near(folder, keys, () if word in ("", "values") else (word,), certain=certain or bool(word))


def _names(family: _Family, root: str, charts: Charts) -> tuple[str, ...]:
    """What the application may be called: as its chart beside its values, or as the chart at the top calls itself."""
    names = file_names(family.pattern, root if root.startswith(_static(family.pattern) + "/") else "")
    return (charts.name(root), *names) if root == "." and "/" not in family.pattern else names


def _release_chart(family: _Family, place: Place, charts: Charts, files: Files) -> str:
    """The chart of one release: the one named after it, or the only one that is not named after another release."""
    folder, own = _static(family.pattern), _releases(place)
    others = {word for other in family.environments.values() for word in _releases(other)}
    rest = [chart for chart in charts.inside(folder) if not any(word in chart.rpartition("/")[2] for word in others)]
    return charts.near(folder, top_keys(files, place.path), own) if own else rest[0] if len(rest) == 1 else ""


def _releases(place: Place) -> tuple[str, ...]:
    return tuple(word for axis, word in place.reading.axes if axis == "release")


def _below(pattern: str, place: Place, files: Files, chart: str) -> Iterator[Source]:
    """The shared files below one environment's own; a release with a file of its own also has what its stage gives to every release."""
    paths = shared_layers(pattern, files, chart)
    for release in _releases(place):
        common = pattern.replace(ENV, release)
        if common in files and not is_object(files, common):
            paths += [path for path in (pattern.replace(ENV, place.reading.word), common) if path in files]
    for path in paths:
        if path != place.path:
            yield Source(path, Role.COMMON)


def _static(pattern: str) -> str:
    """The folder of a pattern, up to the environment."""
    folder = pattern.rpartition("/")[0].partition(ENV)[0]
    return folder.rpartition("/")[0] if ENV in pattern.rpartition("/")[0] else folder
