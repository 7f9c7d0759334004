"""A chart's defaults, and those of its sub-charts, below a user's values: Helm's coalescing, step by step.

Helm changes its tables in place, and some of them are shared between a chart and its sub-charts. Here nothing is changed, and what
such sharing does to the outcome is done on purpose (`_with_nested_globals`).
"""

from __future__ import annotations

from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.merge.chart import Chart
from gitops_lint.merge.tables import Notes, edited, put, remove, under
from gitops_lint.node import Map, Value

GLOBAL = "global"


def coalesce(chart: Chart, user: Map, notes: Notes, *, keep_null: bool = False) -> Map:
    """`user` over the defaults of `chart` and of the charts below it (helm coalesce.go coalesce, v4.2.4)."""
    return _shared(chart, _coalesced(chart, user, notes, keep_null=keep_null, prefix=()))


def _coalesced(chart: Chart, user: Map, notes: Notes, *, keep_null: bool, prefix: KeyPath) -> Map:
    values = _values(chart, user, notes, keep_null=keep_null, prefix=prefix)
    for part in chart.charts:
        if not part.known:
            continue
        below = values.get(part.name, Map()) if part.name in values else Map(values.path, values.at)
        if not isinstance(below, Map):
            notes.failures.append(f"`{dotted((*prefix, part.name))}` is the name of a sub-chart and has to be a map")
            continue
        pushed = _pushed(below, values, notes, (*prefix, part.name))
        done = _coalesced(part, pushed, notes, keep_null=keep_null, prefix=(*prefix, part.name))
        if done is not below or part.name not in values:
            values = edited(values)
            values[part.name] = done
        values = _with_nested_globals(values, done)
    return values


def _values(chart: Chart, user: Map, notes: Notes, *, keep_null: bool, prefix: KeyPath) -> Map:
    """The top of one chart, where null is treated unlike below (helm coalesce.go coalesceValues)."""
    out = edited(user)
    for key, default in chart.values.items():
        value = user.get(key)
        if key not in user:
            if keep_null:
                put(out, key, default, chart.values)
            elif default is not None:
                put(out, key, chart.floor(key), chart.values)
        elif value is None and not keep_null:
            remove(out, key)
        elif isinstance(value, Map):
            if isinstance(default, Map):
                keep = keep_null or any(part.name == key for part in chart.charts)
                floor = default if keep else chart.floor(key)
                out[key] = under(value, floor if isinstance(floor, Map) else default, keep_null=keep, notes=notes, prefix=(*prefix, key))
            elif default is not None:
                notes.warnings.append(f"`{dotted((*prefix, key))}` is a map here and none in the chart's defaults")
    return out


def _pushed(child: Map, parent: Map, notes: Notes, prefix: KeyPath) -> Map:
    """`child` with the globals of `parent`, which win (helm coalesce.go coalesceGlobals)."""
    own, theirs = child.get(GLOBAL, Map()), parent.get(GLOBAL, Map())
    if not isinstance(own, Map) or not isinstance(theirs, Map):
        notes.warnings.append(f"`{dotted((*prefix, GLOBAL))}` gets no globals: both sides have to be maps")
        return child
    out = edited(own)
    for key, value in theirs.items():
        mine = own.get(key)
        if isinstance(value, Map) and key in own:
            if isinstance(mine, Map):
                put(out, key, under(value, mine, keep_null=True, notes=notes, prefix=(*prefix, GLOBAL, key)), theirs)
            else:
                notes.warnings.append(f"`{dotted((*prefix, GLOBAL, key))}` is a map in the parent chart and none here")
        elif isinstance(mine, Map):
            notes.warnings.append(f"`{dotted((*prefix, GLOBAL, key))}` is a map here and none in the parent chart")
        else:
            put(out, key, value, theirs)
    after = edited(child)
    put(after, GLOBAL, out if own or not theirs else theirs, child if GLOBAL in child else parent)
    return after


def _shared(chart: Chart, values: Map) -> Map:
    """`values` with the maps that a chart's `global` shares with its sub-charts as the last of these left them."""
    for part in chart.charts:
        below = values.get(part.name)
        if part.known and isinstance(below, Map):
            new = _shared(part, _with_nested_globals(below, values))
            if new is not below:
                values = edited(values)
                values[part.name] = new
    return values


def _with_nested_globals(node: Map, other: Map) -> Map:
    """`node` with each map two levels below its `global` taken from `other`, where both have one.

    Helm hands a sub-chart a copy of each map in `global`, one level deep: maps below that are the parent's own, and what the sub-chart
    adds to them is seen by the parent and by all its sub-charts.
    """
    ours, theirs = node.get(GLOBAL), other.get(GLOBAL)
    if not isinstance(ours, Map) or not isinstance(theirs, Map) or ours is theirs:
        return node
    out = ours
    for key, value in ours.items():
        nested = _with_maps_of(value, theirs.get(key))
        if nested is not value:
            out = edited(ours) if out is ours else out
            out[key] = nested
    if out is ours:
        return node
    after = edited(node)
    after[GLOBAL] = out
    return after


def _with_maps_of(value: Value, other: Value) -> Value:
    if not isinstance(value, Map) or not isinstance(other, Map):
        return value
    out = value
    for key, nested in value.items():
        if isinstance(nested, Map) and isinstance(other.get(key), Map) and other[key] is not nested:
            out = edited(value) if out is value else out
            out[key] = other[key]
    return out
