"""Which objects a selector means: names as anchored regular expressions, labels and annotations as Kubernetes selects them.

Sources: kustomize api/types/selector.go and api/resmap/reswrangler.go; k8s.io/apimachinery/pkg/labels/selector.go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from gitops_lint.merge.kustomize.kustomization import string
from gitops_lint.merge.kustomize.resource import Id, Resource, strings
from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.node import Map, key_location
from gitops_lint.regex import regex

_FIELDS = ("group", "version", "kind", "name", "namespace", "labelSelector", "annotationSelector")
_REQUIREMENT = regex(
    r"\s*(?:(?P<absent>!)\s*(?P<without>[^\s,=!()<>]+)"
    r"|(?P<key>[^\s,=!()<>]+)\s*(?:(?P<operator>==|=|!=|<|>)\s*(?P<value>[^\s,=!()]*)|(?P<set>in|notin)\s*\((?P<values>[^()]*)\))?)\s*(?:,|$)"
)

_NESTED = regex(r"[*+?|}][^(]*\)[^(]*?\)*(?<=\))(?:[*+]|\{\d*,)")  # a repetition of what repeats or chooses itself
_UNBOUNDED = regex(r"(?<!\\)[*+]|\{\d*,\}")
_SPECIAL = regex(r"[$^\\()\[\]{}|*+?]")
_MOST = 6  # repetitions in one expression
_LONGEST = 512  # letters in a text that is matched; names end at 253

Holds = Callable[[dict[str, str]], bool]


class Selector(NamedTuple):
    """A selector as it is written; an empty field selects everything."""

    group: str = ""
    version: str = ""
    kind: str = ""
    name: str = ""
    namespace: str = ""
    labels: str = ""
    annotations: str = ""

    @property
    def bare(self) -> bool:
        """It says nothing of the id."""
        return not (self.group or self.version or self.kind or self.name or self.namespace)

    def fits_type(self, id_: Id) -> bool:
        """Group, version and kind fit."""
        return (
            (not self.group or _fits(self.group, id_.group))
            and (not self.version or _fits(self.version, id_.version))
            and (not self.kind or _fits(self.kind, id_.kind))
        )

    def fits_marks(self, node: Map) -> bool:
        """Labels and annotations fit. Raises BuildError for a selector that does not parse."""
        return (not self.labels or parse(self.labels)(strings(node, "labels"))) and (
            not self.annotations or parse(self.annotations)(strings(node, "annotations"))
        )


def selector(node: object, known: Iterable[str] = _FIELDS) -> Selector:
    """A selector out of a kustomization file. Raises BuildError for a field that is none, or no string."""
    if not isinstance(node, Map):
        raise BuildError("the target is no map")
    allowed = {field.lower(): field for field in known}
    values: dict[str, str] = {}
    for key, value in node.items():
        if key.lower() not in allowed or not isinstance(value, str):
            place = key_location(node, key)
            if key.lower() not in allowed:
                raise BuildError(f"the target has a field `{key}`, which kustomize does not know", place.path, place.line)
            value = string(value, key, place.path, place.line)  # noqa: PLW2901  nothing becomes an empty text
        values[key.lower()] = value
    return Selector(*(values.get(field.lower(), "") for field in _FIELDS))


def select(resources: list[Resource], wanted: Selector) -> list[int]:
    """The indices of the objects that a selector means. Raises BuildError for an expression that is none."""
    out = []
    for index, resource in enumerate(resources):
        now, then = resource.id, resource.original
        if (
            wanted.fits_type(now)
            and (_fits(wanted.name, then.name) or _fits(wanted.name, now.name))
            and (_fits(wanted.namespace, then.space) or _fits(wanted.namespace, now.space))
            and wanted.fits_marks(resource.node)
        ):
            out.append(index)
    return out


def fits_id(wanted: Selector, id_: Id) -> bool:
    """The selector of a replacement fits one of an object's ids."""
    return wanted.fits_type(id_) and _fits(wanted.name, id_.name) and _fits(wanted.namespace, id_.namespace)


@lru_cache(maxsize=8192)  # one pattern after the other is held against the same few kinds and names
def _fits(pattern: str, text: str) -> bool:
    same = pattern == text and not _SPECIAL.search(pattern)  # `${NAME}` is an expression that nothing fits, not even itself
    return not pattern or same or (len(text) <= _LONGEST and compiled(pattern).fullmatch(text) is not None)


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> re.Pattern[str]:
    """An expression in Go's syntax, as far as Python has it. Raises BuildError.

    Go matches in linear time and Python does not: an expression that could take for ever is refused.
    """
    if _NESTED.search(pattern) or len(_UNBOUNDED.findall(pattern)) > _MOST:
        raise BuildError(f"`{pattern}` is too complicated an expression to be evaluated")
    try:
        return re.compile(pattern)
    except re.error as error:
        raise BuildError(f"`{pattern}` is no regular expression: {error}") from None


@lru_cache(maxsize=1024)
def parse(text: str) -> Holds:
    """A label selector. Raises BuildError for one that does not parse."""
    tests: list[Holds] = []
    position = 0
    while position < len(text):
        found = _REQUIREMENT.match(text, position)
        if found is None or found.end() == position:
            raise BuildError(f"`{text}` is no label selector")
        tests.append(_requirement(found, text))
        position = found.end()
    return lambda labels: all(test(labels) for test in tests)


def _requirement(found: re.Match[str], text: str) -> Holds:
    if found["absent"]:
        without = found["without"]
        return lambda labels: without not in labels
    key, operator = found["key"], found["operator"] or found["set"]
    if not operator:
        return lambda labels: key in labels
    if operator in ("<", ">"):
        raise BuildError(f"`{text}` compares numbers, which is not evaluated")
    values = {value.strip() for value in found["values"].split(",")} if found["set"] else {found["value"]}
    if operator in ("!=", "notin"):
        return lambda labels: labels.get(key) not in values
    return lambda labels: labels.get(key) in values
