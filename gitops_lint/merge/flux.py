"""The values of a Flux HelmRelease: `valuesFrom` in order, then the inline block, and the places where that order is bent.

Follows github.com/fluxcd/pkg chartutil/values.go, v1.30.0. A reference with a `targetPath` is documented to win over everything; but the
inline block is merged again at the end, and it wins wherever the target is not inside a map of the inline block itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from gitops_lint.merge.strvals import SYNTAX, SetError, Setting, Steps, apply, parsed
from gitops_lint.merge.tables import merge, overlay
from gitops_lint.node import Map, Seq, Value

_NOWHERE = Map()
_QUOTES = ("'", '"')


class Reference(NamedTuple):
    """One entry of `valuesFrom`, resolved: `values` is the parsed text, or `text` is set at `target`.

    `origin` is the map that holds the text, `position` where it stands there; `literal` takes the text as it is.
    """

    values: Map | None = None
    target: str = ""
    text: str = ""
    literal: bool = False
    origin: Map = _NOWHERE
    position: int = 0


def values(references: Iterable[Reference], inline: Map | None) -> tuple[Map, list[str]]:
    """The user's values of a HelmRelease, and what is wrong with its targets."""
    block = inline if inline is not None else Map()
    result = Map()
    wrong: list[str] = []
    for reference in references:
        if not reference.target:
            result = merge([result, reference.values])
            continue
        before, result = result, overlay(result, block)
        try:
            for setting in _settings(reference):
                shared = _shared(before, block, setting.steps)
                result = apply(result, setting, reference.origin, reference.position)
                block = apply(block, setting, reference.origin, reference.position) if shared else block
        except SetError as error:
            wrong.append(str(error))
    return overlay(result, block), wrong


def _settings(reference: Reference) -> list[Setting]:
    text = reference.text
    if reference.literal:
        return list(parsed(f"{reference.target}={text.translate(SYNTAX)}", as_string=True))
    quoted = any(text.startswith(quote) and text.endswith(quote) for quote in _QUOTES)
    return list(parsed(f"{reference.target}={text.strip(''.join(_QUOTES)) if quoted else text}", as_string=quoted))


def _shared(before: Map, inline: Map, steps: Steps) -> bool:
    """Whether what is set at `steps` is seen in the inline block too, after that was merged over `before`.

    Maps that both have are merged into a new one; what inline alone has, and its lists, are in the result as they are. A list that has
    to grow is a new list.
    """
    ours: Value = before
    theirs: Value = inline
    shared = False
    for step, following in pairwise(steps):
        ours, theirs = _child(ours, step), _child(theirs, step)
        if not isinstance(theirs, Map | Seq) or (isinstance(theirs, Seq) and isinstance(following, int) and following >= len(theirs)):
            return shared
        shared = shared or not (isinstance(ours, Map) and isinstance(theirs, Map))
    return shared


def _child(node: Value, step: str | int) -> Value:
    if isinstance(node, Map) and isinstance(step, str):
        value: Value = node.get(step)
        return value
    if isinstance(node, Seq) and isinstance(step, int) and step < len(node):
        item: Value = node[step]
        return item
    return None
