"""What one kustomization does: its tables, generators and transformers, in kustomize's order.

Source: kustomize api/internal/target/kusttarget_configplugin.go, v5.8.1.
"""

from __future__ import annotations

from collections.abc import Callable

from gitops_lint.merge.kustomize.builtin import builtin
from gitops_lint.merge.kustomize.charts import add_chart, add_generators
from gitops_lint.merge.kustomize.edit import origin_of
from gitops_lint.merge.kustomize.fields import Fields, merged, read
from gitops_lint.merge.kustomize.generating import Reader, generate, overlaid
from gitops_lint.merge.kustomize.kustomization import Entry, Kustomization, string
from gitops_lint.merge.kustomize.patching import Options, Patch, apply, apply_named, apply_operations
from gitops_lint.merge.kustomize.replacing import replace
from gitops_lint.merge.kustomize.resource import Resource
from gitops_lint.merge.kustomize.selecting import selector
from gitops_lint.merge.kustomize.transforming import (
    add_annotations,
    add_labels,
    add_namespace,
    add_prefix,
    add_suffix,
    set_images,
    set_replicas,
)
from gitops_lint.merge.kustomize.trouble import AbsentError, BuildError
from gitops_lint.merge.kustomize.work import Use, Visit, Work, file, local
from gitops_lint.model import Document, Unverified
from gitops_lint.node import Map, Seq, Value

_REPEATED = ("images", "imageTags", "replicas", "labels")  # one pass over everything for each entry


def configure(visit: Visit, work: Work) -> None:
    """Add what `configurations` say to the tables, and note what changes a build in ways that are not evaluated."""
    own = builtin()
    for entry in visit.made.entries("configurations"):
        with work.noting(visit.made.path, entry.line):
            path = file(visit, string(entry.value, "configurations"))
            work.uses.append(Use(path, "patch"))
            document = visit.site.files.document(path)
            own = merged(own, read(document.roots[0].value if document.roots else None))
    with work.noting(visit.made.path, 1):
        work.fields = own if work.fields == Fields() else merged(work.fields, own)
    for name in ("crds", "openapi", "buildMetadata", "validators"):
        if visit.made.get(name):
            work.faults.append(Unverified(visit.made.path, visit.made.line(name), f"`{name}` is not evaluated"))


def generate_all(visit: Visit, work: Work) -> None:
    """Add what the generators make; charts and generators from outside are noted."""
    defaults = visit.made.get("generatorOptions")

    def data(text: str) -> tuple[bytes, str]:
        path = file(visit, text)
        work.uses.append(Use(path, "data"))
        return visit.site.data(path), path

    def env(text: str) -> Document:
        path = file(visit, text)
        work.uses.append(Use(path, "env"))
        return visit.site.env(path)

    reader = Reader(env, data)
    for field_name, kind in (("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")):
        for entry, line in visit.made.maps(field_name):
            with work.noting(visit.made.path, line):
                absorb(work, generate(kind, entry, defaults if isinstance(defaults, Map) else None, reader))
    for field_name in ("helmCharts", "helmChartInflationGenerator"):
        for entry, line in visit.made.maps(field_name):
            with work.noting(visit.made.path, line):
                name = add_chart(visit, entry, work)
                raise BuildError(f"the chart `{name}` is not rendered")
    _external(visit, work, "generators")


def _external(visit: Visit, work: Work, name: str) -> None:
    for entry in visit.made.entries(name):
        with work.noting(visit.made.path, entry.line):
            text = string(entry.value, name)
            if "\n" in text:
                raise BuildError(f"an inline entry of `{name}` is not run")
            path = local(visit, text)
            if path in visit.site.files:
                work.uses.append(Use(path, "patch"))
                add_generators(visit, path, work)
            raise BuildError(f"`{text}` under `{name}` is not run")


def absorb(work: Work, made: Resource) -> None:
    """Add a generated object, or merge it into the one it names. Source: `appendReplaceOrMerge`. Raises BuildError."""
    work.spend()
    wanted = made.id.unique
    resources = work.resources
    found = [index for index, resource in enumerate(resources) if any(id_.unique == wanted for id_ in resource.ids())]
    if not found:
        if made.behavior in ("merge", "replace"):
            raise AbsentError(f"there is no {made.id} to {made.behavior}")
        work.append([made])
        return
    if len(found) > 1:
        raise BuildError(f"{made.id} may mean several objects")
    if made.behavior not in ("merge", "replace"):
        raise BuildError(f"{made.id} exists already")
    resources[found[0]] = overlaid(resources[found[0]], made)


def transform(visit: Visit, work: Work) -> None:
    """Run all transformers over what is there."""
    with work.noting(visit.made.path, 1):
        work.spend(sum(len(visit.made.entries(name)) for name in _REPEATED))
    _patch(visit, work)
    for transformer in (
        add_namespace,
        add_prefix,
        add_suffix,
        add_labels,
        add_annotations,
    ):
        _run(transformer, visit, work)
    _patch_json(visit, work)
    _run(set_replicas, visit, work)
    _run(set_images, visit, work)
    _replace(visit, work)
    _external(visit, work, "transformers")


def _run(transformer: Callable[[list[Resource], Kustomization, Fields], None], visit: Visit, work: Work) -> None:
    with work.noting(visit.made.path, 1):
        transformer(work.resources, visit.made, work.fields)


def _patch(visit: Visit, work: Work) -> None:
    for entry in visit.made.entries("patchesStrategicMerge"):
        with work.noting(visit.made.path, entry.line):
            for one in _text_or_file(visit, entry, work).strategic:
                apply_named(work.resources, one, Options(visit.site.quoted), lettering=True)
    for entry_map, line in visit.made.maps("patches"):
        with work.noting(visit.made.path, line):
            target = entry_map.get("target")
            options = entry_map.get("options")
            may = options if isinstance(options, Map) else Map()
            chosen = Options(visit.site.quoted, may.get("allowNameChange") is True, may.get("allowKindChange") is True)
            patch = _patch_of(visit, entry_map, work)
            work.spend(1 + len(patch.strategic))
            apply(work.resources, patch, None if target is None else selector(target), chosen)


def _patch_json(visit: Visit, work: Work) -> None:
    for entry_map, line in visit.made.maps("patchesJson6902"):
        with work.noting(visit.made.path, line):
            work.spend()
            operations = _patch_of(visit, entry_map, work).operations
            if operations is None:
                raise BuildError("an entry of `patchesJson6902` is no JSON patch")
            apply_operations(work.resources, operations, selector(entry_map.get("target")), remember=False)


def _text_or_file(visit: Visit, entry: Entry, work: Work) -> Patch:
    text = string(entry.value, "patchesStrategicMerge")
    if "\n" in text or text.lstrip().startswith("{"):
        return visit.site.inline_patch(text, entry.origin)
    path = file(visit, text)
    work.uses.append(Use(path, "patch"))
    return visit.site.patch(path)


def _patch_of(visit: Visit, node: Map, work: Work) -> Patch:
    text, path_text = string(node.get("patch"), "patch").strip(), string(node.get("path"), "path")
    if bool(text) == bool(path_text):
        raise BuildError("a patch needs one of `patch` and `path`")
    if text:
        return visit.site.inline_patch(string(node["patch"], "patch"), origin_of(node, "patch"))
    path = file(visit, path_text)
    work.uses.append(Use(path, "patch"))
    return visit.site.patch(path)


def _replace(visit: Visit, work: Work) -> None:
    for entry, line in visit.made.maps("replacements"):
        with work.noting(visit.made.path, line):
            targets = entry.get("targets")
            work.spend(1 + (len(targets) if isinstance(targets, Seq) else 0))
            if not entry.get("path"):
                replace(work.resources, entry)
                continue
            path = file(visit, string(entry["path"], "path"))
            work.uses.append(Use(path, "patch"))
            root: Value = visit.site.files.document(path).roots[0].value
            for one in root if isinstance(root, list) else [root]:
                if not isinstance(one, Map):
                    raise BuildError("is no replacement", path, 1)
                replace(work.resources, one)
