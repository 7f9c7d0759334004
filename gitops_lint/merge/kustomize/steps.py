"""What one kustomization does: its tables, generators and transformers, in kustomize's order.

Source: kustomize api/internal/target/kusttarget_configplugin.go, v5.8.1.
"""

from __future__ import annotations

from collections.abc import Callable

from gitops_lint.merge.kustomize.builtin import builtin
from gitops_lint.merge.kustomize.charts import add_chart
from gitops_lint.merge.kustomize.crds import read as read_definitions
from gitops_lint.merge.kustomize.edit import LETTERS, origin_of
from gitops_lint.merge.kustomize.fields import Fields, merged, read
from gitops_lint.merge.kustomize.generating import Reader, generate, overlaid, refuse_options
from gitops_lint.merge.kustomize.kustomization import Entry, Kustomization, string
from gitops_lint.merge.kustomize.patching import Options, Patch, apply, apply_named, apply_operations, refuse_bad_json
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
from gitops_lint.merge.kustomize.work import Use, Visit, Work, file
from gitops_lint.model import Document, Unverified
from gitops_lint.node import Map, Seq, Value

_REPEATED = ("images", "imageTags", "replicas", "labels")  # one pass over everything for each entry


def configure(visit: Visit, work: Work) -> None:
    """Add what `configurations` say to the tables, and note what changes a build in ways that are not evaluated."""
    own, custom = builtin(), Fields()
    for entry in visit.made.entries("configurations"):
        with work.noting(visit.made.path, entry.line):
            path = file(visit, string(entry.value, "configurations"))
            work.uses.append(Use(path, "patch"))
            document = visit.site.files.document(path)
            custom = merged(custom, read(document.roots[0].value if document.roots else None))
    for entry in visit.made.entries("crds"):
        with work.noting(visit.made.path, entry.line):
            path = file(visit, string(entry.value, "crds"))
            work.uses.append(Use(path, "patch"))
            document = visit.site.files.document(path)
            custom = merged(custom, read_definitions(document.roots[0].value if document.roots else None))
    with work.noting(visit.made.path, 1):
        own = merged(own, custom)
        work.fields = own if work.fields == Fields() and own is builtin() else merged(work.fields, own)
    for name in ("openapi", "validators"):
        if visit.made.get(name):
            work.faults.append(Unverified(visit.made.path, visit.made.line(name), f"`{name}` is not evaluated"))


def reader(visit: Visit, work: Work) -> Reader:
    """How generators get at files, each use noted."""

    def data(text: str) -> tuple[bytes, str]:
        path = file(visit, text)
        work.uses.append(Use(path, "data"))
        held = visit.site.data(path)
        work.weigh(len(held) // LETTERS)
        return held, path

    def env(text: str) -> Document:
        path = file(visit, text)
        work.uses.append(Use(path, "env"))
        return visit.site.env(path)

    return Reader(env, data)


def generate_all(visit: Visit, work: Work) -> None:
    """Add what the generators make; what charts are given is noted."""
    defaults = visit.made.get("generatorOptions")
    with work.noting(visit.made.path, visit.made.line("generatorOptions")):
        refuse_options(defaults)
    files = reader(visit, work)
    for field_name, kind in (("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")):
        for entry, line in visit.made.maps(field_name):
            with work.noting(visit.made.path, line):
                made = generate(kind, entry, defaults if isinstance(defaults, Map) else None, files)
                absorb(work, made._replace(configured=(visit.made.path, f"{kind}Generator", "")))
    for field_name in ("helmCharts", "helmChartInflationGenerator"):
        for entry, line in visit.made.maps(field_name):
            with work.noting(visit.made.path, line):
                name = add_chart(visit, entry, work)
                raise BuildError(f"the chart `{name}` is not rendered")


def absorb(work: Work, made: Resource) -> None:
    """Add a generated object, or merge it into the one it names. Source: `appendReplaceOrMerge`. Raises BuildError."""
    work.spend()
    resources = work.resources
    found = [index for index, resource in enumerate(resources) if resource.known_as(made.id)]
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
    _run(add_namespace, visit, work, "namespace")
    _run(add_prefix, visit, work, "nameprefix")
    _run(add_suffix, visit, work, "namesuffix")
    _run(add_labels, visit, work, "labels", "commonlabels")
    _run(add_annotations, visit, work, "commonannotations")
    _patch_json(visit, work)
    _run(set_replicas, visit, work, "replicas")
    _run(set_images, visit, work, "images", "imagetags")
    _replace(visit, work)


def _run(transformer: Callable[[list[Resource], Kustomization, Fields], None], visit: Visit, work: Work, *fields: str) -> None:
    """Run a transformer, if the kustomization has one of the fields, in lower case, that it goes by."""
    if not visit.made.fields.keys().isdisjoint(fields):
        with work.noting(visit.made.path, 1):
            transformer(work.resources, visit.made, work.fields)


def _patch(visit: Visit, work: Work) -> None:
    empty = [entry for entry in visit.made.entries("patchesStrategicMerge") if not _apply_strategic(visit, entry, work)]
    if empty and len(empty) == len(visit.made.entries("patchesStrategicMerge")) and not work.faults:
        work.faults.append(Unverified(visit.made.path, empty[0].line, "`patchesStrategicMerge` holds no patch"))
    for entry_map, line in visit.made.maps("patches"):
        with work.noting(visit.made.path, line):
            target = entry_map.get("target")
            options = entry_map.get("options")
            may = options if isinstance(options, Map) else Map()
            chosen = Options(visit.site.quoted, work.weigh, may.get("allowNameChange") is True, may.get("allowKindChange") is True)
            patch = _patch_of(visit, entry_map, work)
            work.spend(1 + len(patch.strategic))
            apply(work.resources, patch, None if target is None else selector(target), chosen)


def _apply_strategic(visit: Visit, entry: Entry, work: Work) -> int:
    """Apply the patches of one entry, and say how many there are."""
    patches: tuple[Resource, ...] = ()
    with work.noting(visit.made.path, entry.line):
        patches = _text_or_file(visit, entry, work).strategic
        for one in patches:
            apply_named(work.resources, one, Options(visit.site.quoted, work.weigh), lettering=True)
    return len(patches)


def _patch_json(visit: Visit, work: Work) -> None:
    for entry_map, line in visit.made.maps("patchesJson6902"):
        with work.noting(visit.made.path, line):
            work.spend()
            operations = _patch_of(visit, entry_map, work).operations
            if not operations:
                raise BuildError("an entry of `patchesJson6902` is no JSON patch")
            target = selector(entry_map.get("target"))
            if not target.name:
                raise BuildError("the target of an entry of `patchesJson6902` has no name")
            apply_operations(work.resources, operations, target, work.weigh, remember=False)


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
        patch = visit.site.inline_patch(string(node["patch"], "patch"), origin_of(node, "patch"))
        if patch.operations is not None:
            refuse_bad_json(text)
        return patch
    path = file(visit, path_text)
    work.uses.append(Use(path, "patch"))
    patch = visit.site.patch(path)
    if patch.operations is not None:
        refuse_bad_json("\n".join(visit.site.lines(path)))
    return patch


def _replace(visit: Visit, work: Work) -> None:
    for entry, line in visit.made.maps("replacements"):
        with work.noting(visit.made.path, line):
            targets = entry.get("targets")
            work.spend(1 + (len(targets) if isinstance(targets, Seq) else 0))
            if not entry.get("path"):
                replace(work.resources, entry, work.weigh)
                continue
            path = file(visit, string(entry["path"], "path"))
            work.uses.append(Use(path, "patch"))
            root: Value = visit.site.files.document(path).roots[0].value
            for one in root if isinstance(root, list) else [root]:
                if not isinstance(one, Map):
                    raise BuildError("is no replacement", path, 1)
                replace(work.resources, one, work.weigh)
