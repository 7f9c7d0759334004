"""Merging two lists whose items are known by the values of some fields, exactly as kustomize's walk does it.

Source: kustomize kyaml/yaml/walk/associative_sequence.go and `ElementSetter` in kyaml/yaml/fns.go. Items of the patch come first; an item
without a key, and a list that holds a key twice, give what the original gives.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from gitops_lint.merge.kustomize.edit import Origin, copied, mark, put, sequence
from gitops_lint.merge.kustomize.resource import text
from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.node import Map, Seq, Value

_LOOKS = 2_000_000  # at an item, in lists with doubles


class Item(NamedTuple):
    """An item with the list and index it was written at."""

    value: Value
    source: Seq
    position: int


Key: TypeAlias = tuple[str, ...]
Indexed: TypeAlias = "dict[Key, Item]"
Combine: TypeAlias = "Callable[[Item | None, Item | None], tuple[Value | None, bool]]"


def merge_items(dest: Seq, patch: Seq, keys: tuple[str, ...], combine: Combine) -> Seq | None:
    """The merged list; `combine` merges two items and says whether the old one was changed in place. Raises BuildError."""
    old = [Item(value, dest, index) for index, value in enumerate(dest)]
    new = old if patch is dest else [Item(value, patch, index) for index, value in enumerate(patch)]
    for item in (*old, *new):
        if not isinstance(item.value, Map):
            raise BuildError(f"an item of a list that merges by `{keys[0]}` is no map")
    wanted = _wanted(new, old, keys)
    used, wanted = _used(wanted, keys)
    by_old, by_new = _indexed(old, used), _indexed(new, used)
    if by_old is not None and by_new is not None:
        out = _merge_distinct(by_old, by_new, wanted, combine, many=len(used) > 1)
        return sequence([(item.value, item.source, item.position) for item in out], dest)
    if len(wanted) * (len(old) + len(new)) > _LOOKS:
        raise BuildError(f"a list that merges by `{keys[0]}` is too long for the doubles in it")
    added: list[Item] = []
    for values in wanted:
        found, given = _first(old, used, values), _first(new, used, values)
        value, in_place = combine(old[found] if found is not None else None, new[given] if given is not None else None)
        if not value:
            if patch is dest and found is not None:
                old[found] = old[found]._replace(value=Map())  # the directive has gone from it, and with it the item
            old = _set(old, None, used, values)
            new = old if patch is dest else new
            continue
        source = old[found] if found is not None and (given is None or in_place) else new[given if given is not None else 0]
        item = Item(_keyed(value, used, values), source.source, source.position)
        if found is not None and in_place:
            old[found] = item
            new = old if patch is dest else new
        added = _set(added, item, used, values)
    out = _append(added, old, used) if wanted else old
    return sequence([(item.value, item.source, item.position) for item in out], dest)


def _indexed(items: list[Item], keys: tuple[str, ...]) -> Indexed | None:
    """The items by what they are known by; None if one is not, or not alone."""
    out: Indexed = {}
    for item in items:
        values = tuple(_value(item, key) for key in keys)
        if not all(values) or values in out:
            return None
        out[values] = item
    return out


def _merge_distinct(old: Indexed, new: Indexed, wanted: list[Key], combine: Combine, *, many: bool) -> list[Item]:
    """The merge of lists in which every item is known by its own values: the common case, for which one look at each is enough."""
    kept: dict[Key, Item] = {}
    for values in wanted:
        before, after = old.get(values), new.get(values)
        value, in_place = combine(before, after)
        home = before or after
        if not value or home is None:
            continue
        # kustomize puts an item that was replaced back
        kept[values] = home if before is not None and not in_place else Item(value, home.source, home.position)
    if many:  # old items go to the end, in their order
        return [*(item for values, item in kept.items() if values not in old), *(kept[values] for values in old if values in kept)]
    return list(kept.values())


def _wanted(new: list[Item], old: list[Item], keys: tuple[str, ...]) -> list[Key]:
    seen: dict[Key, None] = {}
    for item in (*new, *old):
        seen.setdefault(tuple(_value(item, key) for key in keys))
    return list(seen)


def _value(item: Item, key: str) -> str:
    value = item.value.get(key) if isinstance(item.value, Map) else None
    return text(value)


def _used(wanted: list[Key], keys: tuple[str, ...]) -> tuple[tuple[str, ...], list[Key]]:
    """The keys that any item has, and the values under them: `mergeValues` and `validateKeys`."""
    if len(keys) > 1:
        wanted = _merge_values(wanted)
    present = [any(values[number] for values in wanted) for number in range(len(keys))]
    if not any(present):
        return keys, wanted
    used = tuple(key for key, there in zip(keys, present, strict=True) if there)
    return used, [tuple(value for value, there in zip(values, present, strict=True) if there) for values in wanted]


def _merge_values(wanted: list[Key]) -> list[Key]:
    """Two items that agree where both have a key are one: `containerPort: 80` and `containerPort: 80, protocol: TCP`."""
    out = list(wanted)
    for i in range(len(out)):
        for j in range(len(out)):
            joined = _joined(out[i], out[j])
            if joined is not None:
                out[i] = out[j] = joined
    return out


def _joined(one: Key, other: Key) -> Key | None:
    if any(a and b and a != b for a, b in zip(one, other, strict=True)):
        return None
    if not any(a == b for a, b in zip(one, other, strict=True)):
        return None
    return tuple(a or b for a, b in zip(one, other, strict=True))


def _first(items: list[Item], keys: tuple[str, ...], values: Key) -> int | None:
    """The first item with these values: those that are empty count only if all are (`elementValueList`)."""
    pairs = [(key, value) for key, value in zip(keys, values, strict=True) if value] or list(zip(keys, values, strict=True))
    for index, item in enumerate(items):
        if isinstance(item.value, Map) and all(key in item.value and text(item.value[key]) == value for key, value in pairs):
            return index
    return None


def _set(items: list[Item], item: Item | None, keys: tuple[str, ...], values: Key) -> list[Item]:
    """Replace what matches, or append; take it away where `item` is None. As `ElementSetter`."""
    out: list[Item] = []
    matched = False
    for old in items:
        if not old.value:
            continue
        if not _matches(old, keys, values):
            if values:
                out.append(old)
            continue
        matched = True
        if item is not None:
            out.append(item)
    if item is not None and not matched:
        out.append(item)
    return out


def _matches(item: Item, keys: tuple[str, ...], values: Key) -> bool:
    found: bool = False
    for number, key in enumerate(keys):
        if number < len(values):
            held = item.value.get(key) if isinstance(item.value, Map) else None
            found = isinstance(item.value, Map) and key in item.value and (not values[number] or text(held) == values[number])
        if not found:
            return False
    return True


def _keyed(value: Value, keys: tuple[str, ...], values: Key) -> Value:
    """The item with the fields that identify it, which a patch may have left out."""
    if not isinstance(value, Map):
        return value
    lacking = [(key, wanted) for key, wanted in zip(keys, values, strict=True) if wanted and key not in value]
    if not lacking:
        return value
    out = copied(value)
    for key, wanted in lacking:
        put(out, key, wanted, mark(key, wanted, Origin(value.path, value.at, value.at)))
    return out


def _append(added: list[Item], old: list[Item], keys: tuple[str, ...]) -> list[Item]:
    """`appendListNode`: items of the old list over those of the new one that they are known as, the others after them."""
    out = added
    for item in old:
        values: list[str] = []
        for key in keys:
            held = item.value.get(key) if isinstance(item.value, Map) else None
            if held is None and not (isinstance(item.value, Map) and key in item.value):
                out = [*out, item]
            else:
                values.append(text(held))
        if len(keys) > 1:
            out = _set(out, None, keys, tuple(values))
        out = _set(out, item, keys, tuple(values))
    return out
