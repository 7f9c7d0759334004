"""Which sub-charts take part, under which name, and which of their values their parent imports.

Follows helm pkg/chart/v2/util/dependencies.go, v4.2.4, whose steps come before coalescing and decide what is coalesced.
"""

from __future__ import annotations

from dataclasses import replace

from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.merge.chart import Chart, Dependency
from gitops_lint.merge.coalesce import coalesce
from gitops_lint.merge.constraint import satisfies
from gitops_lint.merge.tables import Notes, under
from gitops_lint.node import Map, Seq, Value

_IMPORTED = 100_000  # values that one chart imports


def enabled(chart: Chart, values: Map, notes: Notes, path: KeyPath = ()) -> tuple[Chart, tuple[KeyPath, ...]]:
    """The chart with its sub-charts under their aliases and without the disabled ones; and where those would have been.

    A sub-chart's own conditions are looked up below its name, among the values of the whole (processDependencyEnabled).
    """
    if not chart.dependencies:
        return chart, ()
    staged = chart.once("staged", lambda _: _staged(chart), notes)
    below = coalesce(staged, values, Notes([], notes.failures))
    tags = below.get("tags")
    off = {
        dependency.name
        for dependency in staged.dependencies
        if not _switch(dependency, below, path, notes, otherwise=_tagged(dependency, tags if isinstance(tags, Map) else Map()))
    }
    charts: list[Chart] = []
    disabled: list[KeyPath] = [(*path, dependency.name) for dependency in staged.dependencies if dependency.name in off]
    for part in staged.charts:
        if part.name not in off:
            left, gone = enabled(part, below, notes, (*path, part.name))
            charts.append(left)
            disabled += gone
    wanted = tuple(dependency for dependency in staged.dependencies if dependency.name not in off)
    kept = staged.once((*charts, *sorted(off)), lambda _: replace(staged, charts=tuple(charts), dependencies=wanted), notes)
    return kept, tuple(dict.fromkeys(disabled))


def _staged(chart: Chart) -> Chart:
    renamed = tuple(replace(dependency, name=dependency.alias or dependency.name) for dependency in chart.dependencies)
    return replace(chart, charts=_arranged(chart), dependencies=renamed)


def _fits(chart: Chart, dependency: Dependency) -> bool:
    return chart.name == dependency.name and (not chart.known or satisfies(chart.version, dependency.version))


def _arranged(chart: Chart) -> tuple[Chart, ...]:
    """The charts that no dependency asks for, then one for each dependency that has one, renamed to its alias."""
    out = [part for part in chart.charts if not any(_fits(part, dependency) for dependency in chart.dependencies)]
    for dependency in chart.dependencies:
        part = next((part for part in chart.charts if _fits(part, dependency)), None)
        if part is not None:
            out.append(replace(part, name=dependency.alias or part.name))
    return tuple(out)


def _tagged(dependency: Dependency, tags: Map) -> bool:
    verdicts = [tags[tag] for tag in dependency.tags if isinstance(tags.get(tag), bool)]
    return any(verdicts) or not verdicts


def _switch(dependency: Dependency, values: Map, path: KeyPath, notes: Notes, *, otherwise: bool) -> bool:
    """The first of the condition's paths that holds a boolean; `otherwise` where none does."""
    for condition in dependency.condition.strip().split(","):
        value = _scalar(values, tuple(".".join((*path, condition)).split("."))) if condition else None
        if isinstance(value, bool):
            return value
        if value is not None:
            notes.warnings.append(f"`{dotted(tuple(condition.split('.')))}` switches `{dependency.name}` and is no boolean")
    return otherwise


def _scalar(values: Map, path: KeyPath) -> Value:
    node = _table(values, path[:-1])
    value = None if node is None else node.get(path[-1])
    return None if isinstance(value, Map) else value


def _table(values: Map, path: KeyPath) -> Map | None:
    node: Value = values
    for key in path:
        node = node.get(key) if isinstance(node, Map) else None
    return node if isinstance(node, Map) else None


def imported(chart: Chart, notes: Notes) -> Chart:
    """The chart with its sub-charts' defaults among its own, and those that it imports at their places (processImportValues).

    What is imported yields to the chart's own defaults. Where Helm lets two imports of the same place change the exporting chart's
    defaults as well, this does not.
    """
    return chart.once("imported", lambda said: _imported(chart, said), notes)


def _imported(chart: Chart, notes: Notes) -> Chart:
    chart = replace(chart, charts=tuple(imported(part, notes) for part in chart.charts))
    if not chart.dependencies:
        return chart
    quiet = Notes([], notes.failures)  # what it warns of is said again when the user's values are there
    values = coalesce(chart, Map(), quiet, keep_null=True)
    exports, spent = Map(), [0]
    for dependency in chart.dependencies:
        for wanted in dependency.imports:
            child, parent = ("exports." + wanted, ".") if isinstance(wanted, str) else wanted
            table = _table(values, (dependency.name, *child.split(".")))
            if table is not None and not _spent(table, spent):
                notes.failures.append(f"`{dotted((dependency.name, *child.split('.')))}` is too large to be imported")
            elif table is not None:
                exports = under(exports, _at(parent, table), keep_null=True, notes=quiet)
            elif any(part.known for part in chart.charts if part.name == dependency.name):
                notes.warnings.append(f"`{dotted((dependency.name, *child.split('.')))}` is imported and is no map")
    return replace(chart, values=under(values, exports, keep_null=True, notes=quiet))


def _spent(table: Map, spent: list[int]) -> bool:
    """Count the values in a table that is imported, and say whether they may all be."""
    stack: list[Value] = [table]
    while stack and spent[0] <= _IMPORTED:
        here = stack.pop()
        if isinstance(here, Map | Seq):
            spent[0] += len(here)
            stack += here.values() if isinstance(here, Map) else here
    return spent[0] <= _IMPORTED


def _at(parent: str, table: Map) -> Map:
    """`table` at a dotted path; each map on the way stands where `table` does."""
    for key in [] if parent == "." else reversed(parent.split(".")):
        outer = Map(table.path, table.at)
        outer[key] = table
        table = outer
    return table
