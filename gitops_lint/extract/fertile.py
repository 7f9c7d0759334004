"""Which parts of a tree may hold a pointer at all: most mappings have no key that could name one, and most trees are shared.

Environments are made of the same objects by the hundred. What is known of a node is remembered by its identity for as long as the one who
asks holds the trees, so that a shared subtree is looked at once, and a barren one is not walked again.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from gitops_lint.node import Map, Seq, Value

_KEYS = re.compile(r"image|tag$|version$|^(?:repo|repository|repoURL|reference|digest|sha)$", re.IGNORECASE)
_VARIABLE = re.compile(r"(?=[A-Z0-9_]*\Z).*?(?:IMAGE|TAG).*")
_NODES = frozenset((Map, Seq))  # by type: the reader makes no others, and isinstance takes three times as long
_FLUX = ".toolkit.fluxcd.io/"

BARREN, BELOW, HERE = range(3)  # no pointer, none by its own keys but maybe below, maybe one by its own keys
Fertile = Callable[[Value], int]


def everywhere(_node: Value) -> int:
    """For trees whose own markers say what a version is: any key may be one."""
    return HERE


def fertile() -> Fertile:
    """A function that tells whether a node, or anything below it, may hold a pointer. Its memory must not outlive the nodes."""
    known: dict[int, int] = {}
    plain: set[str] = set()  # keys that name no pointer

    def names(node: Map) -> bool:
        if not plain.issuperset(node):
            for key in node:
                if _KEYS.search(key) is not None:
                    return True
                plain.add(key)
        return _by_value(node)

    def tell(root: Value) -> int:
        told = known.get(id(root))
        if told is not None:
            return told
        if type(root) not in _NODES:
            return BARREN
        for node, below in reversed(_below(root, known)):  # type: ignore[arg-type]  # by type
            here = type(node) is Map and names(node)
            known[id(node)] = HERE if here else BELOW if any(map(known.__getitem__, map(id, below))) else BARREN
        return known[id(root)]

    return tell


def _below(root: Map | Seq, known: dict[int, int]) -> list[tuple[Map | Seq, list[Map | Seq]]]:
    """The nodes at and below a root of which nothing is known yet, each before all that are below it, and with those right below it."""
    order: list[tuple[Map | Seq, list[Map | Seq]]] = []
    waiting: list[Map | Seq] = [root]
    while waiting:
        node = waiting.pop()
        if id(node) not in known:
            below: list[Map | Seq] = [child for child in (node.values() if type(node) is Map else node) if type(child) in _NODES]  # type: ignore[misc]  # by type
            order.append((node, below))
            waiting += below
    return order


def _by_value(node: Map) -> bool:
    """Whether a mapping with none of the telling keys is one by what it says: a variable that holds an image, or one of Flux's objects."""
    if "value" in node and _VARIABLE.fullmatch(str(node.get("name"))):
        return True
    return "apiVersion" in node and _FLUX in str(node["apiVersion"])
