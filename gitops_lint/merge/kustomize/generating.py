"""ConfigMaps and Secrets that kustomize generates, and the hash that it adds to their names.

Sources: kustomize api/kv/kv.go, api/internal/generators, api/hasher/hasher.go, kyaml/yaml/datamap.go, v5.8.1.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple

from gitops_lint.merge.kustomize.edit import Origin, copied, dropped, mark, origin_of, put, put_new
from gitops_lint.merge.kustomize.kustomization import string, string_map
from gitops_lint.merge.kustomize.resource import Resource, identify, text
from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.model import Document
from gitops_lint.node import Map, Seq, Value, key_location

ARGUMENTS = frozenset(("name", "namespace", "behavior", "literals", "files", "envs", "env", "options", "type"))
_OPTIONS = frozenset(("labels", "annotations", "disablenamesuffixhash", "immutable"))
_BEHAVIORS = ("", "create", "merge", "replace", "unspecified")
_LINE = 70  # characters of base64 in a line: kyaml/yaml/datamap.go encodeBase64
_TRANSLATION = str.maketrans("013ae", "ghkmt")


class Reader(NamedTuple):
    """How a generator gets at files: by the path that is written, each raising BuildError."""

    env: Callable[[str], Document]
    data: Callable[[str], tuple[bytes, str]]  # and the file's path in the tree


class Pair(NamedTuple):
    """A key of a generated object, its value, and where they are written."""

    key: str
    value: str | bytes
    origin: Origin


def generate(kind: str, arguments: Map, defaults: Map | None, reader: Reader) -> Resource:
    """The object that an entry of `configMapGenerator` or `secretGenerator` makes. Raises BuildError."""
    fields = _fields(arguments, ARGUMENTS)
    name = string(arguments.get(fields.get("name", "")), "name")
    if not name:
        raise BuildError("a generator has no name")
    options = _merged_options(arguments.get(fields.get("options", "")), defaults)
    node = _base(kind, name, arguments, fields)
    pairs = _pairs(arguments, fields, reader)
    _fill(node, kind, pairs, origin_of(arguments, fields["name"]))
    _decorate(node, options, origin_of(arguments, fields["name"]))
    behavior = string(arguments.get(fields.get("behavior", "")), "behavior")
    if behavior not in _BEHAVIORS:
        behavior = ""
    return Resource(node, identify(node), behavior=behavior, hashed=not options.get("disableNameSuffixHash"), generated=True)


def _fields(node: Map, known: frozenset[str]) -> dict[str, str]:
    for key in node:
        if key.lower() not in known:
            place = key_location(node, key)
            raise BuildError(f"a generator has a field `{key}`, which kustomize does not know", place.path, place.line)
    return {key.lower(): key for key in node}


def _base(kind: str, name: str, arguments: Map, fields: dict[str, str]) -> Map:
    at = origin_of(arguments, fields["name"])
    node, meta = Map(at.path, arguments.at), Map(at.path, arguments.at)
    put_new(node, "apiVersion", "v1", at)
    put_new(node, "kind", kind, at)
    put_new(meta, "name", name, at)
    namespace = string(arguments.get(fields.get("namespace", "")), "namespace")
    if namespace:
        put_new(meta, "namespace", namespace, origin_of(arguments, fields["namespace"]))
    put_new(node, "metadata", meta, at)
    if kind == "Secret":
        written = string(arguments.get(fields.get("type", "")), "type")
        put_new(node, "type", written or "Opaque", origin_of(arguments, fields["type"]) if written else at)
    return node


def refuse_options(defaults: Value) -> None:
    """Raise BuildError for `generatorOptions` that Go cannot decode, whether or not anything is generated."""
    _merged_options(None, defaults if isinstance(defaults, Map) else None)


def _merged_options(own: Value, defaults: Map | None) -> dict[str, Value]:
    """An entry's options over the file's; a flag that is set for the file cannot be taken back (`MergeGlobalOptionsIntoLocal`)."""
    out: dict[str, Value] = {}
    for node in (own, defaults):
        if not isinstance(node, Map):
            continue
        fields = _fields(node, _OPTIONS)
        for flag in ("disableNameSuffixHash", "immutable"):
            out[flag] = bool(out.get(flag)) or node.get(fields.get(flag.lower(), "")) is True
        for name in ("labels", "annotations"):
            given = string_map(node.get(fields.get(name, "")), name)
            merged = out.setdefault(name, Map(given.path, given.at))
            for key in given:
                if isinstance(merged, Map) and key not in merged:
                    put(merged, key, given[key] or "", given)
    return out


def _decorate(node: Map, options: dict[str, Value], at: Origin) -> None:
    for name in ("labels", "annotations"):
        if options.get(name):
            put_new(node["metadata"], name, options[name], at)
    if options.get("immutable"):
        put_new(node, "immutable", True, at)  # noqa: FBT003  a value, not a flag


def _listed(arguments: Map, fields: dict[str, str], name: str) -> list[tuple[str, Origin]]:
    value = arguments.get(fields.get(name, ""))
    if value is None:
        return []
    if not isinstance(value, Seq):
        raise BuildError(f"`{name}` is no list")
    return [(string(item, name), Origin(value.path, at, at)) for item, at in zip(value, value.value_at, strict=True)]


def _pairs(arguments: Map, fields: dict[str, str], reader: Reader) -> list[Pair]:
    out: list[Pair] = []
    envs = _listed(arguments, fields, "envs")
    lone = string(arguments.get(fields.get("env", "")), "env")
    for path, _ in [*envs, (lone, Origin("", 0, 0))] if lone else envs:
        out.extend(_env_pairs(reader.env(path)))
    out.extend(_literal(written, origin) for written, origin in _listed(arguments, fields, "literals"))
    out.extend(_file(written, reader) for written, _ in _listed(arguments, fields, "files"))
    seen: set[str] = set()
    for pair in out:
        if pair.key in seen:
            raise BuildError(f"a generator repeats the key `{pair.key}`, which kustomize refuses")
        seen.add(pair.key)
    return out


def _env_pairs(document: Document) -> list[Pair]:
    if document.error is not None:
        raise BuildError(document.error.message, document.path, document.error.line)
    if document.duplicates:
        raise BuildError(f"a generator repeats the key `{document.duplicates[0].key}`, which kustomize refuses", document.path)
    root = document.roots[0].value
    return [Pair(key, value, origin_of(root, key)) for key, value in root.items()] if isinstance(root, Map) else []


def _literal(written: str, origin: Origin) -> Pair:
    key, equals, value = written.partition("=")
    if not equals or not key:
        raise BuildError(f"the literal `{key}` is no `key=value`")
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return Pair(key, value, origin)


def _file(written: str, reader: Reader) -> Pair:
    key, equals, path = written.partition("=")
    if not equals:
        key, path = written.rstrip("/").rpartition("/")[2], written
    elif not key or not path or "=" in path:
        raise BuildError(f"`{written}` is no `key=path`")
    data, found = reader.data(path)
    try:
        return Pair(key, data.decode(), Origin(found, 0, 0))
    except UnicodeDecodeError:
        return Pair(key, data, Origin(found, 0, 0))


def _fill(node: Map, kind: str, pairs: list[Pair], at: Origin) -> None:
    data, binary = Map(at.path, node.at), Map(at.path, node.at)
    for key, value, origin in sorted(pairs, key=lambda pair: pair.key):
        raw = value if isinstance(value, bytes) else value.encode()
        if kind == "Secret":
            put(data, key, encode(raw), mark(key, value if isinstance(value, str) else "", origin))
        elif isinstance(value, bytes):
            put_new(binary, key, encode(raw), origin)
        else:
            put_new(data, key, value, origin)
    if data or kind == "Secret":
        put_new(node, "data", data, at)
    if binary:
        put_new(node, "binaryData", binary, at)


def encode(raw: bytes) -> str:
    """Base64 as kustomize writes it: in lines, each ended, where it takes more than one."""
    coded = base64.b64encode(raw).decode()
    if len(coded) <= _LINE:
        return coded
    return "".join(coded[start : start + _LINE] + "\n" for start in range(0, len(coded), _LINE))


def name_hash(node: Map) -> str:
    """The ten letters that kustomize adds to the name of a generated object: api/hasher/hasher.go.

    The original looks the name up as one key `metadata/name`, finds nothing, and hashes an empty one.
    """
    kind = text(node.get("kind"))
    fields: dict[str, object] = {"kind": kind, "name": "", "data": node.get("data", "")}
    extra = "binaryData" if kind == "ConfigMap" else "stringData"
    if kind == "Secret":
        fields["type"] = text(node.get("type"))
    if isinstance(node.get(extra), Map):
        fields[extra] = node[extra]
    return sha256(_go_json(fields).encode("utf-8", "surrogatepass")).hexdigest()[:10].translate(_TRANSLATION)


def _go_json(value: object) -> str:
    """JSON as Go's encoding/json writes it: keys sorted, no spaces, `<`, `>`, `&` and two line separators escaped."""
    out = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    for char in "<>&\u2028\u2029":
        out = out.replace(char, f"\\u{ord(char):04x}")
    return out


def overlaid(old: Resource, new: Resource) -> Resource:
    """A generated object over the one it merges into or replaces. Source: resource.go `CopyMergeMetaDataFieldsFrom`, `MergeDataMapFrom`."""
    node, meta, before = copied(new.node), copied(new.node["metadata"]), old.node["metadata"]
    for name in ("labels", "annotations"):
        pairs = _over(before.get(name), meta.get(name))
        if pairs:
            put(meta, name, pairs, new.node["metadata"] if name in meta else before)
    put(meta, "name", before["name"], before)
    if text(before.get("namespace")):
        put(meta, "namespace", before["namespace"], before)
    else:
        meta = dropped(meta, "namespace")
    node["metadata"] = meta
    if new.behavior == "merge":
        for name in ("data", "binaryData"):
            pairs = _over(old.node.get(name), new.node.get(name))
            if pairs:
                put(node, name, pairs, new.node if name in new.node else old.node)
    configured = old.configured if new.behavior == "merge" else new.configured
    return old._replace(node=node, id=identify(node), hashed=old.hashed and new.hashed, configured=configured)


def _over(under: Value, upper: Value) -> Map | None:
    """Both maps of strings, the second over the first."""
    if not isinstance(under, Map) or not isinstance(upper, Map):
        found = upper if isinstance(upper, Map) else under
        return found if isinstance(found, Map) else None
    out = copied(under)
    for key, value in upper.items():
        put(out, key, value, upper)
    return out
