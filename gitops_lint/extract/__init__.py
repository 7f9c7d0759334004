"""The version pointers of environments and documents: everything that names something that is fetched when it is deployed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from gitops_lint.extract.images import images
from gitops_lint.extract.walk import places
from gitops_lint.model import Document, Environment, Pointer


def pointers(environment: Environment) -> Iterator[Pointer]:
    """Every pointer in the effective values of an environment, with the environment's name, stage, rank and protection."""
    for place in places(environment.values, skip=frozenset(environment.disabled)):
        for found in images(place):
            yield replace(
                found,
                application=environment.application,
                environment=environment.name,
                environments=(environment.name,),
                stage=environment.stage,
                rank=environment.rank,
                protected=environment.protected,
            )


def document_pointers(document: Document) -> Iterator[Pointer]:
    """Every pointer in a document that is no environment's values."""
    for root in document.roots:
        for place in places(root.value):
            yield from images(place)


def joined(found: Iterable[Pointer]) -> list[Pointer]:
    """One pointer for each place and text: those that several environments share name them all, and take the strictest's facts."""
    out: dict[tuple[object, ...], Pointer] = {}
    for one in found:
        same = (one.application, one.at, one.kind, one.text)
        other = out.get(same)
        if other is not None:
            strictest = max(other, one, key=lambda pointer: (pointer.protected, -1 if pointer.rank is None else pointer.rank))
            one = replace(strictest, environments=tuple(dict.fromkeys((*other.environments, *one.environments))))  # noqa: PLW2901
        out[same] = one
    return list(out.values())
