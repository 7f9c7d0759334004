"""What an overlay says by itself where it cannot be built whole: the objects in its own files, patches without targets among them.

A base in another repository, a chart, a mistake in the kustomization: the keys that the overlay's own files set are known all the same, and
siblings can be compared by them.
"""

from __future__ import annotations

from dataclasses import replace

from gitops_lint.blueprint import Blueprint, Source
from gitops_lint.files import YAML, Files
from gitops_lint.merge import manifests
from gitops_lint.merge.evaluated import Evaluated
from gitops_lint.model import Role
from gitops_lint.node import Map

_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")


def alone(blueprint: Blueprint, files: Files) -> Evaluated:
    """The objects in the files of the overlay's folder, by subject, and its kustomization's entries."""
    folder = blueprint.root
    names = {path: path.rpartition("/")[2] for path in files.folders.get(folder, ())}
    paths = [path for path, name in names.items() if name in _NAMES or (path.endswith(YAML) and not name.startswith("."))]
    sources = tuple(Source(path, Role.SHAPE if names[path] in _NAMES else Role.OWN) for path in paths)
    return manifests.evaluate(replace(blueprint, sources=sources), files)


def completed(built: Evaluated, blueprint: Blueprint, files: Files) -> Evaluated:
    """What was built, and where something could not be, the objects of the overlay's own files that are not in it."""
    if not built.hazy:
        return built
    known = alone(blueprint, files)
    seen = {layer.path for layer in built.layers}
    values = Map(built.values.path or known.values.path, built.values.at)
    values.of = {}
    for source in (built.values, known.values):
        for subject, value in source.items():
            # a file of values that a chart is given is told as the chart's
            consumed = source is known.values and "/" not in subject and getattr(value, "path", "") in seen
            if subject not in values and subject.endswith(":") and not consumed:
                values[subject] = value
                values.of[subject] = source
    layers = built.layers + tuple(layer for layer in known.layers if layer.path not in seen)
    return built._replace(values=values, layers=layers)
