"""An environment's Helm values: the files of its `-f` options over the defaults of its chart, as Helm v4.2.4 sees them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from gitops_lint.blueprint import Blueprint
from gitops_lint.files import Files
from gitops_lint.keypath import KeyPath
from gitops_lint.merge.argocd import with_parameters
from gitops_lint.merge.chart import Chart, load
from gitops_lint.merge.coalesce import GLOBAL
from gitops_lint.merge.coalesce import coalesce as _coalesce
from gitops_lint.merge.dependencies import enabled, imported
from gitops_lint.merge.evaluated import Evaluated
from gitops_lint.merge.sources import found, layer_values
from gitops_lint.merge.tables import Notes, merge
from gitops_lint.model import Layer, Role, Unverified
from gitops_lint.node import Map, Seq, Value

__all__ = ["Coalesced", "coalesce", "evaluate", "explicit_null", "merge", "taken_out"]


class Coalesced(NamedTuple):
    """A chart's values with a user's over them; `chart` is what is left of it without disabled sub-charts, under their aliases."""

    values: Map
    chart: Chart
    disabled: tuple[KeyPath, ...]
    warnings: tuple[str, ...]
    failures: tuple[str, ...]  # why Helm would refuse to go on


def coalesce(chart: Chart, user: Map) -> Coalesced:
    """What `.Values` holds in a template of the chart: dependencies switched, imports made, defaults below the user's values."""
    notes = Notes([], [])
    kept, disabled = enabled(chart, user, notes)
    kept = imported(kept, notes)
    values = _coalesce(kept, user, notes)
    return Coalesced(values, kept, disabled, tuple(dict.fromkeys(notes.warnings)), tuple(dict.fromkeys(notes.failures)))


def evaluate(blueprint: Blueprint, files: Files) -> Evaluated:
    """The layers of a Helm environment and what comes of them; `hazy` holds what was found here, not what the blueprint knows.

    A source with the role of chart defaults takes the place of the chart's own values.yaml (as Flux's `valuesFiles` do); without a
    chart it is treated as if it were one. Parameters (see `sources.found`) are set on top of everything else. `root` is `.` for a chart
    at the top of the tree.
    """
    layers, parameters, hazy = found(blueprint, files)
    chart = load(files, "" if blueprint.root == "." else blueprint.root) if blueprint.root else None
    floor = [layer for layer in layers if layer.role is Role.DEFAULTS]
    user = [layer for layer in layers if layer.role is not Role.DEFAULTS]
    if floor:
        chart = replace(chart or Chart(""), values=merge(layer_values(floor)), documents=())
    over, wrong = _with_all(merge(layer_values(layer for layer in user if layer not in parameters)), parameters.values())
    where = user[-1].path if user else blueprint.root
    hazy += [Unverified(where, 1, f"a parameter cannot be set: {reason}", "error") for reason in wrong]
    if chart is None:
        return Evaluated(over, tuple(user), hazy=tuple(hazy))
    done = coalesce(chart, over)
    named = {layer.path for layer in user}
    defaults = [layer for layer in _default_layers(done.chart, ()) if layer.path not in named]
    hazy += [*chart.hazy, *(Unverified(where, 1, failure, "error") for failure in done.failures)]
    disabled = (*done.disabled, *_pushed_globals(done.chart, over, ()), *taken_out(over, done.values))
    return Evaluated(done.values, (*defaults, *floor, *user), disabled, tuple(hazy), done.warnings)


def _with_all(values: Map, lists: Iterable[Seq]) -> tuple[Map, list[str]]:
    wrong: list[str] = []
    for parameters in lists:
        values, more = with_parameters(values, parameters)
        wrong += more
    return values, wrong


def taken_out(user: Map, values: Map) -> Iterator[KeyPath]:
    """The paths that a user's null took out of a chart's values: what is there in others is absent here on purpose."""
    stack: list[tuple[KeyPath, Map, Map]] = [((), user, values)]
    while stack:
        path, over, result = stack.pop()
        for key, value in over.items():
            below = result.get(key)
            if value is None and key not in result:
                yield (*path, key)
            elif isinstance(value, Map) and isinstance(below, Map):
                stack.append(((*path, key), value, below))


def explicit_null(layers: Sequence[Layer], path: KeyPath) -> bool:
    """Whether the highest layer that says anything about `path` says null, there or above it: absent on purpose."""
    return next((value is None for layer in reversed(layers) for value in _said(layer.value, path)), False)


def _said(value: Value, path: KeyPath) -> Iterator[Value]:
    """What a layer says at `path`: the value there, or the one above it that leaves no room; nothing where it lacks the key."""
    for key in path:
        if not isinstance(value, Map):
            break
        if key not in value:
            return
        value = value[key]
    yield value


def _default_layers(chart: Chart, path: KeyPath) -> Iterator[Layer]:
    """The values.yaml of each sub-chart, the deepest first, then the chart's own, each at its place in the whole."""
    for part in chart.charts:
        yield from _default_layers(part, (*path, part.name))
    for document in chart.documents:
        value = chart.defaults
        for key in reversed(path):
            outer = Map(document.path)
            outer[key] = value
            value = outer
        yield Layer(document.path, Role.DEFAULTS, document, value, templated=document.templated)


def _pushed_globals(chart: Chart, user: Map, path: KeyPath) -> Iterator[KeyPath]:
    """Where a sub-chart's `global` only repeats its parent's: what is missing there is missing at its origin, and reported there."""
    for part in chart.charts:
        below = user.get(part.name)
        own = below if isinstance(below, Map) else Map()
        if part.known and GLOBAL not in own:
            yield (*path, part.name, GLOBAL)
        yield from _pushed_globals(part, own, (*path, part.name))
