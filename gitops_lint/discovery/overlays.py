"""Folders with a kustomization that are declared to be environments."""

from __future__ import annotations

from gitops_lint.blueprint import Blueprint, Source
from gitops_lint.discovery.names import Names
from gitops_lint.files import Files
from gitops_lint.merge.kustomize import reach
from gitops_lint.merge.kustomize.kustomization import NAMES, load
from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.model import Evidence, Role


def overlay(folder: str, identity: tuple[str, str], evidence: Evidence, names: Names, files: Files) -> Blueprint | None:
    """The environment that a folder's kustomization builds; None without one. Its stage is the one that its name names, if any.

    `identity` is the application, and the environment's name.
    """
    application, name = identity
    if not any(f"{folder}/{file}" in files for file in NAMES):
        return None
    sources = tuple(Source(path, _role(path, folder)) for path in reach(files, folder))
    stage = next((mark.word for mark in names.marks(name)), "")
    return Blueprint(application, name, stage, "kustomize", evidence, sources, root=folder)


def is_overlay(files: Files, folder: str) -> bool:
    """The folder's kustomization is one, as far as can be told, and no Component; what is broken is an environment still."""
    try:
        return not load(files, folder).component
    except BuildError as error:
        return "not a Kustomization" not in error.reason and "apiVersion" not in error.reason


def below(folder: str, files: Files) -> list[str]:
    """The names of the folders in a folder, sorted."""
    start = len(folder) + 1
    return sorted({path[start:].partition("/")[0] for path in files.under(folder) if "/" in path[start:]})


def _role(path: str, folder: str) -> Role:
    if not path.startswith(folder + "/"):
        return Role.BASE
    return Role.SHAPE if path.rpartition("/")[2] in NAMES else Role.OWN
