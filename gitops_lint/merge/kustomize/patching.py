"""The patches of a kustomization: what they say, whom they mean, and applying them.

Sources: kustomize api/internal/builtins/Patch*Transformer.go and api/resmap/reswrangler.go `ApplySmPatch`, v5.8.1.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from gitops_lint.merge.kustomize.edit import Weigh, copied, dropped, put, without
from gitops_lint.merge.kustomize.jsonpatch import applied, is_patch
from gitops_lint.merge.kustomize.lettering import lettered
from gitops_lint.merge.kustomize.loading import Lines, objects
from gitops_lint.merge.kustomize.resource import Resource, text
from gitops_lint.merge.kustomize.selecting import Selector, select
from gitops_lint.merge.kustomize.strategic import How, Quoted, patched
from gitops_lint.merge.kustomize.trouble import AbsentError, BuildError
from gitops_lint.model import Document
from gitops_lint.node import Map, Seq


class Patch(NamedTuple):
    """A text of patches: strategic ones, or operations of JSON 6902."""

    strategic: tuple[Resource, ...] = ()
    operations: Seq | None = None


class Options(NamedTuple):
    """What a strategic patch may change beyond the rest, and how to see whether a text is in quotes."""

    quoted: Quoted
    account: Weigh
    name: bool = False
    kind: bool = False


def parse(document: Document, lines: Lines) -> Patch:
    """The patches in a file or in an inline text. Raises BuildError for what is neither kind."""
    try:
        return Patch(objects(document, lines))
    except BuildError:
        root = document.roots[0].value if document.roots and document.error is None else None
        if not isinstance(root, Seq) or not is_patch(root):
            raise
        return Patch(operations=root)


def refuse_bad_json(text: str) -> None:
    """Raise BuildError for a JSON patch that begins as JSON does and goes on as YAML only: `[{op: remove}]`."""
    if text.startswith("["):
        try:
            json.loads(text)
        except ValueError:
            raise BuildError("a patch that begins with `[` has to be JSON") from None


def apply(resources: list[Resource], patch: Patch, target: Selector | None, options: Options) -> None:
    """Apply the patches of one entry of `patches`, in place. Raises BuildError."""
    if patch.operations is not None:
        if target is None:
            raise BuildError("a JSON patch needs a target")
        apply_operations(resources, patch.operations, target, options.account, remember=True)
    elif target is not None and patch.strategic:
        if len(patch.strategic) > 1:
            raise BuildError("several patches in one entry cannot have a target")
        _apply_selected(resources, patch.strategic[0], target, options)
    else:
        for one in patch.strategic:
            apply_named(resources, one, options)


def apply_operations(resources: list[Resource], operations: Seq, target: Selector, account: Weigh, *, remember: bool) -> None:
    """Apply JSON 6902 operations to all objects that are meant. Raises BuildError.

    As the objects go through JSON, every null is a written one from then on, and nothing is tied.
    """
    for index in select(resources, target):
        resource = resources[index].remembering() if remember else resources[index]
        node = applied(resource.annotated(), operations, account)
        resources[index] = resource._replace(ties=()).with_node(node)._replace(hollow=False)


def apply_named(resources: list[Resource], patch: Resource, options: Options, *, lettering: bool = False) -> None:
    """Apply a strategic patch to the one object that has, or has had, its id. Raises BuildError for none and for several.

    `lettering` is for the patches of which kustomize makes a copy first, whose labels and annotations become text, null and all.
    """
    found = [index for index, resource in enumerate(resources) if resource.known_as(patch.id)]
    if not found:
        raise AbsentError(f"no object matches the patch for {patch.id}")
    if len(found) > 1:
        raise BuildError(f"several objects match the patch for {patch.id}")
    _replace(resources, found[0], _patched(resources[found[0]], lettered(patch.node) if lettering else patch.node, options))


def _apply_selected(resources: list[Resource], patch: Resource, target: Selector, options: Options) -> None:
    meant = {resources[index].id for index in select(resources, target)}
    for index in range(len(resources) - 1, -1, -1):
        resource = resources[index]
        if resource.id in meant:
            node = copied(lettered(patch.node))
            node["apiVersion"] = resource.node.get("apiVersion")
            _replace(resources, index, _patched(resource, node, options))


def _replace(resources: list[Resource], index: int, new: Resource | None) -> None:
    if new is None:
        del resources[index]
    else:
        resources[index] = new


def _patched(resource: Resource, patch: Map, options: Options) -> Resource | None:
    if options.name or options.kind:
        resource = resource.remembering()
    patch = _without_identity(patch, resource.node)
    quoted: Quoted = (lambda _node, _key: False) if resource.generated else options.quoted
    node = patched(resource.node, patch, How(quoted, resource.hollow))
    return None if node is None else resource.with_node(_with_identity(resource.node, node, options))


def _without_identity(patch: Map, node: Map) -> Map:
    """The patch without the fields that only say whom it means: those keep the place where the object has them."""
    meta = patch.get("metadata")
    if "$patch" in patch or not isinstance(meta, Map) or "$patch" in meta:
        return patch
    out = copied(patch)
    out["metadata"] = without(meta, node["metadata"], ("name", "namespace"))
    return without(out, node, ("apiVersion", "kind"))


def _with_identity(old: Map, new: Map, options: Options) -> Map:
    """A patch changes neither the kind nor the name, unless allowed, and never the namespace."""
    out = new
    if not options.kind and new.get("kind") != old.get("kind"):
        out = copied(out)
        put(out, "kind", old["kind"], old)
    before, after = old["metadata"], out.get("metadata")
    meta = after if isinstance(after, Map) else Map(before.path, before.at)
    kept = ("namespace",) if options.name else ("name", "namespace")
    if all(text(meta.get(key)) == text(before.get(key)) for key in kept) and meta is after:
        return out
    meta = copied(meta)
    for key in kept:
        if text(before.get(key)):
            put(meta, key, before[key], before)
        else:
            meta = dropped(meta, key)
    out = copied(out)
    out["metadata"] = meta
    return out
