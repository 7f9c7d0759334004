"""What each layer says of a key, whatever form it says it in: values as they are, an object or a patch of one, the values of a release."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.keypath import KeyPath
from gitops_lint.lacking import trail
from gitops_lint.model import Environment, Layer, Setting
from gitops_lint.node import Map

_VALUES = ("spec", "values")


def said(env: Environment, path: KeyPath) -> Iterator[Setting]:
    """The settings of a key in an environment's layers, from the highest to the lowest, the one that counts among them."""
    for layer in reversed(env.layers):
        for tree, below in _trees(layer, path):
            steps = list(trail(env, tree, below))
            if below and len(steps) == len(below):
                yield steps[-1]


def _trees(layer: Layer, path: KeyPath) -> Iterator[tuple[Map, KeyPath]]:
    """The trees in a layer that may say something of a key, each with where in it that would be."""
    if isinstance(layer.value, Map):
        yield layer.value, path
    if not path[0].endswith(":"):
        return
    for root in layer.document.roots:
        value = root.value
        if isinstance(value, Map) and _subject(value) == path[0]:
            yield value, path[1:]
        elif isinstance(value, Map) and "kind" not in value and path[0].startswith("HelmRelease/") and path[1:3] == _VALUES:
            yield value, path[3:]


def _subject(value: Map) -> str:
    metadata = value.get("metadata")
    return f"{value.get('kind')}/{metadata.get('name')}:" if isinstance(metadata, Map) else ""
