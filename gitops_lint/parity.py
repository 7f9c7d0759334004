"""Differences explained: a key that is missing here because it stands somewhere else, or under almost the same name.

One thing is said once, so each difference gets one kind, and each rule takes those of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gitops_lint.fold import fold
from gitops_lint.keypath import KeyPath
from gitops_lint.model import Comparison, Difference, Setting, Twin
from gitops_lint.node import Map, Seq

_COMMON_WORDS = frozenset(
    (
        *("annotations", "class", "config", "cpu", "data", "enabled", "env", "host", "hosts", "image", "key", "kind", "labels"),
        *("limits", "memory", "metadata", "name", "namespace", "path", "port", "ports", "replicas", "requests", "resources"),
        *("schedule", "secret", "size", "spec", "tag", "tls", "type", "url", "value", "values", "version"),
    )
)
_CROWD = 60
_LIKENESSES = 12
_FAMILY = 500  # of more keys in one place some are always near to one another
_MIN_NEAR = 5  # shorter keys are near to too many others
_SHARED_ANCESTOR = 2  # how far above both keys the nearest common parent may be


def explain(comparison: Comparison) -> Comparison:
    """The comparison with each difference's kind and twin filled in; a difference that serves as a twin is not a difference of its own."""
    differences = fold(comparison.differences)
    rivals = _by_last_segment(differences)
    out: list[Difference] = []
    twins: set[KeyPath] = set()
    for difference in differences:
        if difference.path not in twins:
            explained = _explained(difference, rivals)
            out += _parted(explained)
            twins |= {explained.twin.path} if explained.twin is not None else set()
    return comparison._replace(differences=tuple(d for d in out if d.path not in twins))


def _parted(difference: Difference) -> Iterator[Difference]:
    """The difference for those that have the twin, and for the others, who simply lack the key, one of its own."""
    if difference.twin is None:
        yield difference
        return
    having = {s.environment.name for s in difference.twin.settings}
    yield difference._replace(lack=tuple(gap for gap in difference.lack if gap.environment.name in having))
    others = tuple(gap for gap in difference.lack if gap.environment.name not in having)
    if others:
        yield difference._replace(lack=others, kind="missing")


def _by_last_segment(differences: Iterable[Difference]) -> dict[str, list[Difference]]:
    table: dict[str, list[Difference]] = {}
    for difference in differences:
        table.setdefault(_fold(difference.path[-1]), []).append(difference)
        for key in _squeezed(_fold(difference.path[-1])):
            table.setdefault(key, []).append(difference)
    return table


def _explained(difference: Difference, extras: dict[str, list[Difference]]) -> Difference:
    last = _fold(difference.path[-1])
    for other in _few(extras, last, _CROWD):
        if _moved(difference, other):
            return difference._replace(kind="misplaced", twin=Twin(other.path, other.have))
    for key in _squeezed(last) if len(last) >= _MIN_NEAR else ():
        for other in _few(extras, key, _LIKENESSES):
            if _near(difference, other):
                return difference._replace(kind="near-miss", twin=Twin(other.path, other.have))
    return difference


def _few(extras: dict[str, list[Difference]], key: str, most: int) -> list[Difference]:
    """The rivals for a key, unless they are a crowd: of numbered keys all are near to all, and none is another's twin."""
    rivals = extras.get(key, [])
    return rivals if len(rivals) <= most else []


def _complementary(one: Difference, other: Difference) -> bool:
    """Whether exactly those that lack the one have the other, nobody has both, and the one is the more likely spelling."""
    lacking = {gap.environment.name for gap in one.lack}
    having = {s.environment.name for s in other.have}
    fewer = len(having) < len(one.have) or (len(having) == len(one.have) and _rank(one) <= _rank(other))
    return having <= lacking and fewer and not having & {s.environment.name for s in one.have}


def _rank(difference: Difference) -> int:
    """The lowest rank of those that have a key: of two, the lower environment's has been tried."""
    return min((s.environment.rank for s in difference.have if s.environment.rank is not None), default=0)


def _moved(one: Difference, other: Difference) -> bool:
    """Whether `other` is `one` under another parent: the same last key and the same sort of value, near enough in the tree."""
    if other is one or one.path[:-1] == other.path[:-1] or one.path[-1] != other.path[-1]:
        return False
    if one.path[-1].lower() in _COMMON_WORDS:
        return False
    if one.path[0].endswith(":") and one.path[0] != other.path[0]:
        return False
    shared = 0
    for left, right in zip(one.path, other.path, strict=False):
        if left != right:
            break
        shared += 1
    longer, shorter = max(len(one.path), len(other.path)), min(len(one.path), len(other.path))
    if _chosen(one, other):
        return False
    near = shorter - 1 - shared <= _SHARED_ANCESTOR and longer - shorter <= _SHARED_ANCESTOR
    return near and _complementary(one, other) and _same_sort(one.have, other.have)


def _chosen(one: Difference, other: Difference) -> bool:
    """Whether a flag stands at another item of the same list, which each environment may choose."""
    differing = [pair for pair in zip(one.path, other.path, strict=False) if pair[0] != pair[1]]
    items = len(one.path) == len(other.path) and all(a[:1] == b[:1] == "[" for a, b in differing)
    return items and all(isinstance(s.value, bool) for s in (*one.have, *other.have))


def _same_sort(left: tuple[Setting, ...], right: tuple[Setting, ...]) -> bool:
    kinds = {Map if isinstance(s.value, Map) else Seq if isinstance(s.value, Seq) else None for s in (*left, *right)}
    return len(kinds) == 1


def _near(one: Difference, other: Difference) -> bool:
    """Whether `other` is `one` but for a slip of the pen, in the same place."""
    if other is one or one.path[:-1] != other.path[:-1] or not _complementary(one, other) or not _same_sort(one.have, other.have):
        return False
    left, right = one.path[-1].strip("[]"), other.path[-1].strip("[]")
    if re.sub(r"\d+", "0", left) == re.sub(r"\d+", "0", right):
        return False
    slip = one_edit(left, right) and not (_in_a_family(one, left, right) or _in_a_family(other, right, left))
    return slip or _fold(left) == _fold(right)


def _in_a_family(difference: Difference, name: str, twin: str) -> bool:
    """Whether keys beside a key are as near to it as its twin is: machine sizes and numbered hosts are not slips of the pen."""
    if any(len(s.node) > _FAMILY for s in difference.have):
        return True
    keys = {key for s in difference.have if isinstance(s.node, Map) for key in s.node}
    return any(one_edit(name, key) for key in keys - {name, twin})


def _fold(key: str) -> str:
    return key.strip("[]").lower().replace("-", "_").replace(".", "_")


def _squeezed(key: str) -> set[str]:
    """The key with each of its letters left out in turn: two keys one edit apart share one of these, or one is among the other's."""
    return {key[:i] + key[i + 1 :] for i in range(len(key))} if len(key) <= 60 else set()  # noqa: PLR2004


def one_edit(left: str, right: str) -> bool:
    """Whether one insertion, deletion, replacement or swap of neighbours turns one word into the other."""
    if abs(len(left) - len(right)) > 1 or left == right:
        return False
    start = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    a, b = left[start:], right[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])
