"""An overlay as an environment: its objects by subject, its own entries, the files they come from, and what could not be evaluated."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from functools import lru_cache

from gitops_lint.blueprint import Blueprint
from gitops_lint.files import Files
from gitops_lint.merge.evaluated import Evaluated
from gitops_lint.merge.kustomize.amending import amended
from gitops_lint.merge.kustomize.argocd import edited
from gitops_lint.merge.kustomize.building import build
from gitops_lint.merge.kustomize.chain import chain
from gitops_lint.merge.kustomize.edit import Origin, copied, mark, put
from gitops_lint.merge.kustomize.resource import Resource
from gitops_lint.merge.kustomize.site import Site, within
from gitops_lint.merge.kustomize.standing import completed
from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.merge.kustomize.work import OUTSIDE, Gathered, Memo, Use
from gitops_lint.model import Document, Layer, Role, Unverified
from gitops_lint.node import Map, Value


def evaluate(blueprint: Blueprint, files: Files) -> Evaluated:
    """The effective objects of the overlay in `blueprint.root`, as `kustomize build` 5.8.1 makes them, without hashes in names.

    Values are objects by subject, `Deployment/shop:`; of a generated ConfigMap or Secret only its keys, those of Secrets decoded; what
    charts are given, as `HelmChart/name:`; and `kustomization:`, what the overlay's own file says, with those that `chain` finds. Of
    two objects of one kind and name the subjects have the namespace too.
    The option ("restrictions", "none") lets files lie outside the folder of the kustomization that names them, as Flux does; without it
    such files are taken all the same, since `--load-restrictor` may be given in a place that nobody sees, and are `noted`. A source
    that has a value is what an Application of Argo CD edits before it builds.
    Nothing is raised: whatever cannot be evaluated is among `hazy`, with its place, and the rest stands.
    """
    restricted = ("restrictions", "none") not in blueprint.options
    found = _evaluated(blueprint, files, restricted=restricted)
    outside = [fault for fault in found.hazy if fault.reason.endswith(OUTSIDE)]
    if not restricted or not outside:
        return found
    notes = (fault._replace(reason=f"whether kustomize is told to look elsewhere: {fault.reason}") for fault in outside)
    return _evaluated(blueprint, files, restricted=False)._replace(noted=tuple(notes))


def _evaluated(blueprint: Blueprint, files: Files, *, restricted: bool) -> Evaluated:
    site, memo = known(files, restricted=restricted)
    folder = blueprint.root
    edits = [(source, source.value) for source in blueprint.sources if isinstance(source.value, Map)]
    try:
        for _, block in edits:
            site, memo = amended(site, memo, edited(site.kustomization(folder), block))
        built = build(site, folder, memo, hashes=False)
    except BuildError as error:
        place = error.path or blueprint.evidence.path or folder
        return completed(Evaluated(Map(place), hazy=(Unverified(place, error.line or 1, error.reason),)), blueprint, files)
    values = subjects(built.resources, site.kustomization(folder).path)
    for subject, value in built.inputs:
        put(values, subject, value, mark(subject, value, Origin(value.path, value.at, value.at)))
    for subject, own in chain(site, blueprint, built.roots):
        put(values, subject, own, mark(subject, own, Origin(own.path, own.at, own.at)))
    found = (*layers(site, folder, built), *(Layer(s.path, s.role, files.document(s.path), block, block.at) for s, block in edits))
    return completed(Evaluated(values, found, hazy=tuple(dict.fromkeys(built.faults))), blueprint, files)


@lru_cache(maxsize=4)  # a base and a head, each read either way
def known(files: Files, *, restricted: bool) -> tuple[Site, Memo]:
    """What has been learnt of a tree so far, for all who build from it."""
    return Site(files, restricted), {}


def subjects(resources: tuple[Resource, ...], path: str) -> Map:
    """Objects by subject."""
    out = Map(path)
    plain = Counter((resource.id.kind, resource.id.name) for resource in resources)
    spaced = Counter((resource.id.kind, resource.id.name, resource.id.namespace) for resource in resources)
    for resource in resources:
        group, _, kind, name, namespace, _ = resource.id
        if plain[kind, name] > 1 and namespace:
            name = f"{namespace}/{name}"
        if spaced[kind, resource.id.name, namespace] > 1 and group:
            kind = f"{kind}.{group}"
        subject = f"{kind}/{name}:"
        value = _data(resource) if resource.generated else resource.node
        put(out, subject, value, mark(subject, value, Origin(resource.node.path, resource.node.at, resource.node.at)))
    return out


def _data(resource: Resource) -> Map:
    """The keys of a generated object."""
    data, binary = resource.node.get("data"), resource.node.get("binaryData")
    out = copied(data) if isinstance(data, Map) else Map(resource.node.path, resource.node.at)
    if resource.id.kind == "Secret":
        for key, value in out.items():
            out[key] = _decoded(value)
    if isinstance(binary, Map):
        for key, value in binary.items():
            put(out, key, value, binary)
    return out


def _decoded(value: Value) -> Value:
    try:
        return base64.b64decode(str(value)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return value


def layers(site: Site, folder: str, built: Gathered) -> tuple[Layer, ...]:
    """The files that an overlay is made of, the ones that later ones change first."""
    uses = {use.path: use for use in built.uses}
    return tuple(_layer(site, use, folder) for use in uses.values())


def _layer(site: Site, use: Use, folder: str) -> Layer:
    mine = Role.SHAPE if use.kind in ("kustomization", "patch") else Role.OWN
    role = mine if within(use.path, folder) else Role.BASE
    document = _document(site, use)
    value = document.roots[0].value if len(document.roots) == 1 else None
    return Layer(use.path, role, document, value, templated=document.templated)


def _document(site: Site, use: Use) -> Document:
    """The file as kustomize takes it: what is data to it is nobody's YAML, and is known as such from here on."""
    known = site.files.documents.get(use.path)
    if known is None and use.kind in ("env", "data"):
        known = site.env(use.path) if use.kind == "env" else Document(use.path)
        site.files.documents[use.path] = known
    return known or site.files.document(use.path)
