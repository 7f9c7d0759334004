"""Which environments there are: what the configuration and the repository declare, then what names suggest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Protocol

from gitops_lint.blueprint import Blueprint
from gitops_lint.discovery import (
    argocd,
    argocd_alone,
    argocd_edits,
    autopilot,
    clusters,
    config,
    fleet,
    flux,
    helmfile,
    jenkinsx,
    kam,
    kustomize,
    manifest_dirs,
    site_overlays,
    sites,
    umbrella,
    values_names,
)
from gitops_lint.files import Files
from gitops_lint.model import Evidence, Unverified
from gitops_lint.settings import Settings


class Adapter(Protocol):
    """One way of declaring environments. A module that has `find` is one.

    It may have two functions more, of files and settings: `unverified` says what is declared and cannot be evaluated, and `declared`
    which folders and files are declared to be deployed, so that an environment told by its path can name what declares it.
    """

    def find(self, files: Files, settings: Settings, claimed: set[str]) -> Iterator[Blueprint]:
        """The environments that it knows of; the paths that are theirs alone are added to `claimed`, and claimed ones left alone."""


ADAPTERS: tuple[Adapter, ...] = (
    config,
    autopilot,
    kam,
    argocd,
    flux,
    fleet,
    helmfile,
    jenkinsx,
    kustomize,
    umbrella,
    values_names,
    sites,
    manifest_dirs,
    clusters,
    argocd_alone,
    site_overlays,
)


def discover(files: Files, settings: Settings) -> tuple[Blueprint, ...]:
    """Every environment of a tree, by application and name. What one adapter claims, those after it leave alone."""
    claimed: set[str] = set()
    out: list[Blueprint] = []
    for adapter in ADAPTERS:
        taken = {blueprint.application for blueprint in out}
        out += [_apart(blueprint, taken) for blueprint in adapter.find(files, settings, claimed)]
    said = _declared(files, settings)
    told = (_evident(b, said) for b in argocd_edits.completed(flux.completed(out, files), files, settings))
    return tuple(sorted(told, key=lambda b: (b.application, b.name, b.axes)))


def unverified(files: Files, settings: Settings) -> tuple[Unverified, ...]:
    """What is declared in a tree and cannot be evaluated, whichever tool it is for."""
    told: list[Callable[[Files, Settings], tuple[Unverified, ...]]] = [a.unverified for a in ADAPTERS if hasattr(a, "unverified")]
    return tuple(entry for tell in told for entry in tell(files, settings))


def _declared(files: Files, settings: Settings) -> Mapping[str, Evidence]:
    told: list[Callable[[Files, Settings], Mapping[str, Evidence]]] = [a.declared for a in ADAPTERS if hasattr(a, "declared")]
    return {path: evidence for tell in reversed(told) for path, evidence in tell(files, settings).items()}


def _evident(blueprint: Blueprint, said: Mapping[str, Evidence]) -> Blueprint:
    """The blueprint with the declaration of its folder or file as its evidence, if there is one and it was but inferred.

    That a place is deployed to does not say that it is meant to be like the others.
    """
    if blueprint.evidence.declared or not said:
        return blueprint
    path = blueprint.evidence.path
    where = [blueprint.root, path, path.rpartition("/")[0]] if blueprint.system in ("kustomize", "manifests") else [path, _chart(path)]
    evidence = next((said[each] for each in where if each in said), None)
    return blueprint if evidence is None else replace(blueprint, evidence=evidence._replace(weak=blueprint.evidence.weak))


def _chart(path: str) -> str:
    """The folder of a Chart.yaml; other files do not stand for theirs."""
    folder, _, name = path.rpartition("/")
    return folder if name == "Chart.yaml" else path


def _apart(blueprint: Blueprint, taken: set[str]) -> Blueprint:
    """The blueprint under a name that no other adapter's application has."""
    name = blueprint.application
    while name in taken:
        name = f"{name}:{blueprint.system}"
    return blueprint if name == blueprint.application else replace(blueprint, application=name)
