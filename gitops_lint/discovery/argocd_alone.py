"""What Argo CD declares and nobody else has found: folders that no name gives away, applications that have one environment only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gitops_lint.blueprint import Blueprint, Source
from gitops_lint.discovery.argocd import Member, blueprints, survey
from gitops_lint.discovery.argocd_edits import directory, unverified
from gitops_lint.discovery.content import is_object
from gitops_lint.discovery.names import SHARED
from gitops_lint.files import YAML, Files
from gitops_lint.merge.kustomize import reach
from gitops_lint.merge.kustomize.kustomization import NAMES
from gitops_lint.model import Evidence, Role
from gitops_lint.settings import Settings

__all__ = ["find", "unverified"]

_MOST = 200  # files in one folder: more are no environment but a repository


def find(files: Files, settings: Settings, claimed: set[str]) -> Iterator[Blueprint]:
    """The rest of what is declared, after everybody else has found what names tell; what the folders hold is claimed in the end."""
    surveyed = survey(files, settings)
    for members in surveyed.families.values():
        if len(members) == 1 and not any(source.path in claimed for source in members[0].part.values if source.value is None):
            yield from blueprints(members)
    built = [(member, *_made_of(member, files)) for member in _folders(surveyed.folders.values())]
    taken: set[str] = set()
    below = {source.path for member, _, sources in built for source in sources if source.role is Role.BASE}
    for (identity, part, by), system, sources in built:
        own = {source.path for source in sources if source.role is not Role.BASE}
        if sources and len(sources) <= _MOST and own and not own & claimed and not own & below:
            taken |= own
            evidence = Evidence(f"declared by {by.by}", declared=True, path=by.path, line=by.line)
            yield Blueprint(identity.application, identity.name, identity.word, system, evidence, sources, identity.axes, part.folder)
    claimed |= taken


def _folders(families: Iterable[Iterable[Member]]) -> Iterator[Member]:
    """The members that stand for a folder of their own; one folder for all environments says nothing of any of them."""
    for members in families:
        listed = list(members)
        different = {member.part.folder: member for member in listed if not _is_base(member)}
        if len(different) > 1 or len(listed) == len(different) == 1:
            yield from different.values()


def _is_base(member: Member) -> bool:
    """Whether an ApplicationSet only holds the place for a folder that its patches will choose."""
    return any(word in SHARED for part in member.identity.name.split("/") for word in re.split(r"[-_.]", part))


def _made_of(member: Member, files: Files) -> tuple[str, tuple[Source, ...]]:
    """The system that a folder is for and what it holds: Helm, else kustomize, else objects (util/app/discovery, v3.6.0-dev)."""
    folder = member.part.folder
    inside = files.folders.get("" if folder == "." else folder, [])
    names = {path.rpartition("/")[2] for path in inside}
    if "Chart.yaml" in names:
        return "helm", ()  # it has no values but its own, and those are the chart's
    if names.intersection(NAMES):
        built_of = reach(files, "" if folder == "." else folder)
        below = "" if folder == "." else folder + "/"
        return "kustomize", tuple(Source(path, _role(path, below)) for path in built_of)
    return "manifests", tuple(Source(path, Role.OWN) for path in directory(member, files) if path.endswith(YAML) and is_object(files, path))


def _role(path: str, below: str) -> Role:
    if not path.startswith(below):
        return Role.BASE
    return Role.SHAPE if path.rpartition("/")[2] in NAMES else Role.OWN
