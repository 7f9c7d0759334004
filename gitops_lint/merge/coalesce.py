"""A chart's defaults, and those of its sub-charts, below a user's values: Helm's coalescing, step by step.

Helm changes its tables in place, and some of them are shared between a chart and its sub-charts. Here nothing is changed, and what
such sharing does to the outcome is done on purpose (`_pulled`).
"""

from __future__ import annotations

from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.merge.chart import Chart
from gitops_lint.merge.tables import Notes, edited, put, remove, under, without_null
from gitops_lint.node import Map

GLOBAL = "global"


def coalesce(chart: Chart, user: Map, notes: Notes, *, keep_null: bool = False, prefix: KeyPath = ()) -> Map:
    """`user` over the defaults of `chart` and of the charts below it (helm coalesce.go coalesce, v4.2.4)."""
    values = _values(chart, user, notes, keep_null=keep_null, prefix=prefix)
    for part in chart.charts:
        if not part.known:
            continue
        below = values.get(part.name, Map()) if part.name in values else Map(values.path, values.at)
        if not isinstance(below, Map):
            notes.failures.append(f"`{dotted((*prefix, part.name))}` is the name of a sub-chart and has to be a map")
            continue
        pushed = _pushed(below, values, notes, (*prefix, part.name))
        done = coalesce(part, pushed, notes, keep_null=keep_null, prefix=(*prefix, part.name))
        if done is not below or part.name not in values:
            values = edited(values)
            values[part.name] = done
        values = _pulled(values, done)
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
                put(out, key, without_null(default) if isinstance(default, Map) else default, chart.values)
        elif value is None and not keep_null:
            remove(out, key)
        elif isinstance(value, Map):
            if isinstance(default, Map):
                keep = keep_null or any(part.name == key for part in chart.charts)
                floor = default if keep else without_null(default)
                out[key] = under(value, floor, keep_null=keep, notes=notes, prefix=(*prefix, key))
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


def _pulled(parent: Map, child: Map) -> Map:
    """`parent` with what `child` added to the globals of both.

    Helm hands a sub-chart a copy of each map in `global`, one level deep: maps below that are the parent's own, and what the sub-chart
    adds to them is seen by the parent and by the sub-charts that follow.
    """
    ours, theirs = parent.get(GLOBAL), child.get(GLOBAL)
    if not isinstance(ours, Map) or not isinstance(theirs, Map):
        return parent
    out = ours
    for key, value in ours.items():
        other = theirs.get(key)
        if other is value or not isinstance(value, Map) or not isinstance(other, Map):
            continue
        new = value
        for name, nested in value.items():
            if isinstance(nested, Map) and other.get(name) is not nested:
                new = edited(value) if new is value else new
                new[name] = other[name]
        if new is not value:
            out = edited(ours) if out is ours else out
            out[key] = new
    if out is ours:
        return parent
    after = edited(parent)
    after[GLOBAL] = out
    return after
