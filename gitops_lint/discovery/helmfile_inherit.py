"""A Helmfile release with the templates that it inherits.

Source: github.com/helmfile/helmfile pkg/state/state_exec_tmpl.go, v1.7.4: templates come in the order of `defaultInherit` and `inherit`,
the release itself last; lists are joined, and of anything else the first that says something counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gitops_lint.discovery.helmfile_state import State, listed
from gitops_lint.merge.kustomize.edit import sequence
from gitops_lint.merge.tables import edited, put, remove
from gitops_lint.node import Map, Seq, Value

_DEEPEST = 20  # templates that inherit templates


class _Entry(NamedTuple):
    template: str
    excluded: tuple[str, ...]


def whole(release: Map, state: State, trail: tuple[str, ...] = ()) -> Map:
    """The release, or template, over what it inherits; `trail` are the templates that led here."""
    out: Map | None = None
    for entry in _inherited(release, state, default=not trail):
        template = state.templates.get(entry.template)
        if not isinstance(template, Map) or entry.template in trail or len(trail) > _DEEPEST:
            continue
        above = edited(whole(template, state, (*trail, entry.template)))
        for key in entry.excluded:
            if key in above:
                remove(above, key)
        out = above if out is None else _joined(out, above)
    return release if out is None else _joined(out, release)


def _inherited(release: Map, state: State, *, default: bool) -> Iterator[_Entry]:
    entries = [
        _Entry(str(item["template"]), tuple(str(key) for key in listed(item, "except")))
        for item in listed(release, "inherit")
        if isinstance(item, Map) and isinstance(item.get("template"), str)
    ]
    named = {entry.template for entry in entries}
    yield from (_Entry(name, ()) for name in (state.inherited if default else ()) if name not in named)
    yield from entries


def _joined(first: Map, second: Map) -> Map:
    out = edited(first)
    out.path, out.at = second.path, second.at
    for key, value in second.items():
        mine: Value = first.get(key)
        if isinstance(mine, Seq) and isinstance(value, Seq):
            out[key] = sequence([(item, part, index) for part in (mine, value) for index, item in enumerate(part)], value)
        elif isinstance(mine, Map) and isinstance(value, Map):
            out[key] = _joined(mine, value)
        elif mine in (None, "", False) or mine == 0:
            put(out, key, value, second)
    return out
