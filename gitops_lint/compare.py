"""How sibling environments differ: one walk over all their effective trees at once.

Subtrees that are one and the same object in every environment come from a layer that all of them share, and are skipped unseen. What is
missing is found at its topmost node, so a subtree that one environment lacks is one difference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from gitops_lint.addressed import united
from gitops_lint.keypath import KeyPath, of_kustomization
from gitops_lint.model import Comparison, Contrast, Difference, Environment, Gap, Setting
from gitops_lint.node import Map, Seq, Value, bare

IDENTITIES = (
    "name",
    "id",
    "key",
    "host",
    "hostname",
    "ident",
    "secretKey",
    "secretName",
    "configMapName",
    "containerPort",
    "port",
    "mountPath",
    "path",
)
_NODES = frozenset((Map, Seq))  # by type: the reader makes no others, and isinstance takes three times as long
_NAMING = frozenset((str, int, bool))  # as above; an `Opaque` text names nothing
_WAYS = ("value", "valueFrom")  # of an environment variable
MOST = 1_500  # differences among a set of peers; the worst real repository has 1,250 in all
_MAX_DEPTH = 120  # the reader's cap on depth, and the list and subject levels that comparing adds


Names = Callable[[Seq], "tuple[str, ...] | None"]


class _Place(NamedTuple):
    """A path, and the node that each of some environments has there; a node is indexed by key or by item."""

    path: KeyPath
    environments: tuple[Environment, ...]
    nodes: Sequence[Map | Seq]


_Child = _Place | Sequence[Setting]  # what is below a key where all have maps, else what each environment has there


def compare(peers: Sequence[Environment]) -> Comparison:
    """The differences and contrasts among environments, in the order in which their keys are written."""
    differences: list[Difference] = []
    contrasts: list[Contrast] = []
    names = _namer()
    stack = [_Place((), tuple(peers), [env.values for env in peers])]
    while stack:
        place = stack.pop()
        below = []
        children = _children(place, names)
        either = _either(place, children)
        for segment, child in children.items():
            if isinstance(child, _Place):
                below.append(child)
                continue
            path = (*place.path, segment)
            present = tuple(s for s in child if s.value is not None and path not in s.environment.disabled)
            absent = () if segment in either else _absent(place, child, path)
            if present and absent:
                differences.append(Difference(path, present, absent))
            if len(present) > 1:
                deeper = _deeper(path, present, names)
                if deeper is not None:
                    below.append(deeper)
                elif not _alike(present):
                    contrasts.append(Contrast(path, present))
        stack += reversed(below)
    return Comparison(tuple(peers), tuple(differences[:MOST]), tuple(contrasts), untold=max(0, len(differences) - MOST))


def _namer() -> Names:
    """`identity`, with a memory: siblings share their lists. It must not outlive them."""
    known: dict[int, tuple[str, ...] | None] = {}

    def names(items: Seq) -> tuple[str, ...] | None:
        if id(items) not in known:
            known[id(items)] = identity(items)
        return known[id(items)]

    return names


def _either(place: _Place, children: Mapping[str, _Child]) -> tuple[str, ...]:
    """The keys of a variable that say one thing in two ways, if each environment has one of them: nobody lacks the variable."""
    if not place.path or not place.path[-1].startswith("["):
        return ()
    having = [id(s.environment) for key in _WAYS for s in children.get(key, ()) if isinstance(s, Setting)]
    return _WAYS if len(having) == len(set(having)) == len(place.nodes) else ()


def _absent(place: _Place, settings: Sequence[Setting], path: KeyPath) -> tuple[Gap, ...]:
    """The environments of a place that lack a key; a null is there: it says that the key is absent on purpose.

    A key with nothing behind it, where others have something below theirs, says nothing: what was below it is gone. An environment that
    has disabled the sub-chart of that name lacks nothing.
    """
    nulls = [s for s in settings if s.value is None]
    if not nulls and len(settings) == len(place.nodes):
        return ()
    having = {id(s.environment) for s in settings}
    if nulls and any(isinstance(s.value, Map | Seq) and s.value for s in settings):
        having -= {id(s.environment) for s in nulls if isinstance(s.node, Map) and bare(s.node, str(s.key))}
    lacking = ((env, node) for env, node in _nodes(place) if id(env) not in having and path not in env.disabled)
    return tuple(Gap(env, node) for env, node in lacking if node or place.path or not env.hazy)


def _deeper(path: KeyPath, present: tuple[Setting, ...], names: Names) -> _Place | None:
    """The place below settings that are all maps, or all lists with identities; None where there is nothing to walk into."""
    values = [s.value for s in present]
    first = values[0]
    if type(first) not in _NODES or len(path) > _MAX_DEPTH or _generated(path, values):
        return None
    if all(value is first for value in values):
        return _Place(path, (), ())
    if all(type(value) is Map for value in values) or _named(values, names):
        return _Place(path, tuple(s.environment for s in present), values)  # type: ignore[arg-type]  # by type
    return None


def _generated(path: KeyPath, values: Sequence[Value]) -> bool:
    """Whether objects are written by a program, so that two that differ are of two versions of it: definitions, and Flux itself."""
    if len(path) > 1:
        return False
    return path[0].startswith("CustomResourceDefinition/") or all(type(value) is Map and _written(value) for value in values)


def _written(node: Map) -> bool:
    """Whether `flux bootstrap` has written an object, whatever was merged into it."""
    while node.of:
        node = next(iter(node.of.values()))
    return node.path.endswith("/gotk-components.yaml")


def _named(values: Sequence[Value], names: Names) -> bool:
    """Whether the values are lists of maps to be compared item by item: each has identities, or has one item only and another has them."""
    lists = [value for value in values if isinstance(value, Seq)]
    named = [bool(names(items)) for items in lists]
    lone = all(len(items) == 1 and isinstance(items[0], Map) for items in lists)
    all_named = all(has or not items for has, items in zip(named, lists, strict=True))
    return len(lists) == len(values) and any(lists) and (all_named or (any(named) and lone))


def _alike(present: tuple[Setting, ...]) -> bool:
    first = present[0].value
    return all(s.value is first or (type(s.value) is type(first) and s.value == first) for s in present[1:])


def _children(place: _Place, names: Names) -> Mapping[str, _Child]:
    """What is to be compared below a place, by key: nothing at keys that all nodes have if all say the same there."""
    distinct = list({id(node): node for node in place.nodes}.values())
    common = _common(distinct, names)
    if common is not None:
        return {segment: _child(place, segment, key) for segment, key in common.items() if segment in _WAYS or _varies(distinct, key)}
    table: dict[str, list[Setting]] = {}
    lone = next((known[0] for node in distinct if isinstance(node, Seq) and (known := names(node)) and len(known) == 1), "")
    for env, node in _nodes(place):
        if isinstance(node, Map):
            for key in node:
                table.setdefault(key, []).append(Setting(env, node, key))
        else:
            for index, name in enumerate(names(node) or (lone,) * len(node)):
                table.setdefault(f"[{name}]", []).append(Setting(env, node, index))
    if any(len(settings) < len(place.nodes) for settings in table.values()):
        table = _paired(table, len(place.nodes), subjects=not place.path)
        if all(isinstance(node, Seq) for node in place.nodes) and not of_kustomization(place.path[0]):
            table = united(table, len(place.nodes))
    return table


def _nodes(place: _Place) -> Iterator[tuple[Environment, Map | Seq]]:
    return zip(place.environments, place.nodes, strict=True)


def _common(nodes: Sequence[Map | Seq], names: Names) -> dict[str, str | int] | None:
    """The keys of nodes, each with what leads there in all of them; None if one has others than the rest, or has them in another order."""
    if not nodes:
        return {}
    first = nodes[0]
    if isinstance(first, Map):
        return {key: key for key in first} if all(isinstance(node, Map) and node.keys() == first.keys() for node in nodes) else None
    own = names(first)
    if not own or any(isinstance(node, Map) or names(node) != own for node in nodes):
        return None
    return {f"[{name}]": index for index, name in enumerate(own)}


def _varies(nodes: Sequence[Map | Seq], key: str | int) -> bool:
    """Whether there is anything to compare at a key that all nodes have."""
    value = nodes[0][key]  # type: ignore[index]  # a str for a Map, an int for a Seq
    kind = type(value)
    for node in nodes:
        other = node[key]  # type: ignore[index]  # as above
        if other is not value and (kind in _NODES or type(other) is not kind or other != value):
            return True
    return False


def _child(place: _Place, segment: str, key: str | int) -> _Child:
    """What is below a key that all nodes have."""
    path = (*place.path, segment)
    values: list[Map] = [node[key] for node in place.nodes]  # type: ignore[index]  # as above
    plain = segment not in _WAYS and len(path) <= _MAX_DEPTH and not any(path in env.disabled for env in place.environments)
    if plain and all(type(value) is Map for value in values) and not _generated(path, values):
        return _Place(path, place.environments, values)
    return [Setting(env, node, key) for env, node in _nodes(place)]


def _paired(table: dict[str, list[Setting]], count: int, *, subjects: bool) -> dict[str, list[Setting]]:
    """The table with keys united that differ only in the name of their environment, or that are each one's only object of a kind."""
    united: dict[str, list[Setting]] = {}
    spelling: dict[str, str] = {}
    for key, settings in table.items():
        if len(settings) == count and key not in spelling:
            spelling[key] = key
            united[key] = list(settings)
            continue
        for setting in settings:
            neutral = key if len(settings) == count else neutralise(key, setting.environment)
            name = spelling.setdefault(neutral, key)
            if any(s.environment is setting.environment for s in united.get(name, ())):
                name = key  # two keys of one environment fell together: they are two things
            united.setdefault(name, []).append(setting)
    return _lone_kinds(united, count) if subjects else united


def _lone_kinds(table: dict[str, list[Setting]], count: int) -> dict[str, list[Setting]]:
    """Subjects of a kind of which no environment has more than one are one and the same, whatever their names."""
    kinds: dict[str, list[str]] = {}
    for subject in table:
        kinds.setdefault(subject if of_kustomization(subject) else subject.partition("/")[0], []).append(subject)
    out: dict[str, list[Setting]] = {}
    for subject, settings in table.items():
        rivals = kinds.get(subject) or kinds[subject.partition("/")[0]]
        everyone = [s for name in rivals for s in table[name]] if len(rivals) <= count else []
        if len(rivals) == 1 or not 0 < len(everyone) <= count or len({id(s.environment) for s in everyone}) < len(everyone):
            out[subject] = settings
        elif subject == rivals[0]:
            out[subject] = everyone
    return out


def neutralise(key: str, environment: Environment) -> str:
    """A key with the names of its environment taken out: `shop-prod` and `shop-dev` are one thing."""
    return _neutral(key, environment.words)


@lru_cache(maxsize=32_768)  # siblings have most of their keys and files in common, and many rules ask
def _neutral(key: str, words: frozenset[str]) -> str:
    if not any(map(key.lower().__contains__, words)):
        return key
    for word in sorted(words, key=lambda word: (-len(word), word)):  # `pre-prod-eu` before `pre-prod`
        if "-" in word and word in key.lower():
            key = re.sub(re.escape(word), "{env}", key, flags=re.IGNORECASE)
    parts = re.split(r"([^A-Za-z0-9]+)", key)
    return "".join("{env}" if part.lower() in words else part for part in parts)


def identity(items: Seq) -> tuple[str, ...] | None:
    """What identifies the items of a list, if all are maps that share a unique scalar field; None for other lists."""
    if not items or any(type(item) is not Map for item in items):
        return None
    for field in IDENTITIES:
        if field in items[0]:
            names = [item.get(field) for item in items]
            if all(type(name) in _NAMING for name in names) and len(set(map(str, names))) == len(names):
                return tuple(map(str, names))
    return None


def leaves(value: Value, path: KeyPath = ()) -> Iterator[KeyPath]:
    """The path of every leaf below a value, list items by identity; a scalar, an empty container or another list is its own leaf."""
    stack: list[tuple[KeyPath, Value]] = [(path, value)]
    while stack:
        at, node = stack.pop()
        found: list[tuple[KeyPath, Value]] = []
        if type(node) is Map:
            found = [((*at, segment), child) for segment, child in node.items()]
        elif type(node) is Seq:
            found = [((*at, f"[{name}]"), child) for name, child in zip(identity(node) or (), node, strict=False)]
        if found:
            stack += reversed(found)
        else:
            yield at
