"""The values of a Helmfile release, or of an environment itself: files, blocks and single keys, in the order of Helmfile.

Source: github.com/helmfile/helmfile pkg/state/state.go, v1.7.4: value files and blocks, secrets, then `set` and `setTemplate`, and last
`setString`, the latter with commas and braces escaped.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple

from gitops_lint.blueprint import Source
from gitops_lint.discovery.helmfile_state import Entry, State, listed
from gitops_lint.discovery.templating_blocks import fill
from gitops_lint.discovery.templating_values import Known
from gitops_lint.files import Files
from gitops_lint.merge.tables import edited
from gitops_lint.model import Role, Unverified
from gitops_lint.node import Map, Seq, Value, home, unpack
from gitops_lint.trees.protocol import UnreadableError

_SINGLE = ("set", "setTemplate", "setString")
_GLOB = re.compile(r"[*?\[]")
_ESCAPES = str.maketrans({char: "\\" + char for char in "{},"})


class Chain(NamedTuple):
    """The values of a release, or of an environment itself, lowest first; `kind` is what they are by, the same in every environment."""

    kind: tuple[str, ...]  # the entries that differ between environments, as they are written
    sources: tuple[Source, ...]
    hazy: tuple[Unverified, ...] = ()
    noted: tuple[Unverified, ...] = ()  # what only the machine that deploys has


class Place(NamedTuple):
    """What paths are filled in with."""

    files: Files
    state: State
    params: dict[str, Known]
    line: int = 1


def filled(place: Place, value: Value) -> str:
    """A text with its templates filled in, twice: what stands in backquotes is a template of the second pass."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value.replace('\\"', '"') if isinstance(value, str) else ""
    return fill(fill(text, place.params), place.params)


def chain(place: Place, entries: Iterable[Entry], *, tolerant: bool, names: Iterable[str], block: Role = Role.COMMON) -> Chain:
    """The sources of a list of values; `block` is the role of those that are written in place.

    An entry differs between environments if filling in another name gives another path; it is the environment then that asks for the file.
    """
    kind: list[str] = []
    sources: dict[str, Source] = {}
    hazy: list[Unverified] = []
    away: list[str] = []
    for entry, at in entries:
        if isinstance(entry, Map):
            sources[f"{entry.path}:{entry.at}"] = Source(entry.path, block, value=entry)
        if not isinstance(entry, str):
            continue
        path = filled(place, entry)
        others = {filled(_as(place, name), entry) for name in names}
        if "{{" in path:
            hazy.append(Unverified(place.state.path, place.line, f"`{entry}` is not known before deployment"))
        elif path.startswith("/") or "://" in path or "::" in path:  # the same for all, or nobody knows
            away.append(entry)
        else:
            varies = len(others) > 1
            kind += [entry] if varies else []
            for full in _matching(place, posixpath.normpath(posixpath.join(place.state.folder, path))):
                before = sources.pop(full, None)  # what is named twice counts where it is named last
                own = (
                    varies
                    or _names_environment(full.removeprefix(place.state.folder), place)
                    or (before is not None and before.role is Role.OWN)
                )
                sources[full] = Source(full, Role.OWN if own else Role.COMMON, optional=tolerant, named=None if varies else at)
    return Chain(tuple(kind), tuple(sources.values()), tuple(hazy), tuple(_noted(place, away)))


def _noted(place: Place, away: list[str]) -> Iterator[Unverified]:
    if away:
        more = f" and in {len(away) - 1} more" if len(away) > 1 else ""
        yield Unverified(place.state.path, 1, f"the values in `{away[0]}`{more} are not in the repository", "info")


def joined(lower: Chain, upper: Chain) -> Chain:
    """The one chain below the other."""
    return Chain(lower.kind + upper.kind, lower.sources + upper.sources, lower.hazy + upper.hazy, lower.noted + upper.noted)


def _matching(place: Place, path: str) -> list[str]:
    """The files that a path names: itself, or what a glob finds, in order; a glob's `*` stays within a folder."""
    if path in place.files or not _GLOB.search(path):
        return [path]
    below = place.files.under(_GLOB.split(path)[0].rpartition("/")[0])
    return [each for each in below if each.count("/") == path.count("/") and fnmatchcase(each, path)]


def single(place: Place, release: Map, names: Iterable[str]) -> Chain:
    """The keys that a release sets one by one, as a list of parameters."""
    kind: list[str] = []
    hazy: list[Unverified] = []
    out = Seq(release.path, release.at)
    for field in _SINGLE:
        for item in (item for item in listed(release, field) if isinstance(item, Map)):
            made = _parameter(place, item, as_text=field == "setString")
            others = [_parameter(_as(place, name), item, as_text=False) for name in names]
            if made is None or "{{" in str(made["value"]):
                line, name = unpack(item.at)[0] + 1, filled(place, item.get("name"))
                hazy.append(Unverified(item.path, line, f"what `{name}` is set to is not known before deployment"))
                continue
            kind += [f"{field} {made['name']}"] if any(other is not None and other["value"] != made["value"] for other in others) else []
            out.append(made)
            out.value_at.append(item.at)
    return Chain(tuple(kind), (Source(out.path, Role.COMMON, value=out),) if out else (), tuple(hazy))


def _parameter(place: Place, item: Map, *, as_text: bool) -> Map | None:
    """One entry of `set`: a value, the text of a file, or a list of values; None for a file that cannot be read."""
    given, path, listing = item.get("value"), item.get("file"), item.get("values")
    field, literal, text = "value", True, _written(item, "value")
    if isinstance(path, str) and path and not text:
        field, as_text = "file", True
        held = _text(place, posixpath.normpath(posixpath.join(place.state.folder, filled(place, path))))
        if held is None:
            return None
        text = held
    elif isinstance(listing, Seq) and not text:
        field, literal, text = "values", False, "{" + ",".join(str(value).translate(_ESCAPES) for value in listing) + "}"
    out = edited(item)
    plain = text if field == "file" or (given is None and field == "value") else filled(place, text)
    for key, value in {"name": filled(place, item.get("name")), "value": plain, "forceString": as_text, "literal": literal}.items():
        out[key] = value
    out.value_at = {**item.value_at, "value": item.value_at.get(field, item.at)}
    return out


def _names_environment(path: str, place: Place) -> bool:
    environment = place.params["Environment"]
    name = environment.get("Name") if isinstance(environment, dict) else None
    return isinstance(name, str) and name in path.replace(".", "/").split("/")


def _as(place: Place, name: str) -> Place:
    """The same place in another environment, as far as its name goes."""
    environment = place.params["Environment"]
    values: Known = environment.get("Values") if isinstance(environment, dict) else None
    return place._replace(params={**place.params, "Environment": {"Name": name, "Values": values}})


def _written(node: Map, key: str) -> str:
    value: Value = node.get(key)
    return "" if value is None or isinstance(value, Map | Seq) else (home(node, key).written or {}).get(key) or str(value)


def _text(place: Place, path: str) -> str | None:
    try:
        return place.files.tree.read(path).decode() if path in place.files else None
    except (UnreadableError, UnicodeDecodeError):
        return None
