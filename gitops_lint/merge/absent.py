"""What an environment's declaration names and the tree does not have: files that are tolerated to be absent, and broken references."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from gitops_lint.blueprint import Blueprint
from gitops_lint.files import Files
from gitops_lint.merge.evaluated import Evaluated
from gitops_lint.merge.kustomize import references
from gitops_lint.model import Absent, Unverified
from gitops_lint.node import Location

_BUILT = ("kustomize", "flux_build")
_GONE = "does not exist"


def marked(evaluated: Evaluated, blueprint: Blueprint, files: Files) -> Evaluated:
    """The environment with what is absent, and with what could not be evaluated for that reason marked as said already."""
    found = tuple(_absent(evaluated, blueprint, files))
    if not found:
        return evaluated
    places = {(absent.at.path, posixpath.basename(absent.path)) for absent in found} if blueprint.system in _BUILT else set()
    paths = {absent.path for absent in found if not absent.optional} if blueprint.system not in _BUILT else set()
    hazy = tuple(_said(entry) if entry.path in paths or _is_gone(entry, places) else entry for entry in evaluated.hazy)
    return evaluated._replace(absent=found, hazy=hazy)


def _said(entry: Unverified) -> Unverified:
    return entry._replace(severity="absent")


def _is_gone(entry: Unverified, places: set[tuple[str, str]]) -> bool:
    named = entry.reason.partition("`")[2].partition("`")[0]
    return (entry.path, posixpath.basename(named.rstrip("/"))) in places and entry.reason.endswith(_GONE)


def _absent(evaluated: Evaluated, blueprint: Blueprint, files: Files) -> Iterator[Absent]:
    if blueprint.system in _BUILT:
        if any(entry.reason.endswith(_GONE) for entry in evaluated.hazy):
            yield from _unbuilt(blueprint.root, files)
        return
    evidence = blueprint.evidence
    for source in blueprint.sources:
        if source.value is None and source.path not in files:
            yield Absent(source.path, source.named or Location(evidence.path, evidence.line, 1, evidence.line, 1), source.optional)


def _unbuilt(folder: str, files: Files) -> Iterator[Absent]:
    """What the kustomizations of an overlay, and of all that it builds upon, refer to in vain."""
    queue = [folder]
    for here in queue:  # grows on the way
        found = references(files, here)
        queue += [entry.target for entry in found.folders if entry.target not in queue]
        for entry in found.missing:
            yield Absent(entry.target, Location(entry.path, entry.line, 1, entry.line, 1), optional=False)
