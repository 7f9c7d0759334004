"""`vars`: values of objects put into `$(NAME)` in others, after everything else.

Sources: kustomize api/internal/accumulator/resaccumulator.go and api/filters/refvar, v5.8.1.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from gitops_lint.merge.kustomize.edit import Weigh, rewrite, weigh, with_items
from gitops_lint.merge.kustomize.fields import Field
from gitops_lint.merge.kustomize.kustomization import string
from gitops_lint.merge.kustomize.replacing import lookup
from gitops_lint.merge.kustomize.resource import Id, Resource, make_id, text
from gitops_lint.merge.kustomize.splitting import split
from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.node import Map, Value

_REFERENCE = re.compile(r"\$(?:(\$)|\(([^)]*)(?:\)|(\Z)))")  # one that never ends takes the rest
_REFERENCE_FIELDS = ("apiVersion", "group", "version", "kind", "name", "namespace")
_INDEXED = re.compile(r"(?<=[^\[\]])\[(\d+)\]")


class Variable(NamedTuple):
    """A name, the object and the path that its value is at, and where it is declared."""

    name: str
    id: Id
    path: str
    file: str
    line: int


def declared(entry: Map, file: str, line: int) -> Variable:
    """A variable out of an entry of `vars`. Raises BuildError."""
    known = {key.lower(): value for key, value in entry.items()}
    reference, field = known.get("objref"), known.get("fieldref")
    if not isinstance(reference, Map):
        raise BuildError("a variable has no `objref`")
    api_version, group, version, kind, name, space = (string(reference.get(key), key) for key in _REFERENCE_FIELDS)
    id_ = make_id(api_version or (f"{group}/{version}" if group else version), kind, name, space)
    path = text(next((value for key, value in field.items() if key.lower() == "fieldpath"), "")) if isinstance(field, Map) else ""
    return Variable(string(entry.get("name"), "name"), id_, path or "metadata.name", file, line)


def bind(resources: list[Resource], variable: Variable) -> None:
    """Note a variable at the object that it reads, if that is there yet, in place. Raises BuildError for several."""
    exact = bool(variable.id.namespace) or variable.id.cluster_scoped
    found = [
        index
        for index, resource in enumerate(resources)
        if any(id_.unique == variable.id.unique if exact else id_[:4] == variable.id[:4] for id_ in resource.ids())
    ]
    if len(found) > 1:
        raise BuildError(f"`{variable.name}` may mean several objects")
    for index in found:
        resources[index] = resources[index]._replace(variables=(*resources[index].variables, variable.name))


class _Values(NamedTuple):
    """What variables stand for, and who is told of all that is copied."""

    known: dict[str, Value]
    account: Weigh


def resolve(resources: list[Resource], variables: list[Variable], fields: tuple[Field, ...], account: Weigh) -> None:
    """Put the values of all variables into the fields that may refer to them, in place; `account` is told of what is copied.

    Raises BuildError for a variable without a value.
    """
    values = _Values({variable.name: _read(resources, variable) for variable in variables}, account)
    for index, resource in enumerate(resources):
        node: Value = resource.node
        for field in fields:
            if field.selects(resource.id):
                node = rewrite(node, field.path, lambda old: _expanded(old, values))
        if isinstance(node, Map):
            resources[index] = resource.with_node(node)


def _read(resources: list[Resource], variable: Variable) -> Value:
    for resource in resources:
        if variable.name in resource.variables:
            found = lookup(resource.node, split(_INDEXED.sub(r".\1", variable.path)))
            if found is not None:
                return found.value
    raise BuildError(f"the variable `{variable.name}` has no value: {variable.id} has no `{variable.path}`", variable.file, variable.line)


def _expanded(old: Value, values: _Values) -> Value:
    if isinstance(old, Map):
        return rewrite_values(old, values)
    if isinstance(old, list):
        items = [_expanded(item, values) for item in old]
        return old if items == old else with_items(old, items)
    if not isinstance(old, str) or "$" not in old:
        return old
    whole = _REFERENCE.fullmatch(old)
    if whole is not None and whole[2] is not None and whole[3] is None and not isinstance(values.known.get(whole[2]), dict | list):
        return values.known.get(whole[2], old)
    return _REFERENCE.sub(lambda found: _referred(found, values), old)


def _referred(found: re.Match[str], values: _Values) -> str:
    """What stands for a reference, or for `$$`; of a reference without an end only the dollars are looked at."""
    if found[1]:
        return "$"
    if found[3] is not None:
        return found[0].replace("$$", "$")
    return text(weigh(values.known.get(found[2], found[0]), values.account))


def rewrite_values(node: Map, values: _Values) -> Map:
    """A map with the references in its own values resolved."""
    out: Value = node
    for key, value in node.items():
        if isinstance(value, str):
            out = rewrite(out, (key,), lambda old: _expanded(old, values))
    return out if isinstance(out, Map) else node
