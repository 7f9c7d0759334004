"""What a Flux Kustomization deploys: its folder as kustomize builds it, with the edits of the object's own spec made on top.

Follows github.com/fluxcd/pkg kustomize/kustomize_generator.go: the edits are appended to the folder's kustomization in memory; a folder
without one gets one that lists its YAML files, folders that have their own taken as such; files may lie outside of the folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from weakref import WeakKeyDictionary

from gitops_lint.blueprint import Blueprint
from gitops_lint.files import Files
from gitops_lint.merge.evaluated import Evaluated
from gitops_lint.merge.kustomize.amending import amended
from gitops_lint.merge.kustomize.building import build
from gitops_lint.merge.kustomize.edit import Origin, copied, mark, put, put_new, sequence
from gitops_lint.merge.kustomize.evaluating import known, layers, subjects
from gitops_lint.merge.kustomize.kustomization import NAMES, Kustomization, find, load
from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.model import Document, Layer, Role, Unverified
from gitops_lint.node import Map, Seq

_LISTS = ("patches", "patchesStrategicMerge", "patchesJson6902", "images", "components")
_WORDS = {"targetNamespace": "namespace", "namePrefix": "namePrefix", "nameSuffix": "nameSuffix"}
_YAML = (".yaml", ".yml")


_known: WeakKeyDictionary[Files, dict[str, Evaluated]] = WeakKeyDictionary()  # folders that were built with nothing added


def evaluate(blueprint: Blueprint, files: Files) -> Evaluated:
    """The objects of the folder in `blueprint.root`; the last source holds the spec of the Flux Kustomization, whose edits are made.

    Nothing is raised: whatever cannot be evaluated is among `hazy`, with its place, and the rest stands.
    """
    source = blueprint.sources[-1]
    spec = source.value if isinstance(source.value, Map) else Map(source.path)
    done = built(files, blueprint.root, spec)
    below = [replace(layer, role=Role.BASE) for layer in done.layers if layer.path != source.path]
    return done._replace(layers=(*below, Layer(source.path, Role.INLINE, files.document(source.path), spec, spec.at)))


def built(files: Files, folder: str, spec: Map) -> Evaluated:
    """The objects of a folder by subject, as a Flux Kustomization with this `spec` builds it, its variables not yet filled in."""
    if any(spec.get(key) for key in (*_LISTS, *_WORDS)):
        return _build(files, folder, spec)
    plain = _known.setdefault(files, {})
    if folder not in plain:
        plain[folder] = _build(files, folder, Map())
    return plain[folder]


def _build(files: Files, folder: str, spec: Map) -> Evaluated:
    site, memo = known(files, restricted=False)
    try:
        generated = not find(site.files, folder)
        made = _generated(site.files, folder) if generated else load(site.files, folder)
        edited = _edited(made, spec)
        if generated or edited is not made:
            site, memo = amended(site, memo, edited)
        gathered = build(site, folder, memo, hashes=False)
    except BuildError as error:
        place = error.path or spec.path or folder
        return Evaluated(Map(place), hazy=(Unverified(place, error.line or 1, error.reason),))
    found = [layer for layer in layers(site, folder, gathered) if layer.path in site.files]
    return Evaluated(subjects(gathered.resources, made.path), tuple(found), hazy=tuple(dict.fromkeys(gathered.faults)))


def _edited(made: Kustomization, spec: Map) -> Kustomization:
    """The kustomization with the edits of a spec appended; itself if there are none."""
    root = made.root
    for key in _LISTS:
        more = spec.get(key)
        if isinstance(more, Seq) and more:
            root = copied(root) if root is made.root else root
            old = made.get(key)
            both = [(value, seq, index) for seq in (old, more) if isinstance(seq, Seq) for index, value in enumerate(seq)]
            put(root, made.fields.get(key.lower(), key), sequence(both, more), spec)
    for key, theirs in _WORDS.items():
        if isinstance(spec.get(key), str):
            root = copied(root) if root is made.root else root
            put_new(root, made.fields.get(theirs.lower(), theirs), spec[key], Origin(spec.path, spec.at, spec.at))
    return made if root is made.root else made._replace(root=root, fields={key.lower(): key for key in root})


def _generated(files: Files, folder: str) -> Kustomization:
    """The kustomization that Flux writes for a folder that has none. Raises BuildError where there is nothing to list."""
    names = list(resources(files, folder))
    if not names:
        raise BuildError(f"`{folder or '.'}` holds nothing that could be deployed", folder)
    path = f"{folder}/{names[0]}" if folder else names[0]
    root = Map(path)
    listed = Seq(path)
    listed.extend(names)
    listed.value_at = [0] * len(names)
    root["resources"] = listed
    root.of = {"resources": mark("resources", listed, Origin(path, 0, 0))}
    return Kustomization(path, folder, root, {"resources": "resources"}, Document(path))


def resources(files: Files, folder: str) -> Iterator[str]:
    """The entries of a generated kustomization, relative to its folder: YAML files, and folders that have a kustomization of their own."""
    prefix = folder + "/" if folder else ""
    own = {path.rpartition("/")[0] for path in files.under(folder) if path.rpartition("/")[2] in NAMES}
    taken: set[str] = set()
    for path in files.under(folder):
        parts = path.removeprefix(prefix).split("/")
        below = (prefix + "/".join(parts[:depth]) for depth in range(1, len(parts)))
        inner = next((place for place in below if place in own), None)
        if inner is None:
            if path.endswith(_YAML) and not any(part.startswith(".") for part in parts):
                yield "/".join(parts)
        elif inner not in taken:
            taken.add(inner)
            yield inner.removeprefix(prefix)
