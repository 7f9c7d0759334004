"""Environments that the configuration lists, with their layers in order."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.blueprint import Blueprint, Source
from gitops_lint.discovery.content import KUSTOMIZATIONS, is_object
from gitops_lint.discovery.names import names_of
from gitops_lint.files import Files
from gitops_lint.model import Evidence, Role, Unverified
from gitops_lint.settings import Settings


def find(files: Files, settings: Settings, claimed: set[str]) -> Iterator[Blueprint]:
    """The environments as declared, each with its layers, the lowest first.

    A layer is a file, or a folder: a chart, whose defaults lie below everything, a kustomize overlay, or all the manifests in it. What
    several environments list is theirs in common. A layer that is not in the tree makes the environment unverifiable.
    """
    names = names_of(settings)
    evidence = Evidence(f"declared in `{settings.path}`", declared=True, path=settings.path)
    for application in settings.applications:
        listed = [(name, [_plain(path) for path in layers]) for name, layers in application.environments]
        for name, layers in listed:
            shared = {path for other, theirs in listed if other != name for path in theirs}
            system, root, sources = _layers(layers, shared, files)
            hazy = tuple(
                Unverified(settings.path, 1, f"`{path}`, a layer of `{application.name}` in `{name}`, is not in the tree", "error")
                for path in layers
                if path not in files and not _under(path, files)
            )
            claimed.update(source.path for source in sources)
            stage = next((mark.word for mark in names.marks(name)), "")
            yield Blueprint(application.name, name, stage, system, evidence, sources, root=root, hazy=hazy)


def _layers(layers: list[str], shared: set[str], files: Files) -> tuple[str, str, tuple[Source, ...]]:
    """What merges some layers, the folder it starts from, and the files."""
    charts = [path for path in layers if _in(path, "Chart.yaml") in files]
    overlays = {path: file for path in layers for name in KUSTOMIZATIONS if (file := _in(path, name)) in files}
    sources = tuple(
        Source(path, Role.COMMON if layer in shared else Role.OWN)
        for layer in layers
        if layer not in charts and layer not in overlays
        for path in ([layer] if layer in files else _under(layer, files))
    )
    if overlays:
        root, file = next(iter(overlays.items()))
        return "kustomize", root, (Source(file, Role.SHAPE), *sources)
    objects = bool(sources) and not charts and all(is_object(files, source.path) for source in sources)
    return "manifests" if objects else "helm", (charts or [""])[0], sources


def _plain(path: str) -> str:
    """A path as the tree writes it."""
    return path.removeprefix("./").rstrip("/") or "."


def _under(folder: str, files: Files) -> list[str]:
    return files.under("" if folder == "." else folder)


def _in(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"
