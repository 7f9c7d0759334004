"""Strategic merge patches, as kustomize applies them: by its own walk over both trees, not by the API server's rules.

Source: kustomize kyaml/yaml/merge2 and kyaml/yaml/walk, v0.21.1 (kustomize 5.8.1). `$setElementOrder` and `$retainKeys` are ordinary
keys to it. What this gives shares every part that the patch does not touch, and never changes what it is given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

from gitops_lint.merge.kustomize.edit import copied, dropped, put, sequence, without
from gitops_lint.merge.kustomize.keyed import Item, merge_items
from gitops_lint.merge.kustomize.lettering import written
from gitops_lint.merge.kustomize.loading import hollow
from gitops_lint.merge.kustomize.schema import TYPES, Listing, type_of
from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.node import Map, Seq, Value


class Gone:
    """The absence of a value: not there on one side, or taken away by the patch."""


GONE: Final = Gone()
Side: TypeAlias = "Value | Gone"
Quoted: TypeAlias = Callable[[Map, str], bool]
_DIRECTIVE = "$patch"
_STRATEGIES = ("delete", "replace", "merge")


class How(NamedTuple):
    """What the trees themselves do not say.

    `quoted` tells whether a text of the object is written in quotes: a number that is patched over it takes them on, and is text.
    `blank` says that the object holds nulls that are written as nothing, which no patched object keeps.
    """

    quoted: Quoted
    blank: bool = False


def patched(node: Map, patch: Map, how: How) -> Map | None:
    """The object with a strategic merge patch applied; None if the patch deletes it. Raises BuildError where the two do not fit.

    One that would replace the whole object does nothing: kustomize keeps the node that it walks from, and not what the walk gives.
    """
    if patch.get(_DIRECTIVE) == "replace":
        return node
    out = _walk(node, patch, None, how)
    return out if isinstance(out, Map) and out else None


def _walk(dest: Side, patch: Side, kind: str | Listing | None, how: How) -> Side:
    first = dest if not _missing(dest) else patch
    if _missing(first):
        return GONE if patch is None else dest
    shape: type[Map | Seq | object] = Map if isinstance(first, Map) else Seq if isinstance(first, Seq) else object
    if not _missing(patch) and not _missing(dest) and not _fits(patch, shape):
        raise BuildError("the patch has another type of value than what it patches")
    if shape is Map:
        return _walk_map(dest, patch, kind if isinstance(kind, str) else None, how)
    if shape is Seq and isinstance(kind, Listing):
        return _walk_keyed(dest, patch, kind, how)
    if patch is GONE:
        return dest
    return GONE if patch is None else patch


def _missing(side: Side) -> bool:
    return side is None or side is GONE


def _fits(side: Side, shape: type) -> bool:
    return isinstance(side, Map) if shape is Map else isinstance(side, Seq) if shape is Seq else not isinstance(side, Map | Seq)


def _walk_map(dest: Side, patch: Side, kind: str | None, how: How) -> Side:
    if not isinstance(patch, Map):
        return GONE if patch is None else dest
    strategy, rest = _directive(patch)
    if strategy == "delete":
        return GONE
    kind = _kind(dest, rest, kind)
    if strategy == "replace" or not isinstance(dest, Map):
        return _settled_map(rest, kind)
    return _merged(dest, rest, kind, how)


def _kind(dest: Side, patch: Map, kind: str | None) -> str | None:
    """The type of a map: the one its parent says, or, below no known type, the one it declares itself."""
    if kind is not None:
        return kind
    for side in (dest, patch):
        if isinstance(side, Map) and side.get("kind") and side.get("apiVersion"):
            found = type_of(str(side["apiVersion"]), str(side["kind"]))
            if found is not None:
                return found
    return None


def _field(kind: str | None, name: str) -> str | Listing | None:
    return None if kind is None else TYPES[kind].get(name, "")


def _merged(dest: Map, patch: Map, kind: str | None, how: How) -> Map:
    out = copied(dest)
    for key, value in patch.items():
        old: Side = dest.get(key, GONE)
        new = _walk(old, value, _field(kind, key), how)
        if isinstance(new, Gone) or new is None:
            out.pop(key, None)
        elif new is old and isinstance(new, Map | Seq):
            continue
        elif isinstance(new, Map | Seq) and not isinstance(old, Gone) and old is not None and new is not value:
            out[key] = new  # merged: the key itself stays where it was
        else:
            same_style = isinstance(old, str) and isinstance(new, bool | int | float) and how.quoted(dest, key)
            put(out, key, written(patch, key) if same_style else new, patch)
    for key in dest.keys() - patch.keys():
        _replace(out, key, GONE if how.blank and hollow(dest, key) else _tidied(dest[key], _field(kind, key), how))
    return out


def _replace(out: Map, key: str, new: Side) -> None:
    if isinstance(new, Gone):
        del out[key]
    elif new is not out[key]:
        out[key] = new


def _tidied(dest: Value, kind: str | Listing | None, how: How) -> Side:
    """What becomes of a part of the object that the patch says nothing about: its keyed lists lose doubles, its maps empty nulls."""
    if isinstance(dest, Map):
        known = kind if isinstance(kind, str) else None
        fields = dest if how.blank else TYPES[known] if known else {}
        out = dest
        for key in fields:
            if key not in dest:
                continue
            new: Side = GONE if how.blank and hollow(dest, key) else _tidied(dest[key], _field(known, key), how)
            if new is not dest[key]:
                out = copied(out) if out is dest else out
                _replace(out, key, new)
        return out
    if isinstance(dest, Seq) and isinstance(kind, Listing) and dest:
        return _merged_lists(dest, Seq(dest.path, dest.at), kind, how)
    return dest


def _settled(patch: Side, kind: str | Listing | None) -> Side:
    """What a patch leaves where nothing was: without its nulls and directives. As a walk of the patch over itself."""
    if isinstance(patch, Map):
        strategy, rest = _directive(patch)
        return GONE if strategy == "delete" else _settled_map(rest, _kind(GONE, rest, kind if isinstance(kind, str) else None))
    if isinstance(patch, Seq) and isinstance(kind, Listing):
        return _walk_keyed(patch, patch, kind, How(lambda _node, _key: False))
    return GONE if patch is None else patch


def _settled_map(patch: Map, kind: str | None) -> Map:
    out = patch
    for key, value in patch.items():
        new = _settled(value, _field(kind, key))
        if new is value:
            continue
        out = copied(out) if out is patch else out
        if isinstance(new, Gone):
            del out[key]
        else:
            out[key] = new
    return out


def _directive(patch: Map) -> tuple[str, Map]:
    strategy = patch.get(_DIRECTIVE)
    if strategy is None:
        return "merge", patch
    if strategy not in _STRATEGIES:
        raise BuildError(f"`$patch: {strategy}` is no patch strategy")
    return str(strategy), dropped(patch, _DIRECTIVE)


def _list_directive(patch: Seq) -> tuple[str, Seq]:
    """The strategy for a whole list is an item of its own, that holds nothing else."""
    for item in patch:
        if isinstance(item, Map) and item.get(_DIRECTIVE) is not None:
            if len(item) > 1:
                return "merge", patch
            strategy = item[_DIRECTIVE]
            if strategy not in _STRATEGIES:
                raise BuildError(f"`$patch: {strategy}` is no patch strategy")
            keep = [(v, patch, i) for i, v in enumerate(patch) if v and not (isinstance(v, Map) and v.get(_DIRECTIVE) == strategy)]
            return str(strategy), sequence(keep, patch)
    return "merge", patch


def _walk_keyed(dest: Side, patch: Side, listing: Listing, how: How) -> Side:
    if not isinstance(patch, Seq):
        return GONE if patch is None else dest
    strategy, rest = _list_directive(patch) if isinstance(dest, Seq) else ("merge", patch)
    if strategy == "delete":
        return GONE
    target = rest if strategy == "replace" or dest is patch or not isinstance(dest, Seq) else dest
    return _merged_lists(target, rest, listing, how)


def _merged_lists(dest: Seq, patch: Seq, listing: Listing, how: How) -> Side:
    if not listing.keys:
        return _union(dest, patch)

    def combine(old: Item | None, new: Item | None) -> tuple[Value | None, bool]:
        if new is None:
            after = GONE if old is None else _tidied(old.value, listing.item, how)
        elif old is not None and old.value is new.value:
            after = _settled(new.value, listing.item)
        elif old is None:
            after = _walk(GONE, new.value, listing.item, how)
        else:  # what an item is known by keeps its place
            after = _walk(old.value, _unnamed(new.value, old.value, listing.keys), listing.item, how)
        replacing = new is not None and isinstance(new.value, Map) and new.value.get(_DIRECTIVE) == "replace"
        return (None if isinstance(after, Gone) else after), not replacing or dest is patch

    return merge_items(dest, patch, listing.keys, combine)


def _unnamed(item: Value, old: Value, keys: tuple[str, ...]) -> Value:
    if not isinstance(item, Map) or not isinstance(old, Map) or _DIRECTIVE in item:
        return item
    return without(item, old, keys)


def _union(dest: Seq, patch: Seq) -> Seq:
    seen: set[str] = set()
    items: list[tuple[Value, Seq, int]] = []
    for side in (patch, dest):
        for index, value in enumerate(side):
            if str(value) not in seen:
                seen.add(str(value))
                items.append((value, side, index))
    return dest if [item[0] for item in items] == dest else sequence(items, dest)
