"""Plain scalars that are read as a number or a boolean where a text is meant, or print otherwise than they are written.

Sources: the resolver of go-yaml v2 and Go's printing of Helm's float64 numbers; and the fields that the Kubernetes API declares as
strings or maps of strings (core/v1, meta/v1), where it refuses anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from gitops_lint.extract.walk import Place, is_object, places, subject
from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.model import Document
from gitops_lint.node import Location, Map, Opaque, Seq, Value, item_location, value_location


class Sort(StrEnum):
    """Why an odd scalar matters."""

    VERSION = "version"  # names a version, and prints as another
    IDENTIFIER = "identifier"  # a long number that prints with an exponent
    TEXT = "text"  # the API takes only text here
    WORD = "word"  # yes, no, on, off: a boolean that reads like a word
    BASE = "base"  # octal, hexadecimal, underscores, exponents
    VARIABLE = "variable"  # a map of environment variables, which are text
    BESIDE = "beside"  # everything beside it is text
    QUANTITY = "quantity"  # a number beside quantities with a unit


class Odd(NamedTuple):
    """One such scalar: its path, as it is written, its value, and where."""

    key: KeyPath
    written: str
    value: Value
    at: Location
    sort: Sort

    @property
    def aliases(self) -> tuple[str, ...]:
        """The path inside the object, without its subject: two objects of a file are seldom told apart by anything else."""
        return (dotted(self.key[1:]),) if self.key[0].endswith(":") else ()


_VERSION = re.compile(
    r"(?:^|[-_.]|(?<=[a-z0-9]))(?:tag|version|revision|sha|commit|digest|release|semver)$|^(?:targetRevision|appVersion)$", re.IGNORECASE
)
_IDENTIFIER = re.compile(r"(?:^|[-_.])(?:id|account|number|serial|build)$|(?:Id|ID|AccountNumber)$")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_MODE = re.compile(r"mode$|umask$|permissions?$|chmod", re.IGNORECASE)
_TEXT_MAPS = frozenset({"labels", "annotations", "matchLabels", "nodeSelector", "substitute", "commonLabels", "commonAnnotations"})
_TEXT_MAPS_IN_VALUES = re.compile(r"(?:^|[a-z])(?:labels|annotations|Labels|Annotations)$|^nodeSelector$")
_UNIT = re.compile(r"\d+(?:\.\d+)?(?:[kKMGTPE]i?|m)")
_ELSEWHERE = re.compile(r"(?:^|/)(?:\.github/|[^/]*compose[^/]*\.ya?ml$)")  # read by other programs, with other rules
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off"})
_NEVER_ODD = frozenset((str, Opaque, Map, type(None)))  # by type: the reader makes no others, and isinstance takes three times as long
_SWITCHES = frozenset(("enabled", "create"))  # of a feature that is about labels, and no label
_LEAST = 2  # a lone neighbour shows nothing


_last: list[tuple[Document, list[Odd]]] = []  # two rules ask for the same ones in turn


def odd_scalars(document: Document) -> Iterator[Odd]:
    """Every odd scalar of a document, in order."""
    if not (_last and _last[0][0] is document):
        _last[:] = [(document, list(_odd_scalars(document)))]
    return iter(_last[0][1])


def _odd_scalars(document: Document) -> Iterator[Odd]:
    if document.encrypted or _ELSEWHERE.search(document.path):
        return
    for root in document.roots:
        if not isinstance(root.value, Map):
            continue  # a playbook, or a list of who knows what
        kind = str(root.value.get("kind", "")) if is_object(root.value) else ""
        if document.path.endswith(".json") and not kind:
            continue  # written by a program, which knows its types
        for place in places(root.value, subject(root.value)):
            yield from _in_map(place, kind)


def _in_map(place: Place, kind: str) -> Iterator[Odd]:
    node = place.node
    text_only: bool | None = None
    for key, value in node.items():
        if type(value) in _NEVER_ODD:
            continue
        if isinstance(value, Seq):
            if key in ("args", "command") and "containers[" in "".join(place.path[-2:]).lower():
                yield from _in_list((*place.path, key), value)
            continue
        if text_only is None:
            text_only = _text_only(place, kind)
        written = (node.written or {}).get(key)
        of_text = (text_only and key not in _SWITCHES) or _is_env_value(place, key)
        sort = Sort.TEXT if of_text else _sort(place, key, value, written, bool(kind))
        if sort is not None:
            yield Odd((*place.path, key), written or _printed(value), value, value_location(node, key), sort)


def _in_list(path: KeyPath, items: Seq) -> Iterator[Odd]:
    for index, value in enumerate(items):
        if isinstance(value, bool | int | float):
            written = (items.written or {}).get(index) or _printed(value)
            yield Odd((*path, f"[{index}]"), written, value, item_location(items, index), Sort.TEXT)


def _text_only(place: Place, kind: str) -> bool:
    """Whether the API declares the mapping as one of strings; in values, whether charts copy it to such a place."""
    path = place.path
    if not kind or (kind == "HelmRelease" and "values" in path):
        flat = not any(isinstance(value, Map | Seq) for value in place.node.values())
        return flat and _TEXT_MAPS_IN_VALUES.search(place.parent) is not None
    if kind in ("ConfigMap", "Secret") and path[1:] in (("data",), ("stringData",)):
        return True
    return place.parent in _TEXT_MAPS and not path[-1].startswith("[") and (path[1:2] == ("metadata",) or "spec" in path or len(path) == 1)


def _is_env_value(place: Place, key: str) -> bool:
    """Whether the key is the value of a container's environment variable, in an object or in a list that a chart copies."""
    if key != "value" or not isinstance(place.node.get("name"), str) or len(place.path) < _LEAST:
        return False
    return re.search(r"env(?:ironment)?(?:vars?|variables)?$", place.path[-2], re.IGNORECASE) is not None


def _sort(place: Place, key: str, value: Value, written: str | None, of_object: bool) -> Sort | None:  # noqa: FBT001
    if written is not None and not isinstance(value, bool):
        found = _number(key, value, written, of_object)
        if found is not None:
            return found
    if isinstance(value, bool) and written is not None and written.lower() in _WORDS:
        return Sort.WORD
    if not of_object and _VARIABLE.fullmatch(key) and len(key) > _LEAST and not _VARIABLE.fullmatch(place.parent):
        return Sort.VARIABLE
    if _beside_text(place.node, key):
        return Sort.BESIDE
    return Sort.QUANTITY if key in ("cpu", "memory") and isinstance(value, int) and _beside_units(place.node, key) else None


def _number(key: str, value: Value, written: str, of_object: bool) -> Sort | None:  # noqa: FBT001
    """A number that prints otherwise. An object's whole numbers do not: only Helm makes them floats."""
    if of_object and isinstance(value, int) and written == str(value):
        return None
    if _VERSION.search(key):
        return Sort.VERSION
    if _IDENTIFIER.search(key):
        return Sort.IDENTIFIER
    plain = re.fullmatch(r"[-+]?\d+(?:\.\d*)?", written) and not re.match(r"[-+]?0\d", written)
    return None if plain or _MODE.search(key) else Sort.BASE


def _beside_text(node: Map, key: str) -> bool:
    """Whether a dotted key, as of a configuration file, stands among dotted keys that are all text."""
    return "." in key and _dotted(node) == (key,)


_counted: list[tuple[Map, tuple[str, ...]]] = []  # the scalars of a mapping follow one another


def _dotted(node: Map) -> tuple[str, ...]:
    """The dotted keys of a mapping that are no text, the first two of them, if enough others are."""
    if not (_counted and _counted[0][0] is node):
        among = [(key, isinstance(value, str)) for key, value in node.items() if "." in key]
        odd = tuple(key for key, is_text in among if not is_text)
        _counted[:] = [(node, odd[:2] if len(among) > _LEAST else ())]
    return _counted[0][1]


def _beside_units(node: Map, key: str) -> bool:
    return any(isinstance(value, str) and _UNIT.fullmatch(value) for other, value in node.items() if other != key)


def _printed(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
