"""Names of objects in other objects, brought up to date once all names are final.

Sources: kustomize api/filters/nameref/nameref.go and api/internal/accumulator/namereferencetransformer.go, v5.8.1. A reference keeps
the place where it is written: only what it says has changed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from gitops_lint.merge.kustomize.edit import copied, rewrite
from gitops_lint.merge.kustomize.fields import Field, Fields, Reference
from gitops_lint.merge.kustomize.resource import Resource, text
from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.node import Map, Seq, Value, key_location

# last parts of paths that lead to a bare name: such a field changes only if the name does; others take the namespace along
_SCALARS = frozenset(("name", "secretName", "claimName", "serviceName", "serviceAccountName", "storageClassName", "priorityClassName"))


Named: TypeAlias = dict[str, list[Resource]]


class _Search(NamedTuple):
    """One field of one object, and the objects that it may name, by the names they have had."""

    referrer: Resource
    field: Field
    target: Reference
    named: Named
    everything: list[Resource]


def update(resources: list[Resource], fields: Fields) -> None:
    """Rewrite every field that names an object whose name has changed. Raises BuildError where it may name several."""
    _refuse_blank_namespaces(resources)
    changed = [resource for resource in resources if resource.previous]
    if not changed:
        return
    by_kind = _fields_by_kind(changed, fields)
    if not by_kind:
        return
    for index, resource in enumerate(resources):
        for reference, field, named in (*by_kind.get(resource.original.kind, ()), *by_kind.get("", ())):
            if field.selects(resource.original):
                resources[index] = _updated(_Search(resources[index], field, reference, named, resources))


def _refuse_blank_namespaces(resources: list[Resource]) -> None:
    """Raise BuildError for a service account whose namespace is null: api/resmap/reswrangler.go `getNamespacesForRoleBinding`."""
    for resource in resources:
        subjects = resource.node.get("subjects") if resource.id.kind == "RoleBinding" else None
        for subject in subjects if isinstance(subjects, Seq) else ():
            if isinstance(subject, Map) and subject.get("kind") == "ServiceAccount" and not isinstance(subject.get("namespace", ""), str):
                place = key_location(subject, "namespace")
                raise BuildError(f"{resource.id} has a subject with a blank namespace", place.path, place.line)


def _fields_by_kind(changed: list[Resource], fields: Fields) -> dict[str, list[tuple[Reference, Field, Named]]]:
    """The fields that may have to change, by the kind that has them."""
    kinds: dict[str, dict[int, Resource]] = {}
    for number, resource in enumerate(changed):
        for id_ in resource.previous:
            kinds.setdefault(id_.kind, {})[number] = resource
    by_kind: dict[str, list[tuple[Reference, Field, Named]]] = {}
    for reference in fields.nameReference:
        named = _named(list(kinds.get(reference.kind, {}).values()) if reference.kind else changed, reference)
        renamed = any(name != resource.id.name for name, found in named.items() for resource in found)
        for field in reference.fields if named else ():
            if renamed or field.path[-1] not in _SCALARS:
                by_kind.setdefault(field.kind, []).append((reference, field, named))
    return by_kind


def _named(changed: list[Resource], reference: Reference) -> Named:
    """The objects that a reference could name, by every name they have had."""
    out: Named = {}
    for resource in changed:
        if any(reference.selects(id_) for id_ in resource.previous):
            for name in {id_.name for id_ in resource.previous}:
                out.setdefault(name, []).append(resource)
    return out


def _updated(search: _Search) -> Resource:
    node = rewrite(search.referrer.node, search.field.path, lambda old: _value(old, search))
    return search.referrer.with_node(node) if isinstance(node, Map) else search.referrer


def _reachable(referrer: Resource, named: list[Resource]) -> list[Resource]:
    if not named or referrer.id.cluster_scoped:
        return named
    spaces = _subject_namespaces(referrer)
    mine = referrer.id.space
    return [other for other in named if other.id.cluster_scoped or other.id.space == mine or other.id.namespace in spaces]


def _subject_namespaces(referrer: Resource) -> set[str]:
    subjects = referrer.node.get("subjects") if referrer.id.kind == "RoleBinding" else None
    if not isinstance(subjects, Seq):
        return set()
    return {text(s.get("namespace")) for s in subjects if isinstance(s, Map) and "namespace" in s and s.get("kind") == "ServiceAccount"}


def _value(old: Value, search: _Search) -> Value:
    if isinstance(old, Seq):
        items = [_value(item, search) for item in old]
        if all(new is before for new, before in zip(items, old, strict=True)):
            return old
        out = Seq(old.path, old.at)
        out.extend(items)
        out.value_at, out.of = old.value_at, old.of
        return out
    if isinstance(old, Map):
        return _mapping(old, search)
    if old is None:
        return None
    candidates = _reachable(search.referrer, search.named.get(text(old), []))
    found = _choose(text(old), candidates, search, lambda one, other: one.id.name == other.id.name)
    return old if found is None or found.id.name == old else found.id.name


def _mapping(old: Map, search: _Search) -> Map:
    if "name" not in old:
        raise BuildError(f"`{'/'.join(search.field.path)}` of {search.referrer.id} has no name")
    candidates = _reachable(search.referrer, search.named.get(text(old["name"]), []))
    if "namespace" in old:
        candidates = _in_namespace(text(old["namespace"]), candidates, search)
    same: Callable[[Resource, Resource], bool] = lambda one, other: one.id[3:] == other.id[3:]  # noqa: E731  name and namespace
    found = _choose(text(old["name"]), candidates, search, same)
    if found is None or (found.id.name == old["name"] and not found.id.namespace):
        return old
    out = copied(old)
    out["name"] = found.id.name
    if found.id.namespace:
        if "namespace" not in old:
            home = found.node["metadata"]
            out.of = {**(out.of or {}), "namespace": home}
        out["namespace"] = found.id.namespace
    return out


def _in_namespace(space: str, candidates: list[Resource], search: _Search) -> list[Resource]:
    """Those that began in a namespace; the ones that are in it now only where nothing at all began there."""
    first = [c for c in candidates if c.original.space == space]
    now = [] if first else [c for c in candidates if c.id.space == space]
    return [] if now and any(c.original.space == space for c in _reachable(search.referrer, search.everything)) else first or now


def _choose(name: str, candidates: list[Resource], search: _Search, same: Callable[[Resource, Resource], bool]) -> Resource | None:
    fitting = [c for c in candidates if _role_fits(c, search) and _near(c, search.referrer)]
    if len(fitting) == 1:
        return fitting[0]
    fitting = [c for c in fitting if _same_affixes(c, search.referrer, lenient=True)]
    if len(fitting) > 1:
        fitting = [c for c in fitting if _same_affixes(c, search.referrer, lenient=False)]
    if not fitting:
        return None
    if not all(same(fitting[0], other) for other in fitting[1:]):
        raise BuildError(f"`{name}` in {search.referrer.id} may name {' or '.join(str(c.id) for c in fitting)}")
    return fitting[0]


def _role_fits(candidate: Resource, search: _Search) -> bool:
    if search.field.path[-2:] != ("roleRef", "name"):
        return True
    role = search.referrer.node.get("roleRef")
    if not isinstance(role, Map) or "apiGroup" not in role or "kind" not in role:
        return True
    group, kind = text(role["apiGroup"]), text(role["kind"])
    return any(group in ("", id_.group) and kind in ("", id_.kind) for id_ in candidate.previous)


def _near(candidate: Resource, referrer: Resource) -> bool:
    if referrer.id.cluster_scoped or candidate.id.cluster_scoped or candidate.id.kind == "ServiceAccount":
        return True
    return candidate.id.space == referrer.id.space


def _same_affixes(one: Resource, other: Resource, *, lenient: bool) -> bool:
    return all(
        (lenient and (not mine or not theirs)) or _same_end(mine, theirs)
        for mine, theirs in ((one.prefixes, other.prefixes), (one.suffixes, other.suffixes))
    )


def _same_end(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return not longer if not shorter else longer[-len(shorter) :] == shorter
