"""Flux Kustomizations: folders that several clusters deploy, each with variables and patches of its own, and who deploys the others.

A folder whose path names an environment is left to those who read paths; it is said here what declares it, and what its variables are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from gitops_lint.blueprint import Blueprint, Source, Substitution
from gitops_lint.discovery.flux_graph import Deployed, graph, read_by
from gitops_lint.discovery.flux_values import elsewhere
from gitops_lint.discovery.ignored import foreign
from gitops_lint.discovery.names import Mark, Names, names_of
from gitops_lint.discovery.naming import distinct, folder_names
from gitops_lint.files import Files
from gitops_lint.merge.flux_releases import ELSEWHERE, FOREIGN
from gitops_lint.model import Evidence, Role, Unverified
from gitops_lint.node import Map, Opaque
from gitops_lint.settings import Settings


class _Label(NamedTuple):
    """What an environment is called, the word in it that is a stage, and the rest."""

    name: str
    stage: str
    axes: tuple[tuple[str, str], ...] = ()


def find(files: Files, settings: Settings, claimed: set[str]) -> Iterator[Blueprint]:
    """The folders that no path tells the environment of, one environment for each cluster that deploys them."""
    names = names_of(settings)
    families = _families(files, names, claimed)
    applications = distinct([_names(folder, name) for folder, name in families])
    for application, family in zip(applications, families.values(), strict=True):
        for label, each in sorted(family.items()):
            below = tuple(Source(path, Role.BASE) for path in read_by(files, each.folder) if path != each.at.path)
            yield Blueprint(
                application,
                label.name,
                label.stage,
                "flux_build",
                _evidence(each),
                (*below, Source(each.at.path, Role.INLINE, value=each.spec)),
                label.axes,
                root=each.folder,
                options=(*_foreign(files), *_elsewhere(files, (source.path for source in below), [each])),
                substitution=each.substitution,
            )


def declared(files: Files, settings: Settings) -> Mapping[str, Evidence]:
    """The folders and files that Flux deploys, each with the object that says so."""
    del settings
    found = graph(files)
    out = {path: _evidence(deployed[0]) for path, deployed in found.reached.items()}
    return out | {each.folder: _evidence(each) for each in reversed(found.deployed)}


def completed(blueprints: Iterable[Blueprint], files: Files) -> Iterator[Blueprint]:
    """Environments told by their paths, built as Flux does: with files from anywhere, and variables filled in where it deploys them."""
    found = graph(files)
    folders: dict[str, list[Deployed]] = defaultdict(list)
    for each in found.deployed:
        folders[each.folder].append(each)
    for blueprint in blueprints:
        deployed = folders.get(blueprint.root) if blueprint.system == "kustomize" else None
        deployed = deployed or list(found.reached.get(blueprint.evidence.path, ()))
        if not found.deployed or blueprint.system not in ("kustomize", "manifests") or blueprint.evidence.declared:
            yield blueprint
            continue
        options = (*blueprint.options, *((("restrictions", "none"),) if blueprint.system == "kustomize" else ()), *_foreign(files))
        options += _elsewhere(files, (source.path for source in blueprint.sources), deployed)
        yield replace(blueprint, options=options, substitution=_joint([each.substitution for each in deployed]))


def unverified(files: Files, settings: Settings) -> tuple[Unverified, ...]:
    """What Flux's objects lead to and what is not there."""
    del settings
    return graph(files).unverified


def _evidence(each: Deployed) -> Evidence:
    return Evidence(f"deployed by the Flux Kustomization `{each.name}`", declared=True, path=each.at.path, line=each.at.line)


def _foreign(files: Files) -> tuple[tuple[str, str], ...]:
    """The sources that a release's chart can be from and that are not this repository."""
    return tuple((FOREIGN, name) for name in graph(files).foreign)


def _elsewhere(files: Files, paths: Iterable[str], deployed: Iterable[Deployed]) -> tuple[tuple[str, str], ...]:
    """The files that releases take values from and that others deploy."""
    return tuple((ELSEWHERE, path) for path in elsewhere(files, paths, deployed, graph(files).reached))


def _joint(given: list[Substitution | None]) -> Substitution | None:
    """What all of several deployments agree on; what they do not agree on is known to nobody."""
    known = [each for each in given if each is not None]
    if len(known) < len(given) or not known:
        return None
    first = known[0]
    if all(other.variables == first.variables and other.complete == first.complete for other in known[1:]):
        return first
    variables = Map(first.at.path)
    for name in dict.fromkeys(name for each in known for name in each.variables):
        same = all(name in each.variables and each.variables[name] == known[0].variables[name] for each in known)
        variables[name] = first.variables[name] if same else Opaque(name)
    return Substitution(variables, all(each.complete for each in known), first.at)


def _families(files: Files, names: Names, claimed: set[str]) -> dict[tuple[str, str], dict[_Label, Deployed]]:
    """The environments by folder, and by the object's name too where a cluster deploys the folder more than once."""
    found = graph(files)
    skip = foreign(names)
    by_folder: dict[str, list[Deployed]] = defaultdict(list)
    for each in found.deployed:
        told = any(names.marks(part) for part in each.folder.split("/"))
        if not told and each.folder and each.folder not in found.clusters and not skip(f"{each.folder}/x.yaml"):
            by_folder[each.folder].append(each)
    out: dict[tuple[str, str], dict[_Label, Deployed]] = defaultdict(dict)
    for folder, deployed in sorted(by_folder.items()):
        labels = _labels(sorted({each.cluster for each in deployed}), names)
        members = [(_label(each, labels, names), each) for each in deployed]
        twice = max(Counter(label.name for label, _ in members).values()) > 1
        for label, each in members:
            if each.at.path not in claimed and not names.short_lived(label.name):
                out[folder, each.name if twice else ""].setdefault(label, each)
    return out


def _names(folder: str, name: str) -> tuple[str, ...]:
    return (*((f"{folder_names(folder)[0]}/{name}",) if name else ()), *folder_names(folder))


def _label(each: Deployed, labels: Mapping[str, _Label], names: Names) -> _Label:
    """The environment of a deployment: the cluster's, unless the object's own file names a stage and the cluster does not."""
    label = labels[each.cluster]
    if label.stage:
        return label
    parts = each.at.path.rpartition(".")[0].split("/")
    marked = [mark.word for part in reversed(parts) for mark in names.marks(part)]
    return _Label(marked[0], marked[0]) if marked else label


def _without(part: str, mark: Mark) -> str:
    return (part[: mark.start] + part[mark.end :]).strip("-_.")


def _first_marked(path: list[str], names: Names) -> int:
    """Where a cluster's own name begins: at the part that names a stage, or at the last."""
    return next((number for number, part in enumerate(path) if names.marks(part)), len(path) - 1)


def _labels(clusters: Iterable[str], names: Names) -> dict[str, _Label]:
    """What to call each cluster: what its folder has that others have not."""
    paths = [cluster.split("/") for cluster in clusters]
    shared = 0
    while len(paths) > 1 and all(len(path) > shared + 1 for path in paths) and len({path[shared] for path in paths}) == 1:
        shared += 1
    out = {}
    for path in paths:
        own = path[shared:] if len(paths) > 1 else path[_first_marked(path, names) :]
        marks = [(number, mark) for number, part in enumerate(own) for mark in names.marks(part)]
        name = "/".join(own) or "cluster"
        stage = marks[0][1].word if marks else ""
        parts = [_without(part, marks[0][1]) if marks and at == marks[0][0] else part for at, part in enumerate(own)]
        rest = "/".join(filter(None, parts))
        out["/".join(path)] = _Label(name, stage, (("cluster", rest),) if rest and stage else ())
    return out
