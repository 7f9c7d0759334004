"""What Argo CD does with a folder that it deploys: an Application's edits of a kustomization, and which files of a directory it takes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from gitops_lint.blueprint import Blueprint, Source
from gitops_lint.discovery.argocd import Member, survey
from gitops_lint.files import Files
from gitops_lint.merge.tables import edited, remove
from gitops_lint.model import Role, Unverified
from gitops_lint.node import Map, key_location
from gitops_lint.settings import Settings

_MANIFEST = re.compile(r".*\.(?:ya?ml|json|jsonnet)")
_GLOB = re.compile(r"\*+|\?|\{|\}|,|\[!?[^\]]*\]")


class Edits(NamedTuple):
    """What all Applications that deploy a folder do to its kustomization, and what only some of them do."""

    block: Map
    unverified: tuple[Unverified, ...] = ()


def completed(blueprints: Iterable[Blueprint], files: Files, settings: Settings) -> Iterator[Blueprint]:
    """The environments with the edits that the Applications which deploy them make."""
    known = _edits(files, settings)
    for blueprint in blueprints:
        edits = known.get(blueprint.root) if blueprint.system == "kustomize" else None
        if edits is None or not edits.block:
            yield blueprint
        else:
            block = edits.block
            yield replace(blueprint, sources=(*blueprint.sources, Source(block.path, Role.SHAPE, value=block)))


def unverified(files: Files, settings: Settings) -> tuple[Unverified, ...]:
    """The edits that differ from Application to Application, of which none is made."""
    return tuple(entry for edits in _edits(files, settings).values() for entry in edits.unverified)


def _edits(files: Files, settings: Settings) -> Mapping[str, Edits]:
    """The edits by folder."""
    by_folder: dict[str, list[Map]] = defaultdict(list)
    for members in survey(files, settings).folders.values():
        for member in members:
            block = member.part.source.get("kustomize")
            by_folder[member.part.folder].append(block if isinstance(block, Map) else Map())
    return {folder: _joint(folder, blocks) for folder, blocks in by_folder.items() if any(blocks)}


def _joint(folder: str, blocks: list[Map]) -> Edits:
    first = next(block for block in blocks if block)
    out, doubts = edited(first), []
    for key in dict.fromkeys(key for block in blocks for key in block):
        if "{{" in str(first.get(key)) or any(block.get(key) != first.get(key) for block in blocks):
            place = key_location(next(block for block in blocks if key in block), key)
            reason = f"the Applications that deploy `{folder}` do not agree on `kustomize.{key}`"
            doubts.append(Unverified(place.path, place.line, reason, "info"))
            if key in out:
                remove(out, key)
    return Edits(out, tuple(doubts))


def directory(member: Member, files: Files) -> list[str]:
    """The manifests of a folder that is deployed as it stands, by the `directory` block of its source.

    Source: argo-cd reposerver/repository/repository.go `getPotentiallyValidManifests`, v3.6.0: subfolders only with `recurse`; globs are
    matched with the path below the folder, and their `*` crosses folders.
    """
    folder, block = member.part.folder, member.part.source.get("directory")
    options = block if isinstance(block, Map) else Map()
    below = "" if folder == "." else folder + "/"
    found = files.under(below.rstrip("/")) if options.get("recurse") is True else files.folders.get(below.rstrip("/"), [])
    include, exclude = (_glob(options.get(key)) for key in ("include", "exclude"))
    return [
        path
        for path in found
        if _MANIFEST.fullmatch(path)
        and not (exclude is not None and exclude.fullmatch(path.removeprefix(below)))
        and (include is None or include.fullmatch(path.removeprefix(below)))
    ]


def _glob(text: object) -> re.Pattern[str] | None:
    if not isinstance(text, str) or not text:
        return None
    out, depth, last = "", 0, 0
    for found in _GLOB.finditer(text):
        out += re.escape(text[last : found.start()])
        last, mark = found.end(), found.group()
        inside = depth > 0
        depth += (mark == "{") - (mark == "}" and inside)
        grouped = {"{": "(?:"} | ({"}": ")", ",": "|"} if inside else {})
        wild = ".*" if mark[0] == "*" else "." if mark == "?" else mark.replace("[!", "[^", 1) if mark[0] == "[" else re.escape(mark)
        out += grouped.get(mark, wild)
    out += re.escape(text[last:])
    try:
        return re.compile(out, re.DOTALL)
    except re.error:
        return re.compile(re.escape(text))
