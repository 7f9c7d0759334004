"""The generators of an ApplicationSet, and the sets of parameters that they produce (argo-cd applicationset/generators, v3.6.0-dev)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from gitops_lint.discovery.applicationset_places import as_params, chosen, clusters, folders, listed_files, requirements
from gitops_lint.discovery.templating import rendered, renderer
from gitops_lint.discovery.templating_holes import Bindings
from gitops_lint.discovery.templating_values import Known, Open, UnresolvedError, look_up
from gitops_lint.files import Files
from gitops_lint.merge.tables import overlay
from gitops_lint.model import Unverified
from gitops_lint.node import Map, Seq, Value, unpack

MOST = 2000  # sets of parameters of one ApplicationSet
_DEEPEST = 5  # Argo CD itself allows one matrix or merge within another
_EXTERNAL = {
    "scmProvider": "the repositories that a forge lists",
    "clusterDecisionResource": "a resource in the cluster",
    "plugin": "a plugin",
}


class Parameters(NamedTuple):
    """One set of parameters: where it is written, what holes of its generator turned out to be, and the template that comes with it."""

    values: dict[str, Known]
    path: str
    line: int
    bound: Bindings
    template: Map


@dataclass(slots=True)
class Scene:
    """What the generators of one ApplicationSet look at, and what they have to report."""

    files: Files
    go: bool
    unverified: list[Unverified] = field(default_factory=list)
    found_nothing: bool = False  # a git generator did
    short_lived: bool = False  # there is one environment for each merge request

    def doubt(self, node: Map, reason: str) -> None:
        """Note what cannot be evaluated, at the place of a block."""
        self.unverified.append(Unverified(node.path, unpack(node.at)[0] + 1, reason))


def expand(generators: Value, scene: Scene, params: dict[str, Known] | None = None, depth: int = 0) -> list[Parameters]:
    """Everything that a list of generators produces; `params` are there to be used in them."""
    out: list[Parameters] = []
    for item in generators if isinstance(generators, Seq) else ():
        if isinstance(item, Map):
            out += _selected(item, _produced(item, scene, params or {}, depth))
        if len(out) > MOST:
            scene.doubt(item, f"the ApplicationSet makes more than {MOST} applications")
            return out[:MOST]
    return out


def _produced(item: Map, scene: Scene, params: dict[str, Known], depth: int) -> list[Parameters]:
    kind = next((key for key in item if key not in ("selector", "template")), "")
    block = item.get(kind) if depth < _DEEPEST else None
    if kind == "pullRequest":
        scene.short_lived = True
        return []
    if kind in _EXTERNAL or not isinstance(block, Map):
        what = _EXTERNAL.get(kind, "a generator that the file leaves empty" if not kind else f"a generator `{kind}`")
        scene.doubt(item, f"the ApplicationSet depends on {what}")
        return []
    filled = rendered(block, renderer(params, go=scene.go)) if params and kind not in ("matrix", "merge") else block
    made = filled if isinstance(filled, Map) else block
    produced = {"list": _list, "git": _git, "clusters": _clusters}.get(kind)
    if produced is not None:
        out = list(produced(made, scene))
    elif kind == "matrix":
        out = _matrix(made, scene, params, depth)
    elif kind == "merge":
        out = _merge(made, scene, params, depth)
    else:
        scene.doubt(item, f"the ApplicationSet depends on a generator `{kind}`")
        return []
    template = block.get("template") if not depth else None  # one inside a matrix or a merge is ignored
    return [each._replace(template=overlay(each.template, template)) for each in out] if isinstance(template, Map) else out


def _list(block: Map, scene: Scene) -> Iterator[Parameters]:
    elements = block.get("elements")
    text = block.get("elementsYaml")
    found: list[Value] = list(elements) if isinstance(elements, Seq) else []
    if isinstance(text, str):
        if "{{" in text:
            scene.doubt(block, "`elementsYaml` depends on what only the cluster knows")
        else:
            roots = scene.files.parse(text.encode(), block.path).roots
            found += [item for root in roots for item in (root.value if isinstance(root.value, Seq) else ())]
    for item in found:
        if isinstance(item, Map):
            line = unpack(block.at if isinstance(text, str) and not isinstance(elements, Seq) else item.at)[0] + 1
            params = as_params(item)
            yield Parameters(params if scene.go else _nested(params), block.path, line, {}, Map())


def _nested(params: dict[str, Known]) -> dict[str, Known]:
    """The parameters with keys like `values.tenant` inside `values`, where those of other generators are."""
    inner: dict[str, Known] = {key.removeprefix("values."): params.pop(key) for key in list(params) if key.startswith("values.")}
    values = params.get("values")
    return {**params, "values": {**(values if isinstance(values, dict) else {}), **inner}} if inner else params


def _git(block: Map, scene: Scene) -> Iterator[Parameters]:
    prefix = str(block.get("pathParamPrefix") or "")
    found = [
        *folders(_maps(block.get("directories")), scene.files, go=scene.go, prefix=prefix),
        *listed_files(_maps(block.get("files")), scene.files, go=scene.go, prefix=prefix),
    ]
    scene.found_nothing |= not found
    line = unpack(block.at)[0] + 1
    for path, params, bound in found:
        own = path in scene.files
        yield _with_values(Parameters(params, path if own else block.path, 1 if own else line, bound, Map()), block, scene)


def _clusters(block: Map, scene: Scene) -> Iterator[Parameters]:
    line = unpack(block.at)[0] + 1
    if block.get("flatList") is True:
        scene.doubt(block, "the ApplicationSet makes one application of all clusters")
        return
    for params, path in clusters(block.get("selector"), scene.files):
        yield _with_values(Parameters(_flat_labels(params, go=scene.go), path or block.path, 1 if path else line, {}, Map()), block, scene)


def _flat_labels(params: dict[str, Known], *, go: bool) -> dict[str, Known]:
    """For plain substitution labels with dots in their names are parameters of their own."""
    if go:
        return params
    out = Open(params)
    about = params.get("metadata")
    for kind, held in about.items() if isinstance(about, dict) else ():
        out |= {f"metadata.{kind}.{key}": value for key, value in held.items()} if isinstance(held, dict) else {}
    return out


def _with_values(found: Parameters, block: Map, scene: Scene) -> Parameters:
    values = block.get("values")
    if not isinstance(values, Map):
        return found
    filled = rendered(values, renderer(found.values, go=scene.go))
    merged = type(found.values)(found.values)
    merged["values"] = as_params(filled) if isinstance(filled, Map) else {}
    return found._replace(values=merged)


def _matrix(block: Map, scene: Scene, params: dict[str, Known], depth: int) -> list[Parameters]:
    """Every pairing of what two generators produce, the second of which may use what the first has; the first wins."""
    children = _maps(block.get("generators"))
    if len(children) != 2:  # noqa: PLR2004
        scene.doubt(block, "a matrix needs two generators")
        return []
    out: list[Parameters] = []
    for first in _selected(children[0], _produced(children[0], scene, params, depth + 1)):
        second = _selected(children[1], _produced(children[1], scene, {**params, **first.values}, depth + 1))
        for other in second:
            at = other if other.path != block.path or first.path == block.path else first
            out.append(at._replace(values=_over(first.values, other.values), bound={**other.bound, **first.bound}))
        if len(out) > MOST:
            break
    return out


def _over(upper: dict[str, Known], lower: dict[str, Known]) -> dict[str, Known]:
    """Maps merged, the upper one winning; open if one of them is."""
    out = Open(lower) if isinstance(upper, Open) or isinstance(lower, Open) else dict(lower)
    for key, value in upper.items():
        below = out.get(key)
        out[key] = _over(value, below) if isinstance(value, dict) and isinstance(below, dict) else value
    return out


def _merge(block: Map, scene: Scene, params: dict[str, Known], depth: int) -> list[Parameters]:
    """What the first generator produces, changed by the others where the keys agree.

    Where the first is a cluster of which nobody knows the keys, each set of the others is one such cluster more.
    """
    listed = block.get("mergeKeys")
    keys = [str(key) for key in listed] if isinstance(listed, Seq) else []
    base, *others = [_selected(child, _produced(child, scene, params, depth + 1)) for child in _maps(block.get("generators"))] or [[]]
    out = list(base)
    unknown = [each for each in base if _values(each.values, keys) is None]
    places: dict[tuple[str, ...] | None, list[int]] = defaultdict(list)
    for number, each in enumerate(base):
        places[_values(each.values, keys)].append(number)
    for over in (each for other in others for each in other):
        wanted = _values(over.values, keys)
        fitting = places[wanted] if wanted is not None else []
        for number in fitting:
            out[number] = over._replace(values=_over(over.values, out[number].values))
        if not fitting and len(out) <= MOST:
            places[wanted] += range(len(out), len(out) + len(unknown))
            out += [over._replace(values=_over(over.values, each.values)) for each in unknown]
    return out


def _values(params: dict[str, Known], keys: list[str]) -> tuple[str, ...] | None:
    """What a set of parameters has at the merge keys, as JSON, a null for none; None where only the cluster knows."""
    try:
        return tuple(json.dumps(params[key] if key in params else look_up(params, key.split(".")), sort_keys=True) for key in keys)
    except UnresolvedError:
        return None


def _selected(item: Map, found: list[Parameters]) -> list[Parameters]:
    """What a generator's own `selector` leaves of its parameters."""
    wanted = requirements(item.get("selector"))
    return [each for each in found if chosen(wanted, _flat(each.values))] if wanted else found


def _flat(params: dict[str, Known]) -> dict[str, Known]:
    out: dict[str, Known] = Open() if isinstance(params, Open) else {}
    waiting = [("", params)]
    while waiting:
        prefix, held = waiting.pop()
        for key, value in held.items():
            if isinstance(value, dict):
                waiting.append((f"{prefix}{key}.", value))
            else:
                out[prefix + key] = value
    return out


def _maps(value: Value) -> list[Map]:
    return [item for item in value if isinstance(item, Map)] if isinstance(value, Seq) else []
