"""What the kustomizations of an environment say: the overlay's own, and those below it that are this environment's as well.

`clusters/dev/00` on top of `clusters/dev/base`, or `dev/mail` below `dev`, are one environment in several files, and its siblings have the
same: what these list is compared file by file. A base that others share is nobody's own.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator

from gitops_lint.blueprint import Blueprint
from gitops_lint.merge.kustomize.edit import Origin, copied
from gitops_lint.merge.kustomize.entries import entries
from gitops_lint.merge.kustomize.site import Site, within
from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.merge.manifests import words_of
from gitops_lint.node import Map

_OWN = "kustomization"
_LISTS = frozenset(
    (
        *("resources", "bases", "components", "generators", "transformers"),
        *("patches", "patchesstrategicmerge", "patchesjson6902"),
    )
)


def chain(site: Site, blueprint: Blueprint, roots: Iterable[str]) -> Iterator[tuple[str, Map]]:
    """By subject the fields of an overlay's kustomization, and the lists of files and patches in those of `roots` that are its own.

    `kustomization:` is the overlay's own file, `kustomization/../base:` the one in that folder.
    """
    yield f"{_OWN}:", _entries(site, blueprint.root)
    for folder in sorted(set(roots) - {blueprint.root}):
        if _belongs(folder, blueprint):
            yield f"{_OWN}/{posixpath.relpath(folder, blueprint.root)}:", _lists(_entries(site, folder))


def _entries(site: Site, folder: str) -> Map:
    return entries(site.kustomization(folder), lambda text, origin: _patch_names(site, text, origin))


def _patch_names(site: Site, text: str, origin: Origin) -> list[str]:
    try:
        return [f"{patch.id.kind}/{patch.id.name}" for patch in site.inline_patch(text, origin).strategic]
    except BuildError:
        return []


def _lists(fields: Map) -> Map:
    out = copied(fields)
    for key in fields:
        if key.lower() not in _LISTS:
            del out[key]
    return out


def _belongs(folder: str, blueprint: Blueprint) -> bool:
    """Whether a folder is this environment's: in the overlay, in the folder that is named like its stage, or named so itself."""
    root = blueprint.root
    if within(folder, root) or any(within(folder, place) for place in _named(root, blueprint.stage)):
        return True
    words = words_of(blueprint)
    return any(words.search(part) for part in folder.split("/")[_common(folder, root) :])


def _named(root: str, stage: str) -> Iterator[str]:
    """The innermost folder above an overlay, or the overlay itself, that is named like its stage."""
    word = re.compile(rf"(?<![A-Za-z0-9]){re.escape(stage)}(?![A-Za-z0-9])" if stage else r"(?!)")
    parts = root.split("/")
    found = [number for number, part in enumerate(parts, 1) if word.search(part)]
    yield from ("/".join(parts[:number]) for number in found[-1:])


def _common(one: str, other: str) -> int:
    """How many folders two paths begin with together."""
    pairs = enumerate(zip(one.split("/"), other.split("/"), strict=False))
    return next((number for number, (left, right) in pairs if left != right), min(one.count("/"), other.count("/")) + 1)
