"""Helmfile: for each declared environment the values of its releases, and its own, in the order that Helmfile merges them.

Releases that differ between environments by the same files are one application: in each environment it is the first of them that is
installed there, as with a release `staging` beside a release `production`.
"""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple
from weakref import WeakKeyDictionary

from gitops_lint.blueprint import Blueprint
from gitops_lint.discovery.helmfile_chain import Chain, Place, chain, filled, joined, single
from gitops_lint.discovery.helmfile_inherit import whole
from gitops_lint.discovery.helmfile_state import Declared, State, lenient, placed, states
from gitops_lint.discovery.ignored import foreign
from gitops_lint.discovery.names import ENV, Names, names_of
from gitops_lint.discovery.naming import distinct, file_names
from gitops_lint.discovery.templating_blocks import fill
from gitops_lint.discovery.templating_values import Known, Open
from gitops_lint.files import Files
from gitops_lint.model import Evidence, Role, Unverified
from gitops_lint.node import Map, Opaque, Seq, Value, unpack
from gitops_lint.settings import Settings


class _Member(NamedTuple):
    """One environment of an application."""

    environment: str
    declared: Declared
    release: str
    chain: Chain
    root: str
    beside: tuple[str, ...] = ()  # files that only other releases of the environment read


class _Survey(NamedTuple):
    """What the state files of a tree declare: applications, and what cannot be told of others."""

    families: tuple[list[_Member], ...]
    unverified: tuple[Unverified, ...]


_known_surveys: WeakKeyDictionary[Files, _Survey] = WeakKeyDictionary()


def find(files: Files, settings: Settings, claimed: set[str]) -> Iterator[Blueprint]:
    """The environments of every state file; all values files that are read are claimed: Helmfile says what they are."""
    names = names_of(settings)
    families = [family for family in _survey(files, names).families if not claimed.intersection(_own(family))]
    titles = distinct([_titles(family) for family in families])
    for title, family in zip(titles, families, strict=True):
        claimed.update(source.path for member in family for source in member.chain.sources if source.path in files)
        for member in family:
            yield _blueprint(title, member, names)


def unverified(files: Files, settings: Settings) -> tuple[Unverified, ...]:
    """The values of releases that are not known before deployment, where no environment can say so."""
    return _survey(files, names_of(settings)).unverified


def _survey(files: Files, names: Names) -> _Survey:
    """What the state files of a tree declare, worked out once."""
    known = _known_surveys.get(files)
    if known is None:
        skip = foreign(names)
        chosen = [state for state in states(files) if not skip(state.path) and len(state.environments) > 1]
        families: list[list[_Member]] = []
        hazy: dict[Unverified, None] = {}
        for state in chosen:
            more, left = _families(files, state, names)
            families += more
            hazy.update(dict.fromkeys(entry for member in left for entry in (*member.chain.hazy, *member.chain.noted)))
        known = _known_surveys[files] = _Survey(tuple(families), tuple(hazy))
    return known


def _blueprint(title: str, member: _Member, names: Names) -> Blueprint:
    mark = next(iter(names.marks(member.environment)), None)
    rest = (member.environment[: mark.start] + member.environment[mark.end :]).strip("-_.") if mark else ""
    at = member.declared.at
    return Blueprint(
        title,
        member.environment,
        mark.word if mark else "",
        "helm",
        Evidence(f"the Helmfile environment `{member.environment}`", declared=True, path=at.path, line=at.line),
        member.chain.sources,
        (("cluster", rest),) if rest else (),
        root=member.root,
        beside=member.beside,
        hazy=member.chain.hazy,
        noted=member.chain.noted,
    )


def _own(family: Iterable[_Member]) -> set[str]:
    return {source.path for member in family for source in member.chain.sources if source.role is Role.OWN}


def _titles(family: list[_Member]) -> tuple[str, ...]:
    """What to call an application: after the file that is its own in some environment."""
    for member in family:
        for source in reversed(member.chain.sources):
            if source.role is Role.OWN:
                found = file_names(source.path.replace(member.environment, ENV))
                return (*found, f"{found[0]}/{member.release}" if member.release else f"{found[0]}/environments")
    return (member.release,)


def _families(files: Files, state: State, names: Names) -> tuple[list[list[_Member]], list[_Member]]:
    """The applications of a state file, its environments' own values and its releases; and the members of what makes none."""
    environments = {n: d for n, d in state.environments.items() if not names.short_lived(n) and not (n == "default" and not d.entries)}
    own: list[_Member] = []
    left: list[_Member] = []
    releases: dict[tuple[str, ...], dict[str, list[_Member]]] = defaultdict(lambda: defaultdict(list))
    for name, declared in environments.items():
        known = _known(files, state, declared, name)
        place = Place(files, state, {"Environment": {"Name": name, "Values": known}, "Values": known, "StateValues": known})
        shared = chain(place, state.values, tolerant=state.lenient, names=environments)
        given = chain(place, declared.entries, tolerant=declared.lenient, names=environments, block=Role.INLINE)
        own.append(_Member(name, declared, "", joined(shared, given), ""))
        for release in state.releases:
            member = _member(place, name, declared, whole(release, state), environments)
            if member is not None and member.chain.kind:
                releases[member.chain.kind][name].append(member)
            elif member is not None:
                left.append(member)
    read: dict[str, dict[str, None]] = {}
    for member in (*left, *(m for by_environment in releases.values() for among in by_environment.values() for m in among)):
        read.setdefault(member.environment, {}).update(dict.fromkeys(s.path for s in member.chain.sources if s.path in files))
    taken: set[str] = set()
    out: list[list[_Member]] = []
    for members in (own, *(_first(by_environment) for by_environment in releases.values())):
        family = [_apart(member, taken) for member in members]
        new = {path for path in _own(family) if path in files}
        taken |= new if len(family) > 1 else set()
        if len(family) > 1 and new:
            out.append([member._replace(beside=tuple(read.pop(member.environment, ()))) for member in family])
        else:
            left += family
    return out, left


def _apart(member: _Member, taken: set[str]) -> _Member:
    """The member with a file that is told of already as one that it has in common with others."""
    sources = tuple(replace(s, role=Role.COMMON) if s.role is Role.OWN and s.path in taken else s for s in member.chain.sources)
    return member._replace(chain=member.chain._replace(sources=sources))


def _first(by_environment: Mapping[str, list[_Member]]) -> list[_Member]:
    """One release for each environment: the one that most environments have, or the first that is written."""
    common = Counter(member.release for members in by_environment.values() for member in members)
    return [max(members, key=lambda m: common[m.release]) for members in by_environment.values()]


def _member(place: Place, name: str, declared: Declared, release: Map, names: Iterable[str]) -> _Member | None:
    """A release in an environment; None if it is not installed there."""
    called = release.get("name")
    if not isinstance(called, str):
        return None
    namespace = release.get("namespace")
    about: Known = {"Name": called, "Namespace": namespace if isinstance(namespace, str) else ""}
    here = place._replace(params={**place.params, "Release": about}, line=unpack(release.at)[0] + 1)
    if any(filled(here, release.get(key)) == "false" for key in ("installed", "installedTemplate", "condition")):
        return None
    tolerant = lenient(release)
    entries = [entry for key in ("values", "valuesTemplate", "secrets") for entry in placed(release, key)]
    given = chain(here, entries, tolerant=place.state.lenient if tolerant is None else tolerant, names=names)
    return _Member(name, declared, called, joined(given, single(here, release, names)), _chart(here, release.get("chart")))


def _chart(place: Place, chart: Value) -> str:
    """The chart's folder if it is in the tree."""
    folder = posixpath.normpath(posixpath.join(place.state.folder, filled(place, chart))) if isinstance(chart, str) else ""
    return folder if folder and f"{folder}/Chart.yaml" in place.files else ""


def _known(files: Files, state: State, declared: Declared, name: str) -> Known:
    """What is known of an environment's values; there may be more in files that only the deploying machine has."""
    out = Open()
    for entry, _ in (*state.values, *declared.entries):
        given: Value = entry
        if isinstance(entry, str):
            path = posixpath.normpath(posixpath.join(state.folder, fill(entry, {"Environment": {"Name": name}})))
            roots = files.document(path).roots if path in files else ()
            given = roots[0].value if roots else None
        if isinstance(given, Map):
            out.update({key: _plain(value) for key, value in given.items()})
    return out


def _plain(value: Value) -> Known:
    if isinstance(value, Map):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, Seq):
        return [_plain(inner) for inner in value]
    return None if isinstance(value, Opaque) else value
