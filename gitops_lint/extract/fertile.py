"""Which parts of a tree may hold a pointer at all: most mappings have no key that could name one, and most trees are shared.

Environments are made of the same objects by the hundred. What is known of a node is remembered by its identity for as long as the one who
asks holds the trees, so that a shared subtree is looked at once, and a barren one is not walked again.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from gitops_lint.node import Map, Seq, Value

_KEYS = re.compile(r"image|tag$|version$|^(?:repo|repository|repoURL|reference|digest|sha)$", re.IGNORECASE)
_VARIABLE = re.compile(r"[A-Z0-9_]*(?:IMAGE|TAG)[A-Z0-9_]*")
_FLUX = ".toolkit.fluxcd.io/"

Fertile = Callable[[Value], bool]


def everywhere(_node: Value) -> bool:
    """For trees whose own markers say what a version is: any key may be one."""
    return True


def fertile() -> Fertile:
    """A function that tells whether a node, or anything below it, may hold a pointer. Its memory must not outlive the nodes."""
    known: dict[int, bool] = {}
    keys: dict[str, bool] = {}

    def names(node: Map) -> bool:
        for key in node:
            told = keys.get(key)
            if told is None:
                told = keys[key] = _KEYS.search(key) is not None
            if told:
                return True
        return _by_value(node)

    def tell(root: Value) -> bool:
        if not isinstance(root, Map | Seq):
            return False
        told = known.get(id(root))
        if told is not None:
            return told
        order = _below(root, known)
        for node in reversed(order):
            if id(node) not in known:
                children = node.values() if isinstance(node, Map) else node
                held = any(known.get(id(child), False) for child in children if isinstance(child, dict | list))
                known[id(node)] = held or (isinstance(node, Map) and names(node))
        return known[id(root)]

    return tell


def _below(root: Map | Seq, known: dict[int, bool]) -> list[Map | Seq]:
    """The nodes at and below a root of which nothing is known yet, each before all that are below it."""
    order: list[Map | Seq] = []
    waiting: list[Map | Seq] = [root]
    while waiting:
        node = waiting.pop()
        if id(node) not in known:
            order.append(node)
            waiting += [child for child in (node.values() if isinstance(node, Map) else node) if isinstance(child, Map | Seq)]
    return order


def _by_value(node: Map) -> bool:
    """Whether a mapping with none of the telling keys is one by what it says: a variable that holds an image, or one of Flux's objects."""
    if "value" in node and _VARIABLE.fullmatch(str(node.get("name"))):
        return True
    return "apiVersion" in node and _FLUX in str(node["apiVersion"])
