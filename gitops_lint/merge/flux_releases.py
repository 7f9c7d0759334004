"""The HelmReleases among what Flux deploys: `spec.values` becomes all that Helm is given, each key with the place that set it.

Lowest are the chart's own values, or the `valuesFiles` in their place, then `valuesFrom` in order, then the inline block. A chart is known
if it is in this repository, a reference if what it names is built along with the release.
Source: source-controller internal/helm/chart/builder_local.go, v1.7.0: chart and value files are paths from the root of the source.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from gitops_lint.blueprint import Blueprint
from gitops_lint.files import Files
from gitops_lint.keypath import KeyPath
from gitops_lint.merge import flux
from gitops_lint.merge.chart import Chart, document_values, load
from gitops_lint.merge.evaluated import Evaluated
from gitops_lint.merge.flux_references import UNKNOWN, Found, found, unveiled, word
from gitops_lint.merge.helm import coalesce, taken_out
from gitops_lint.merge.kustomize.edit import copied, dropped, origin_of, put, put_new, sequence
from gitops_lint.merge.tables import merge
from gitops_lint.model import Absent, Document, Layer, Role, Unverified
from gitops_lint.node import Map, Seq, Value, item_location, key_location

FOREIGN = "foreign-source"  # the option of a blueprint that names a GitRepository of another repository
ELSEWHERE = "values-elsewhere"  # the option that names a file whose objects others deploy and releases take values from
_GROUP = "helm.toolkit.fluxcd.io/"
_NONE = Map()


@dataclass(slots=True)
class _Work:
    """What the releases of one environment are made of, and what applying them comes to."""

    objects: Map
    files: Files
    foreign: frozenset[str]
    elsewhere: Map = field(default_factory=Map)  # what others deploy, by subject
    layers: list[Layer] = field(default_factory=list)
    disabled: list[KeyPath] = field(default_factory=list)
    hazy: list[Unverified] = field(default_factory=list)
    noted: list[Unverified] = field(default_factory=list)
    absent: list[Absent] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)  # files of values that were taken for data before


def applied(evaluated: Evaluated, blueprint: Blueprint, files: Files) -> Evaluated:
    """The environment with the values of its HelmReleases in place of what leads to them.

    A key of a ConfigMap that went into a release is compared there, and counts for nothing where it stands.
    """
    releases = {s: n for s, n in evaluated.values.items() if s.startswith("HelmRelease") and word(n, "apiVersion").startswith(_GROUP)}
    if not releases:
        return evaluated
    work = _Work(evaluated.values, files, frozenset(name for option, name in blueprint.options if option == FOREIGN))
    work.elsewhere = _objects(files, (path for option, path in blueprint.options if option == ELSEWHERE))
    values = evaluated.values
    for subject, node in releases.items():
        new = _released(subject, node, work)
        if new is not node:
            values = copied(values) if values is evaluated.values else values
            values[subject] = new
    known = {layer.path for layer in evaluated.layers}
    return evaluated._replace(
        values=values,
        layers=(*(layer for layer in work.layers if layer.path not in known), *(_read(layer, work) for layer in evaluated.layers)),
        disabled=(*evaluated.disabled, *_emptied(evaluated.values, work.disabled)),
        hazy=(*evaluated.hazy, *work.hazy),
        noted=(*evaluated.noted, *work.noted),
        absent=(*evaluated.absent, *work.absent),
    )


def _read(layer: Layer, work: _Work) -> Layer:
    document = work.documents.get(layer.path)
    return layer if document is None or layer.document.roots else replace(layer, document=document)


def _emptied(objects: Map, used: list[KeyPath]) -> tuple[KeyPath, ...]:
    """What was used up: keys, and the whole of a generated object all of whose keys were."""
    keys = dict.fromkeys(used)
    wholes = [
        (subject,)
        for subject in dict.fromkeys(path[0] for path in keys)
        if "apiVersion" not in objects[subject] and all((subject, key) in keys for key in objects[subject])
    ]
    return (*keys, *wholes)


def _released(subject: str, node: Map, work: _Work) -> Map:
    spec = _inner(node, "spec")
    entries = spec.get("valuesFrom")
    refs = entries if isinstance(entries, Seq) else Seq()
    namespace = word(_inner(node, "metadata"), "namespace")
    given = [_found(entry, namespace, work) if isinstance(entry, Map) else Found() for entry in refs]
    for index, each in enumerate(given):
        work.disabled += [each.used] if each.used else []
        work.documents |= {each.document.path: each.document} if each.document is not None else {}
        if each.why:
            place = item_location(refs, index)
            work.noted.append(Unverified(place.path, place.line, each.why, "info"))
    chart = _chart(spec, work)
    if chart is None and not any(each.reference for each in given):
        return node
    inline = spec.get("values")
    user, wrong = flux.values((each.reference for each in given if each.reference), inline if isinstance(inline, Map) else None)
    at = key_location(spec, "valuesFrom")
    work.hazy += [Unverified(at.path, at.line, f"a value cannot be set at its `targetPath`: {reason}") for reason in wrong]
    settled = unveiled(user) if any(each.reference and each.reference.text == UNKNOWN for each in given) else user
    return _with_values(node, _coalesced(subject, chart, settled, work), [index for index, each in enumerate(given) if each.why])


def _found(entry: Map, namespace: str, work: _Work) -> Found:
    """An entry of `valuesFrom`, built along with the release or, if that is not so, deployed otherwise."""
    subject = f"{word(entry, 'kind')}/{word(entry, 'name')}:"
    beside = not any(name in work.objects for name in (subject, f"{word(entry, 'kind')}/{namespace}/{word(entry, 'name')}:"))
    if not beside or subject not in work.elsewhere:
        return found(entry, work.objects, namespace, work.files)
    other = found(entry, work.elsewhere, namespace, work.files)
    path = work.elsewhere[subject].path
    work.layers += [Layer(path, Role.BASE, work.files.document(path))] if all(layer.path != path for layer in work.layers) else []
    return other._replace(used=())


def _objects(files: Files, paths: Iterable[str]) -> Map:
    """The ConfigMaps and Secrets of files, by subject."""
    out = Map()
    for path in paths:
        for root in files.document(path).roots:
            name = word(_inner(root.value, "metadata"), "name")
            if isinstance(root.value, Map) and name:
                out[f"{word(root.value, 'kind')}/{name}:"] = root.value
    return out


def _with_values(node: Map, values: Value, kept: list[int]) -> Map:
    """The release with its values, and of `valuesFrom` only the entries that are not among them."""
    spec = _inner(node, "spec")
    refs = spec.get("valuesFrom")
    out = copied(spec)
    if isinstance(refs, Seq):
        left = sequence([(refs[index], refs, index) for index in kept], refs)
        put(out, "valuesFrom", left, spec)
        out = out if kept else dropped(out, "valuesFrom")
    put_new(out, "values", values, origin_of(spec, "values" if "values" in spec else "valuesFrom" if "valuesFrom" in spec else "chart"))
    new = copied(node)
    put(new, "spec", out, node)
    return new


def _coalesced(subject: str, chart: Chart | None, user: Value, work: _Work) -> Value:
    if chart is None or not isinstance(user, Map):
        return user
    done = coalesce(chart, user)
    work.disabled += [(subject, "spec", "values", *path) for path in (*done.disabled, *taken_out(user, done.values))]
    work.hazy += chart.hazy
    return done.values


def _chart(spec: Map, work: _Work) -> Chart | None:
    """The chart of a release, if it is in this repository, with its values as `valuesFiles` have them."""
    told = _inner(_inner(spec, "chart"), "spec")
    ref = _inner(spec, "chartRef")
    if word(ref, "kind") == "HelmChart":
        told = _inner(work.objects.get(f"HelmChart/{word(ref, 'name')}:"), "spec")
    source = _inner(told, "sourceRef")
    folder = _path(word(told, "chart"))
    if word(source, "kind") != "GitRepository" or word(source, "name") in work.foreign or folder is None:
        return None
    chart = load(work.files, folder)
    if chart is None:
        return None
    listed = told.get("valuesFiles")
    if isinstance(listed, Seq) and listed:
        chart = replace(chart, values=merge(_value_files(told, listed, work)), documents=())
    work.layers += [Layer(document.path, Role.DEFAULTS, document) for document in chart.documents]
    return chart


def _value_files(told: Map, listed: Seq, work: _Work) -> list[Map]:
    out = []
    for index, written in enumerate(listed):
        path = _path(written) if isinstance(written, str) else None
        if path is None or path not in work.files:
            optional = told.get("ignoreMissingValuesFiles") is True
            work.absent.append(Absent(path or str(written), item_location(listed, index), optional))
            continue
        document = work.files.document(path)
        values, why = document_values(document)
        work.hazy += [Unverified(path, document.error.line if document.error else 1, why, "error")] if why else []
        work.layers.append(Layer(path, Role.DEFAULTS, document))
        out.append(values)
    return out


def _path(written: str) -> str | None:
    """A path from the root of a source; None for one that is empty or leads out of it."""
    path = posixpath.normpath(written.lstrip("/")) if written.strip("/") else ""
    return None if path.startswith("..") or not written else "" if path == "." else path


def _inner(node: Value, key: str) -> Map:
    value = node.get(key) if isinstance(node, Map) else None
    return value if isinstance(value, Map) else _NONE
