"""Argo CD's Applications and ApplicationSets: which values files, in which order, make an environment."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple
from weakref import WeakKeyDictionary

from gitops_lint.blueprint import Blueprint, Source
from gitops_lint.discovery.applicationset import Declared, applications, single, sources
from gitops_lint.discovery.argocd_names import Identity, contradicts, identify
from gitops_lint.discovery.argocd_overlays import built
from gitops_lint.discovery.argocd_sources import Here, Part, here, parts
from gitops_lint.discovery.names import Names, names_of
from gitops_lint.discovery.templating import rendered
from gitops_lint.discovery.templating_holes import bind, candidates, holes
from gitops_lint.files import Files
from gitops_lint.model import Document, Evidence, Role, Unverified
from gitops_lint.node import Map
from gitops_lint.settings import Settings
from gitops_lint.trees.protocol import UnreadableError

_KINDS = frozenset(("Application", "ApplicationSet"))
_GROUP = "argoproj.io/"
_ESCAPED = re.compile(r"\{\{-?\s*(?:`([^`]*)`|\"(\{\{|\}\})\")\s*-?\}\}")


class Member(NamedTuple):
    """One environment that is declared: what it is, what it is made of, and who says so."""

    identity: Identity
    part: Part
    declared: Declared


class Survey(NamedTuple):
    """Everything that Argo CD's objects in a tree declare."""

    families: Mapping[str, tuple[Member, ...]]  # what has Helm values, by application
    folders: Mapping[str, tuple[Member, ...]]  # what is a folder as it stands, by application
    places: Mapping[str, Evidence]  # folders and files that are declared to be deployed
    unverified: tuple[Unverified, ...]


_KNOWN: WeakKeyDictionary[Files, tuple[Names, Survey]] = WeakKeyDictionary()


def find(files: Files, settings: Settings, claimed: set[str]) -> Iterator[Blueprint]:
    """The applications whose values are declared for two environments and more; their value files are claimed.

    A file is not claimed where one for another stage lies beside it that nothing declares: names say what the two have in common.
    """
    families = [members for members in survey(files, settings).families.values() if len(members) > 1]
    told = {source.path for members in families for member in members for source in member.part.values if source.value is None}
    words = tuple(settings.vocabulary().words())
    names = names_of(settings)
    for members in families:
        yield from blueprints(members)
    claimed.update(path for path in told if not any(other in files and other not in told for other in _beside(path, names, words)))


def _beside(path: str, names: Names, words: Iterable[str]) -> Iterator[str]:
    """What a path would be for every other stage."""
    parts = path.split("/")
    for depth, part in enumerate(parts):
        for mark in names.marks(part):
            for word in words:
                yield "/".join((*parts[:depth], part[: mark.start] + word + part[mark.end :], *parts[depth + 1 :]))


def unverified(files: Files, settings: Settings) -> tuple[Unverified, ...]:
    """What is declared and cannot be evaluated, with the reason."""
    return survey(files, settings).unverified


def declared(files: Files, settings: Settings) -> Mapping[str, Evidence]:
    """The folders and value files of this repository that an Application deploys, and which one does."""
    return survey(files, settings).places


def blueprints(members: Iterable[Member]) -> Iterator[Blueprint]:
    """Environments of one application; what two of them share is common to them."""
    listed = _without_idle_axes(list(members))
    used = Counter(key for member in listed for key in {_key(source) for source in member.part.values})
    for identity, part, by in listed:
        sources_ = tuple(replace(source, role=_role(source, used[_key(source)], len(listed))) for source in part.values)
        evidence = Evidence(f"declared by {by.by}", declared=True, path=by.path, line=by.line)
        yield Blueprint(
            identity.application,
            identity.name,
            identity.word,
            "helm",
            evidence,
            sources_,
            identity.axes,
            root=part.folder if part.chart else "",
            hazy=part.hazy,
        )


def _role(source: Source, users: int, environments: int) -> Role:
    if source.role is Role.INLINE and (isinstance(source.value, list) or users == 1):
        return Role.INLINE
    return Role.COMMON if users > 1 or environments == 1 < users else Role.OWN


def _key(source: Source) -> str:
    return source.path if source.value is None else f"{source.path}\n{source.value}"


def _made_of(member: Member) -> tuple[str, ...]:
    return (member.part.folder, *map(_key, member.part.values))


def _without_idle_axes(members: list[Member]) -> list[Member]:
    """Axes that say no more than the stage and the other axes do are left out, of the names too; clusters are the first to go."""
    for axis in sorted({axis for member in members for axis, _ in member.identity.axes}, key=lambda axis: (axis != "cluster", axis)):
        seen: dict[tuple[object, ...], set[str]] = defaultdict(set)
        for member in members:
            axes = dict(member.identity.axes)
            value = axes.pop(axis, "")
            seen[member.identity.word, tuple(axes.items())].add(value)
        if all(member.identity.word for member in members) and all(len(values) == 1 for values in seen.values()):
            members = [_without(axis, member) for member in members]
    return members


def _without(axis: str, member: Member) -> Member:
    axes = dict(member.identity.axes)
    dropped = axes.pop(axis, "")
    label = "/".join(part for part in member.identity.name.split("/") if part != dropped) or member.identity.name
    return member._replace(identity=member.identity._replace(name=label, axes=tuple(axes.items())))


def survey(files: Files, settings: Settings) -> Survey:
    """What the tree declares, worked out once."""
    names = names_of(settings)
    known = _KNOWN.get(files)
    if known is None or known[0] is not names:
        known = _KNOWN[files] = (names, _surveyed(files, names))
    return known[1]


def _surveyed(files: Files, names: Names) -> Survey:
    doubts: list[Unverified] = []
    found = list(_all(files, names, doubts))
    ours = here(found, files)
    members: list[Member] = []
    folders: list[Member] = []
    places: dict[str, Evidence] = {}
    for each in found:
        doubts += [
            Unverified(*each.home, "a plugin makes the manifests of the Application")
            for source in sources(each.application)
            if isinstance(source.get("plugin"), Map) and ours.holds(str(source.get("repoURL")))
        ]
        for exact in _bound(each, files, ours, names, doubts):
            made = [_without_holes(part, exact, doubts) for part in parts(exact, files, ours)]
            with_values = [part for part in made if _has_values(part, files)]
            for part in made:
                _note(places, part, exact, files)
                alone = len(with_values or made) == 1
                (members if part in with_values else folders).append(Member(identify(exact, part, names, alone=alone), part, exact))
    return Survey(_families(members), _families(folders), places, tuple(dict.fromkeys(doubts)))


def _without_holes(part: Part, by: Declared, doubts: list[Unverified]) -> Part:
    """The part without the value files that only a cluster can name; one that has to be there is a doubt."""
    vague = [source for source in part.values if source.value is None and holes(source.path)]
    doubts += [Unverified(*by.home, f"only a cluster knows which file `{source.path}` is") for source in vague if not source.optional]
    return part._replace(values=tuple(source for source in part.values if source not in vague)) if vague else part


def _has_values(part: Part, files: Files) -> bool:
    """Whether there are values over the chart's own: files that may be missing and all are do not count."""
    return any(source.value is not None or not source.optional or source.path in files for source in part.values)


def _note(places: dict[str, Evidence], part: Part, by: Declared, files: Files) -> None:
    evidence = Evidence(f"declared by {by.by}", declared=True, path=by.path, line=by.line)
    for path in (part.folder, *(source.path for source in part.values if source.value is None)):
        if path in files or (path not in ("", ".") and files.under(path)):
            places.setdefault(path, evidence)


def _all(files: Files, names: Names, doubts: list[Unverified]) -> Iterator[Declared]:
    """Every Application that is declared, and the reasons for what is not."""
    opaque: dict[str, list[str]] = defaultdict(list)
    for value, overlay in _objects(files, names, opaque):
        if value["kind"] == "Application":
            yield single(value)._replace(overlay=overlay)
            continue
        made = applications(value, files)
        doubts += made.unverified
        yield from (each._replace(overlay=overlay) for each in made.applications)
    doubts += [Unverified(paths[0], 1, _templates(len(paths))) for paths in opaque.values()]


def _objects(files: Files, names: Names, opaque: dict[str, list[str]]) -> Iterator[tuple[Map, str]]:
    """Argo CD's objects as they come to be, each with the overlay that makes it so, if one does."""
    paths = files.with_kind(_KINDS)
    made = built(files, names, paths, _KINDS)
    yield from made.objects
    for path in paths:
        document = files.document(path) if path not in made.paths else Document(path)
        if document.templated or "/templates/" in path:
            document = _unescaped(path, files, opaque)
        for root in document.roots:
            value = root.value
            if isinstance(value, Map) and str(value.get("apiVersion")).startswith(_GROUP) and value.get("kind") in _KINDS:
                yield value, ""


def _templates(count: int) -> str:
    rest = f", and so do {count - 1} more of the chart" if count > 1 else ""
    return f"a Helm template declares Argo CD applications{rest}"


def _unescaped(path: str, files: Files, opaque: dict[str, list[str]]) -> Document:
    """A chart's template that only wraps an ApplicationSet: braces that Helm takes away are taken away. Any other is not read."""
    try:
        text = files.tree.read(path).decode("utf-8", "replace")
    except UnreadableError:
        return Document(path)
    if _GROUP not in text:
        return Document(path)
    if "{{" in _ESCAPED.sub("", text):
        opaque[path.partition("/templates/")[0]].append(path)
        return Document(path)
    return files.parse(_ESCAPED.sub(lambda found: found[1] or found[2] or "", text).encode(), path)


def _bound(each: Declared, files: Files, ours: Here, names: Names, doubts: list[Unverified]) -> Iterator[Declared]:
    """An Application with its holes filled: once for each way in which the tree has the folders and files that it asks for."""
    known = each._replace(application=_filled(each.application, each.bound)) if each.bound else each
    wanted = {path: optional for path, optional in _asked(known, files, ours) if holes(path)}
    near = {path for text in wanted for path in _near(text.partition("{{")[0], files)}
    ways = candidates(wanted, sorted(near))
    if not ways and all(wanted.values()):
        ways = [{}]  # no file is there that it would take
    if not ways:
        hole = min(holes(next(iter(wanted))))
        doubts.append(Unverified(*each.home, f"only a cluster knows `{hole}`, and no path in the tree tells"))
    for way in ways:
        exact = known._replace(application=_filled(known.application, way), bound={**each.bound, **way}) if way else known
        if not contradicts(exact, names):
            yield exact


def _asked(each: Declared, files: Files, ours: Here) -> Iterator[tuple[str, bool]]:
    """The folders and files that an Application wants, each with whether it can do without."""
    for part in parts(each, files, ours):
        if part.folder:
            yield part.folder, False
        yield from ((source.path, source.optional) for source in part.values if source.value is None)


def _near(prefix: str, files: Files) -> Iterator[str]:
    """The files that begin with a text, and the folders that they are in."""
    folder = prefix.rpartition("/")[0]
    for path in files.under(folder):
        if path.startswith(prefix):
            yield path
            above = path.rpartition("/")[0]
            while len(above) > len(folder):
                yield above
                above = above.rpartition("/")[0]


def _filled(application: Map, bound: Mapping[str, str]) -> Map:
    made = rendered(application, lambda text: bind(text, bound))
    return made if isinstance(made, Map) else application


def _families(members: list[Member]) -> dict[str, tuple[Member, ...]]:
    """The members by application. Of two that would be the same environment the one with more layers keeps the plain name."""
    table: dict[str, dict[str, Member]] = defaultdict(dict)
    for member in sorted((each for each in members if each.identity.name), key=lambda member: -len(member.part.values)):
        environment = member.identity.name
        application = member.identity.application
        held = table[application].get(environment)
        if held is not None:
            if _made_of(held) == _made_of(member):
                continue
            by = member.declared
            application = f"{application}:{by.name if by.name != application else by.home[0].rpartition('/')[0]}"
            if environment in table[application]:
                continue
        table[application][environment] = member._replace(identity=member.identity._replace(application=application))
    return {
        application: tuple(sorted(found.values(), key=lambda member: member.identity.name))
        for application, found in sorted(table.items())
        if found
    }
