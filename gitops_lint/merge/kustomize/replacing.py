"""Replacements: a value of one object copied into fields of others.

Sources: kustomize api/filters/replacement/replacement.go and kyaml/yaml/match.go (`PathMatcher`), v5.8.1.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from gitops_lint.merge.kustomize.edit import Origin, Weigh, copied, lone, mark, put, sequence, weigh
from gitops_lint.merge.kustomize.kustomization import string
from gitops_lint.merge.kustomize.resource import Id, Resource, text
from gitops_lint.merge.kustomize.selecting import compiled, fits_id, selector
from gitops_lint.merge.kustomize.splitting import split
from gitops_lint.merge.kustomize.trouble import AbsentError, BuildError
from gitops_lint.node import Map, Seq, Value, home, item_location, key_location, pack
from gitops_lint.reader.scalars import resolve

_SOURCE = ("group", "version", "kind", "name", "namespace")
_INDEX = re.compile(r"-?\d+")
_PAIR = re.compile(r"\[(?P<field>[^=\]]*)=(?P<value>.*)\]", re.DOTALL)


class Found(NamedTuple):
    """A value that is to be copied, and where it is written."""

    value: Value
    origin: Origin
    plain: bool = False  # written in the replacement itself, where it has no type of its own


class How(NamedTuple):
    """The options of a target: part of a delimited text, and whether to make what is missing."""

    delimiter: str = ""
    part: int = 0
    create: bool = False


def replace(resources: list[Resource], entry: Map, account: Weigh) -> None:
    """Carry out one replacement, in place; `account` is told of what is copied. Raises BuildError where kustomize would stop."""
    known = _lowered(entry)
    source, targets = known.get("source"), known.get("targets")
    if not isinstance(targets, Seq) or (source is None) == ("sourcevalue" not in known):
        raise BuildError("a replacement needs one source and targets")
    if source is None:
        place = key_location(entry, next(key for key in entry if key.lower() == "sourcevalue"))
        at = pack(place.line - 1, place.column - 1)
        found = Found(string(known["sourcevalue"], "sourceValue"), Origin(place.path, at, at), plain=True)
    else:
        found = _source(resources, source)
    for target in targets:
        _to_target(resources, found, target, account)


def _source(resources: list[Resource], source: Value) -> Found:
    if not isinstance(source, Map):
        raise BuildError("the source of a replacement is no map")
    known = _lowered(source)
    group, version, kind, name, namespace = (string(known.get(field), field) for field in _SOURCE)
    wanted = Id(group, version, kind, name, namespace, namespace or "default")
    matching = [resource for resource in resources if any(_selected(id_, wanted) for id_ in resource.ids())]
    if not matching:
        raise AbsentError(f"no object is the source {wanted} of a replacement")
    if len(matching) > 1:
        raise BuildError(f"several objects are the source {wanted} of a replacement")
    path = string(known.get("fieldpath"), "fieldPath") or "metadata.name"
    found = lookup(matching[0].node, split(path))
    if found is None or found.value is None or (isinstance(found.value, Map | Seq) and not found.value):
        raise BuildError(f"`{path}` is missing in {wanted}, a replacement's source")
    how = _how(known.get("options"))
    if not how.delimiter:
        return found
    parts = text(found.value).split(how.delimiter)
    if isinstance(found.value, Map | Seq) or not 0 <= how.part < len(parts):
        raise BuildError(f"there is no part {how.part} in `{path}` of {wanted}")
    return found._replace(value=parts[how.part])


def _selected(id_: Id, wanted: Id) -> bool:
    fits = all(not want or want == have for want, have in zip(wanted[:4], id_[:4], strict=True))
    return fits and (not wanted.namespace or wanted.space == id_.space)


def _how(options: Value) -> How:
    if not isinstance(options, Map):
        return How()
    known = _lowered(options)
    index = known.get("index")
    return How(text(known.get("delimiter")), index if isinstance(index, int) else 0, known.get("create") is True)


def _lowered(node: Map) -> dict[str, Value]:
    """A map by its keys in small letters: Go takes the names of fields in any case."""
    return {key.lower(): value for key, value in node.items()}


def _to_target(resources: list[Resource], found: Found, target: Value, account: Weigh) -> None:
    known = _lowered(target) if isinstance(target, Map) else {}
    if not isinstance(known.get("select"), Map):
        raise BuildError("a replacement's target selects nothing")
    wanted = selector(known["select"])
    reject, written = known.get("reject"), known.get("fieldpaths")
    rejected = [selector(item) for item in reject] if isinstance(reject, Seq) else []
    paths = [string(path, "fieldPaths") for path in written] if isinstance(written, Seq) and written else ["metadata.name"]
    how = _how(known.get("options"))
    for index, resource in enumerate(resources):
        ids = (resource.id, *resource.previous)
        if not wanted.fits_marks(resource.node) or not any(fits_id(wanted, id_) for id_ in ids):
            continue
        if any((r.labels or r.annotations) and r.fits_marks(resource.node) for r in rejected):
            continue
        if any(not r.bare and any(fits_id(r, id_) for id_ in ids) for r in rejected):
            continue
        node: Value = resource.node
        for path in paths:
            weigh(found.value, account)
            node = _set(node, split(path), found, how, path)
        if isinstance(node, Map):
            resources[index] = resource.with_node(node)


def lookup(node: Value, path: list[str]) -> Found | None:
    """What stands at a path, None where it leads nowhere. Raises BuildError for a path that cannot be followed."""
    origin = Origin("", 0, 0)
    for part in (part.strip() for part in path if part.strip()):
        if isinstance(node, Map):
            _refuse_place(part)
            if part not in node:
                return None
            source = home(node, part)
            origin = Origin(source.path, source.key_at.get(part, source.at), source.value_at.get(part, source.at))
            node = node[part]
        elif isinstance(node, Seq):
            index = _find(node, part)
            if index is None:
                return None
            place = item_location(node, index)
            at = pack(place.line - 1, place.column - 1)
            origin = Origin(place.path, at, at)
            node = node[index]
        else:
            return None
    return Found(node, origin)


def _refuse_place(part: str) -> None:
    """Raise BuildError for a part that is no key, where there is a map."""
    if not part:
        raise BuildError("a path has an empty part")
    if part in ("-", "*") or _INDEX.fullmatch(part) or (part[:1] == "[" and part[-1:] == "]"):
        raise BuildError(f"`{part}` means an item of a list, where there is a map")


def _find(node: Seq, part: str) -> int | None:
    if part == "-":
        return len(node) - 1 if node else None
    if _INDEX.fullmatch(part):
        return int(part) if 0 <= int(part) < len(node) else None
    pair = _PAIR.fullmatch(part)
    if pair is None:
        raise BuildError(f"`{part}` is no item of a list")
    for index, item in enumerate(node):
        if text(item.get(pair["field"]) if isinstance(item, Map) and pair["field"] else item) == pair["value"]:
            return index
    return None


def _set(node: Value, path: list[str], found: Found, how: How, written: str) -> Value:
    hits: list[str] = []
    out = _walk(node, path, found, how, hits)
    if not hits:
        raise BuildError(f"there is no field `{written}` in a replacement's target")
    return out


def _walk(node: Value, path: list[str], found: Found, how: How, hits: list[str]) -> Value:
    if not path:
        hits.append("")
        return _value(node, found, how)
    part, rest = path[0], path[1:]
    if isinstance(node, Seq):
        return _walk_list(node, path, found, how, hits)
    if not isinstance(node, Map):
        raise BuildError("a path into a text is not evaluated")
    _refuse_place(part)
    if part not in node and not how.create:
        return node
    old = node[part] if part in node else _blank(rest, found)
    new = _walk(old, rest, found, how, hits)
    if new is old and part in node:
        return node
    out = copied(node)
    if isinstance(new, Map | Seq) and part in node and rest:
        out[part] = new
    else:
        put(out, part, new, mark(part, new, found.origin))
    return out


def _blank(rest: list[str], found: Found) -> Value:
    if not rest:
        return None if not isinstance(found.value, Map | Seq) else type(found.value)(found.origin.path, found.origin.value_at)
    listed = _PAIR.fullmatch(rest[0]) or _INDEX.fullmatch(rest[0])
    kind: type[Map | Seq] = Seq if listed else Map
    return kind(found.origin.path, found.origin.value_at)


def _walk_list(node: Seq, path: list[str], found: Found, how: How, hits: list[str]) -> Seq:
    items: list[tuple[Value, Seq, int]] = [(item, node, index) for index, item in enumerate(node)]
    chosen = _chosen(node, path[0])
    if how.create and (not chosen or chosen == [len(node)]):
        items.append((_new_item(path, found), Seq(found.origin.path, found.origin.value_at), 0))
        chosen = [len(node)]
    for index in chosen:
        if not 0 <= index < len(items):
            raise BuildError(f"there is no item {index}")
        value, source, at = items[index]
        new = _walk(value, path[1:], found, how, hits)
        items[index] = (new, source, at) if isinstance(new, Map | Seq) else (new, lone(new, found.origin), 0)
    return sequence(items, node)


def _chosen(node: Seq, part: str) -> list[int]:
    if part == "*":
        return list(range(len(node)))
    if _INDEX.fullmatch(part):
        return [int(part)]
    pair = _PAIR.fullmatch(part)
    if pair is None:
        raise BuildError(f"`{part}` is no item of a list")
    test = compiled(pair["value"])
    held = [item.get(pair["field"]) if isinstance(item, Map) and pair["field"] else item for item in node]
    return [index for index, value in enumerate(held) if value is not None and test.search(text(value))]


def _new_item(path: list[str], found: Found) -> Value:
    pair = _PAIR.fullmatch(path[0])
    if pair is None:
        return _blank(path[1:], found)
    if not pair["field"]:
        return pair["value"]
    return mark(pair["field"], pair["value"], found.origin)


def _value(old: Value, found: Found, how: How) -> Value:
    """A scalar keeps the type of what it replaces, and must be of it; anything else is replaced whole. Raises BuildError."""
    value = found.value
    if how.delimiter:
        if isinstance(old, Map | Seq):
            raise BuildError("only a text has delimited parts")
        parts = text(old).split(how.delimiter)
        if how.part < 0:
            parts.insert(0, text(value))
        elif how.part >= len(parts):
            parts.append(text(value))
        else:
            parts[how.part] = text(value)
        value = how.delimiter.join(parts)
    if isinstance(old, Map | Seq):
        return _typed(text(value)) if found.plain else value
    if isinstance(old, str):
        return text(value)
    new = _typed(text(value))
    if isinstance(old, bool | int | float) and not _decodes(new, type(old)):
        raise BuildError(f"`{text(value)}` takes the place of `{text(old)}`, which is of another type")
    return new


def _typed(value: str) -> Value:
    plain = resolve(value, plain=True)
    return value if isinstance(plain, bool) and value.lower() not in ("true", "false") else plain


def _decodes(new: Value, wanted: type) -> bool:
    """Whether Go decodes a scalar into a type: an integer is a float as well."""
    return type(new) is wanted or (wanted is float and type(new) is int)
