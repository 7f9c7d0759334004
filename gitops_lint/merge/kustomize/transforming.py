"""The transformers that change names, namespaces, labels, annotations, replicas and images of everything a kustomization gathers.

Sources: kustomize api/internal/builtins and api/filters, v5.8.1; one function here for one transformer there. Each changes a list of
resources in place, and raises BuildError where kustomize would stop.
"""

from __future__ import annotations

from collections.abc import Iterable

from gitops_lint.merge.kustomize.edit import Change, Origin, copied, origin_of, put, rewrite, with_items
from gitops_lint.merge.kustomize.fields import Field, Fields, merged_fields, split
from gitops_lint.merge.kustomize.images import Image, renamed
from gitops_lint.merge.kustomize.kustomization import Kustomization, string, string_map
from gitops_lint.merge.kustomize.resource import Id, Resource, Unique, text
from gitops_lint.merge.kustomize.trouble import AbsentError, BuildError
from gitops_lint.merge.kustomize.tying import tied
from gitops_lint.node import Map, Seq, Value, key_location

_NAMESPACE = ("metadata", "namespace")
_ANNOTATIONS = ("metadata", "annotations")
_BINDINGS = ("RoleBinding", "ClusterRoleBinding")
_SUBJECTS = {"defaultOnly": ("name", "default"), "allServiceAccounts": ("kind", "ServiceAccount"), "none": ("", "")}
_NEVER_RENAMED = ("CustomResourceDefinition", "Namespace")


def add_namespace(resources: list[Resource], made: Kustomization, fields: Fields) -> None:
    """Set `namespace:` in whatever is not cluster-scoped. Source: filters/namespace/namespace.go.

    `unsetOnly` and `setRoleBindingSubjects` are a NamespaceTransformer's own: a kustomization that has them is refused before.
    """
    mode = made.word("setRoleBindingSubjects") or "defaultOnly"
    if mode not in _SUBJECTS:
        raise BuildError(
            f"`setRoleBindingSubjects: {mode}` is none of {', '.join(_SUBJECTS)}", made.path, made.line("setRoleBindingSubjects")
        )
    namespace = made.word("namespace")
    if not namespace:
        return
    origin = made.origin("namespace")
    unset_only = made.get("unsetOnly") is True
    change: Change = lambda old: old if unset_only and text(old) else namespace  # noqa: E731  it is handed on
    wanted = [field for field in fields.namespace if field.path != _NAMESPACE]
    for index, resource in enumerate(resources):
        remembered = resource.remembering()
        node = remembered.node
        if not resource.id.cluster_scoped:
            node = _map(rewrite(node, _NAMESPACE, change, origin, "scalar"))
        if resource.id.kind in _BINDINGS:
            node = _with_subjects(node, _SUBJECTS[mode], change, origin)
        for field in wanted:
            if field.selects(resource.id) and not _hard_coded(field, resource.id):
                node = _map(rewrite(node, field.path, change, origin, "scalar" if field.create else ""))
        resources[index] = remembered.with_node(node)
    seen: set[Unique] = set()
    for resource in resources:
        if resource.id.unique in seen:
            raise BuildError(f"gives two objects the id {resource.id}", made.path, made.line("namespace"))
        seen.add(resource.id.unique)


def _hard_coded(field: Field, id_: Id) -> bool:
    if field.path == ("metadata", "name"):
        return (id_.group, id_.version) != ("", "v1")
    return id_.kind in _BINDINGS and field.path == ("subjects", "namespace")


def _with_subjects(node: Map, wanted: tuple[str, str], change: Change, origin: Origin) -> Map:
    """A role binding with the namespace of those of its subjects changed that have a certain value at a key; none if there is no key."""
    subjects = node.get("subjects")
    key, value = wanted
    if not key or not isinstance(subjects, Seq):
        return node
    items = [
        rewrite(item, ("namespace",), change, origin, "scalar") if isinstance(item, Map) and item.get(key) == value else item
        for item in subjects
    ]
    out = copied(node)
    out["subjects"] = with_items(subjects, items)
    return out


def add_prefix(resources: list[Resource], made: Kustomization, fields: Fields) -> None:
    """Put `namePrefix` before every name but those of namespaces, CRDs and API services."""
    prefix = made.word("namePrefix")
    if prefix:
        _rename(resources, fields.namePrefix, lambda old: prefix + text(old), made.origin("namePrefix"), (prefix, ""))


def add_suffix(resources: list[Resource], made: Kustomization, fields: Fields) -> None:
    """Put `nameSuffix` after every name but those of namespaces, CRDs and API services."""
    suffix = made.word("nameSuffix")
    if suffix:
        _rename(resources, fields.nameSuffix, lambda old: text(old) + suffix, made.origin("nameSuffix"), ("", suffix))


def _rename(resources: list[Resource], fields: Iterable[Field], change: Change, origin: Origin, affixes: tuple[str, str]) -> None:
    prefixes, suffixes = ((affix,) if affix else () for affix in affixes)
    for index, resource in enumerate(resources):
        first = resource.original
        if first.kind in _NEVER_RENAMED or (first.kind == "APIService" and first.group == "apiregistration.k8s.io"):
            continue
        out = resource
        for field in fields:
            if not field.selects(first):
                continue
            if field.path == ("metadata", "name"):
                out = out.remembering()._replace(prefixes=out.prefixes + prefixes, suffixes=out.suffixes + suffixes)
            if field.selects(out.id):
                out = out.with_node(_map(rewrite(out.node, field.path, change, origin, "scalar" if field.create else "")))
        resources[index] = out


def add_labels(resources: list[Resource], made: Kustomization, fields: Fields) -> None:
    """Add `labels` one by one, then `commonLabels`. Source: internal/target/kusttarget_configplugin.go, LabelTransformer."""
    for entry, _ in made.maps("labels"):
        known = {key.lower(): key for key in entry}
        own = entry.get(known.get("fields", known.get("fieldspecs", "")))
        specs = merged_fields(_fieldspecs(own), fields.labels)
        if entry.get(known.get("includeselectors", "")) is True:
            specs = merged_fields(specs, fields.commonLabels)
        else:
            if entry.get(known.get("includetemplates", "")) is True:
                specs = merged_fields(specs, fields.templateLabels)
            specs = merged_fields(specs, [Field(("metadata", "labels"), create=True)])
        add_pairs(resources, string_map(entry.get(known.get("pairs", "")), "pairs"), specs)
    add_pairs(resources, string_map(made.get("commonLabels"), "commonLabels"), fields.commonLabels)


def _fieldspecs(value: Value) -> list[Field]:
    items = value if isinstance(value, Seq) else []
    return [
        Field(split(text(i.get("path"))), text(i.get("kind")), text(i.get("group")), text(i.get("version")), i.get("create") is True)
        for i in items
        if isinstance(i, Map)
    ]


def add_annotations(resources: list[Resource], made: Kustomization, fields: Fields) -> None:
    """Add `commonAnnotations`."""
    add_pairs(resources, string_map(made.get("commonAnnotations"), "commonAnnotations"), fields.commonAnnotations)


def add_pairs(resources: list[Resource], pairs: Map, specs: Iterable[Field]) -> None:
    """Set every pair in the maps at the fields."""
    if not pairs:
        return
    specs = tuple(specs)
    for index, resource in enumerate(resources):
        node = resource.annotated() if any(field.path == _ANNOTATIONS for field in specs) else resource.node
        made: dict[str, list[tuple[str, ...]]] = {}
        for field in specs:
            if field.selects(resource.id):
                node = _paired(node, field, pairs, made)
        changed = resource.with_node(node)
        resources[index] = changed._replace(ties=changed.ties + tied(made)) if made else changed


def _paired(node: Map, field: Field, pairs: Map, made: dict[str, list[tuple[str, ...]]]) -> Map:
    """The object with the pairs set in the maps at a field; keys that are new there are noted with its path."""
    change: Change = lambda old: _with_pairs(old, pairs, made, field.path)  # noqa: E731  it is handed on
    return _map(rewrite(node, field.path, change, None, "map" if field.create else ""))


def _with_pairs(old: Value, pairs: Map, made: dict[str, list[tuple[str, ...]]], path: tuple[str, ...]) -> Value:
    if old is None:
        return None
    if not isinstance(old, Map):
        raise BuildError("labels or annotations stand where there is no map")
    out = copied(old)
    for key, value in pairs.items():
        if key not in old:
            made.setdefault(key, []).append(path)
        put(out, key, value or "", pairs)
    return out


def set_replicas(resources: list[Resource], made: Kustomization, fields: Fields) -> None:
    """Set `replicas` by any name that a workload has had."""
    for entry, line in made.maps("replicas"):
        name, count = string(entry.get("name"), "name", made.path, line), entry.get("count", 0)
        if not isinstance(count, int) or isinstance(count, bool):
            raise BuildError("`count` is no number", made.path, line)
        origin = origin_of(entry, "count") if "count" in entry else origin_of(entry, "name")
        found = False
        for field in fields.replicas:
            for index, resource in enumerate(resources):
                if any(id_.name == name and field.selects(id_) for id_ in resource.ids()):
                    found = True
                    node = rewrite(resource.node, field.path, lambda _old, count=count: count, origin, "scalar" if field.create else "")  # type: ignore[misc]
                    resources[index] = resource.with_node(_map(node))
        if not found:
            raise AbsentError(f"no workload `{name}` to set replicas of", made.path, line)


def set_images(resources: list[Resource], made: Kustomization, fields: Fields) -> None:
    """Rewrite images: in every list called `containers` or `initContainers`, and at the fields of `images`."""
    for entry, line in made.maps("images", "imageTags"):
        image = _image(entry, made.path, line)
        for index, resource in enumerate(resources):
            if resource.id.kind == "CustomResourceDefinition":
                continue
            node = _in_containers(resource.node, image)
            for field in fields.images:
                if field.selects(resource.id):
                    node = rewrite(node, field.path, lambda old, image=image: _renamed(old, image), image.origin)  # type: ignore[misc]
            resources[index] = resource.with_node(_map(node))


def _image(entry: Map, path: str, line: int) -> Image:
    known = {key.lower(): key for key in entry}
    for lower, key in known.items():
        if lower not in ("name", "newname", "tagsuffix", "newtag", "digest"):
            raise BuildError(f"an image has a field `{key}`, which kustomize does not know", path, key_location(entry, key).line)
    name, new, tag, digest, suffix = (
        string(entry.get(known.get(word, "")), known.get(word, word), path, line)
        for word in ("name", "newname", "newtag", "digest", "tagsuffix")
    )
    main = next((known[word] for word in ("newtag", "digest", "newname", "tagsuffix", "name") if word in known), "")
    return Image(name, new, tag, digest, suffix, origin_of(entry, main))


def _in_containers(node: Value, image: Image) -> Value:
    if isinstance(node, Map):
        out = node
        for key, value in node.items():
            if not isinstance(value, Map | Seq):
                continue
            new = _in_containers(value, image)
            if key in ("containers", "initContainers") and isinstance(new, Seq):
                items = [_in_container(item, image) for item in new]
                new = new if all(one is two for one, two in zip(items, new, strict=True)) else with_items(new, items)
            if new is not value:
                out = copied(out) if out is node else out
                out[key] = new
        return out
    if isinstance(node, Seq):
        items = [_in_containers(item, image) for item in node]
        return node if all(new is old for new, old in zip(items, node, strict=True)) else with_items(node, items)
    return node


def _in_container(item: Value, image: Image) -> Value:
    if not isinstance(item, Map) or not isinstance(item.get("image"), str):
        return item
    return rewrite(item, ("image",), lambda old: _renamed(old, image), image.origin)


def _renamed(old: Value, image: Image) -> Value:
    return renamed(old, image) if isinstance(old, str) else old


def _map(value: Value) -> Map:
    if not isinstance(value, Map):
        raise BuildError("a transformer leaves no object")
    return value
