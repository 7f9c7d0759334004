"""The ways in which a path can be read as an environment's: which of its words is the stage, and what the words beside it are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from enum import IntEnum
from typing import NamedTuple

from gitops_lint.discovery.names import CLUSTER, CONTAINERS, ENV, Mark, Names, is_region

Axes = tuple[tuple[str, str], ...]
_EXTENSION = re.compile(r"(?:\.(?:ya?ml|json|env))+$")
_ROLES = frozenset(("values", "value", "vals", "secret", "secrets", "enc", "sops", "helm", "override", "overrides", "config"))
_WORD = re.compile(r"[A-Za-z0-9]+")


class Order(IntEnum):
    """How convincing a reading is, the most convincing first."""

    PURE = 1  # the whole segment, or all of it that varies
    DOUBLE = 2  # two segments name the same stage
    WHOLE = 3  # all that a values file's name says beside that it is one: `probation-dev` in `values-probation-dev.yaml`
    LOOSE = 4  # together with the words beside it, where those vary too: `prod-eu` beside `prod-us`
    AFFIXED = 5  # a word inside a longer segment
    CLUSTER = 6  # a stage's folder, and one of its clusters
    EXTENDED = 7  # a longer name among plain ones: `c2-production`, `dev-tenant`
    GLUED = 8  # a stage at the end of a word: `idfprod` beside `idfdev`


class Reading(NamedTuple):
    """One way to read a path. `depth` orders readings that are equally convincing, `rank` is the stage's."""

    pattern: str
    name: str
    word: str
    rank: int
    order: Order = Order.PURE
    depth: int = 0
    axes: Axes = ()


def folder_readings(folder: str, names: Names, clusters: Mapping[str, AbstractSet[str]]) -> Iterator[Reading]:
    """The readings of a folder's path."""
    parts = folder.split("/")
    marks = [(depth, mark) for depth, part in enumerate(parts) for mark in names.marks(part)]
    for depth, mark in marks:
        yield from _single(parts, depth, mark)
        below = parts[depth + 1] if depth + 1 < len(parts) else ""
        if below in clusters.get("/".join(parts[: depth + 1]), ()):
            pattern = "/".join((*parts[:depth], _masked(parts[depth], mark), CLUSTER, *parts[depth + 2 :]))
            axis = "region" if is_region(below) else "cluster"
            yield Reading(pattern, f"{mark.word}/{below}", mark.word, mark.stage.rank, Order.CLUSTER, depth, ((axis, below),))
    yield from _double(parts, marks)


def _single(parts: list[str], depth: int, mark: Mark) -> Iterator[Reading]:
    """The readings that take one word of one folder for the stage."""
    segment = parts[depth]
    before, after = segment[: mark.start].strip("-_."), segment[mark.end :].strip("-_.")
    rest = (mark.word, mark.stage.rank)
    order = Order.AFFIXED if before or after else Order.PURE
    yield Reading(_with(parts, depth, _masked(segment, mark)), mark.word, *rest, order, depth)
    contained = depth > 0 and parts[depth - 1].lower() in CONTAINERS
    if after and not before and (contained or is_region(after)):
        yield Reading(_with(parts, depth, ENV), segment, *rest, Order.LOOSE, depth, ((_axis(after, "variant"), after),))
    elif bool(before) != bool(after):
        axis = _axis(before or after, "cluster" if before else "variant")
        yield Reading(_with(parts, depth, ENV), segment, *rest, Order.EXTENDED, depth, ((axis, before or after),))


def _double(parts: list[str], marks: list[tuple[int, Mark]]) -> Iterator[Reading]:
    """The readings that take every word of one stage, in two folders or more."""
    for first, mark in marks:
        same = [(depth, m) for depth, m in marks if m.word == mark.word]
        if len({depth for depth, _ in same}) > 1 and same[0][0] == first:
            masked = list(parts)
            for depth, m in same:
                masked[depth] = _masked(parts[depth], m)
            yield Reading("/".join(masked), mark.word, mark.word, mark.stage.rank, Order.DOUBLE, first)


def file_readings(path: str, names: Names) -> Iterator[Reading]:
    """The readings of a file's own name; its folder is left as it is, but for words that name the same stage."""
    parts = path.split("/")
    name = parts[-1]
    for mark in names.marks(name):
        rest = (mark.word, mark.stage.rank)
        start, end = _varying(name, mark)
        if names.short_lived(name[start:end]):
            continue
        alone = (start, end) == (mark.start, mark.end)
        values = is_values(name) or (len(parts) > 1 and is_values(parts[-2]))
        whole = alone and (values or mark.end - mark.start == len(_EXTENSION.sub("", name)))
        order = Order.PURE if whole else Order.AFFIXED
        yield Reading(_with(parts, -1, _masked(name, mark)), mark.word, *rest, order, -mark.start)
        before, after = name[start : mark.start].strip("-_."), name[mark.end : end].strip("-_.")
        if not alone and (values or all(is_region(word) for word in (before, after) if word)):
            order = Order.WHOLE if values else Order.LOOSE
            axes = tuple((_axis(word, "release"), word) for word in (before, after) if word)
            yield Reading(_with(parts, -1, name[:start] + ENV + name[end:]), name[start:end], *rest, order, -mark.start, axes)
        yield from _double(parts, [*((d, m) for d, p in enumerate(parts[:-1]) for m in names.marks(p)), (len(parts) - 1, mark)])


def glued_readings(path: str, names: Names) -> Iterator[Reading]:
    """The readings of a values file's name that take the end of a word for the stage."""
    parts = path.split("/")
    name = parts[-1]
    for word in _WORD.finditer(_EXTENSION.sub("", name)):
        mark = names.glued(word.group())
        if mark is not None:
            start, end = _varying(name, Mark(word.start(), word.end(), mark.word, mark.stage))
            pattern = _with(parts, -1, name[:start] + ENV + name[end:])
            axes = (("cluster", word.group()[: mark.start]),)
            yield Reading(pattern, name[start:end], mark.word, mark.stage.rank, Order.GLUED, -start, axes)


def _varying(name: str, mark: Mark) -> tuple[int, int]:
    """The span around the stage up to the words that say what the file is: `probation-dev` in `values-probation-dev.yaml`."""
    start, end = mark.start, mark.end
    stem = len(_EXTENSION.sub("", name))
    words = [(m.start(), m.end()) for m in _WORD.finditer(name) if m.end() <= stem]
    for at, to in reversed([w for w in words if w[1] <= mark.start]):
        if name[at:to].lower() in _ROLES:
            break
        start = at
    for at, to in (w for w in words if w[0] >= mark.end):
        if name[at:to].lower() in _ROLES:
            break
        end = to
    return start, end


def is_values(segment: str) -> bool:
    """Whether a file's or folder's name says that it is about Helm values."""
    return "val" in segment.lower() and any(word.lower() in ("values", "vals") for word in _WORD.findall(segment))


def _axis(word: str, otherwise: str) -> str:
    return "region" if is_region(word) else otherwise


def _masked(segment: str, mark: Mark) -> str:
    return segment[: mark.start] + ENV + segment[mark.end :]


def _with(parts: list[str], depth: int, segment: str) -> str:
    changed = list(parts)
    changed[depth] = segment
    return "/".join(changed)
