"""An environment of which everything is at hand but its values: those are computed again if somebody asks for them after all.

Another process has evaluated it, or an earlier run. Rules of the whole repository look at names, ranks and layers, which are plain data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gitops_lint.keypath import KeyPath
from gitops_lint.model import Absent, Document, Environment, Evidence, Layer, Role, Undefined, Unverified
from gitops_lint.node import Map, Value
from gitops_lint.plain import Plain, plain

_KEPT = ("application", "name", "stage", "rank", "system", "axes", "protected", "tree", "warnings", "beside", "chart")


def flat(environment: Environment) -> Plain:
    """What is kept of an environment, as marshal takes it."""
    layers = tuple((layer.path, layer.role, layer.at, layer.templated) for layer in environment.layers)
    kept = tuple(getattr(environment, name) for name in _KEPT)
    unsure = (environment.hazy, environment.noted)
    flattened: Plain = plain((kept, environment.evidence, layers, unsure, sorted(environment.words)))
    return flattened


def name(flattened: Plain) -> str:
    """The name of an environment that `flat` was given."""
    return str(flattened[0][_KEPT.index("name")])


def unknown(flattened: Plain) -> Iterator[Plain]:
    """What of it could not be evaluated, `hazy` and `noted`."""
    hazy, noted = flattened[3]
    yield from (*hazy, *noted)


def environment(flattened: Plain, again: Callable[[], Environment]) -> Environment:
    """The environment that `flat` was given; `again` evaluates it."""
    kept, evidence, layers, (hazy, noted), words = flattened
    made = object.__new__(_Environment)
    for name, value in zip(_KEPT, kept, strict=True):
        object.__setattr__(made, name, value)
    object.__setattr__(made, "evidence", Evidence(*evidence))
    object.__setattr__(made, "words", frozenset(words))
    object.__setattr__(made, "hazy", tuple(Unverified(*entry) for entry in hazy))
    object.__setattr__(made, "noted", tuple(Unverified(*entry) for entry in noted))
    object.__setattr__(made, "layers", tuple(_layer(layer, number, again) for number, layer in enumerate(layers)))
    object.__setattr__(made, "again", again)
    return made


def _layer(flattened: Plain, number: int, again: Callable[[], Environment]) -> Layer:
    path, role, at, templated = flattened
    made = object.__new__(_Layer)
    object.__setattr__(made, "path", path)
    object.__setattr__(made, "role", _ROLES[role])
    object.__setattr__(made, "at", at)
    object.__setattr__(made, "templated", templated)
    object.__setattr__(made, "again", lambda: again().layers[number])
    return made


_ROLES = {str(role): role for role in Role}


class _Layer(Layer):
    """A layer without its content."""

    __slots__ = ("again",)
    again: Callable[[], Layer]

    @property
    def document(self) -> Document:
        return self.again().document

    @property
    def value(self) -> Value:
        return self.again().value


class _Environment(Environment):
    """An environment without its values."""

    __slots__ = ("again",)
    again: Callable[[], Environment]

    @property
    def values(self) -> Map:
        return self.again().values

    @property
    def disabled(self) -> tuple[KeyPath, ...]:
        return self.again().disabled

    @property
    def undefined(self) -> tuple[Undefined, ...]:
        return self.again().undefined

    @property
    def absent(self) -> tuple[Absent, ...]:
        return self.again().absent
