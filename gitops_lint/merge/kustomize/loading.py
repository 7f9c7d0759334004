"""The objects in a file or in a text, read as kustomize reads them: with go-yaml v3, `yes` is a string.

Sources: kustomize api/resource/factory.go and kyaml/kio/byteio_reader.go, v5.8.1; what differs between the readers of Kubernetes is in
the table of go.yaml.in/yaml v2 against v3.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from gitops_lint.merge.kustomize.edit import copied, with_items
from gitops_lint.merge.kustomize.resource import Resource, identify
from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.model import Document
from gitops_lint.node import Map, Opaque, Seq, Value, unpack

_MOMENT = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d?):(\d\d?)(?:\.(\d{1,9}))?(Z|[-+]\d\d:\d\d)?)?")
_WORD = re.compile(r"[^\s:,}]+")
_TEXTS = frozenset((str, Opaque))
_BOOLEANS = frozenset(("true", "True", "TRUE", "false", "False", "FALSE"))
_NULLS = ("null", "Null", "NULL", "~")

Lines = Callable[[], list[str]]


def objects(document: Document, lines: Lines) -> tuple[Resource, ...]:
    """The objects of a document, lists of them opened up. `lines` gives the file's text when it takes more than the tree to decide.

    Raises BuildError for what kustomize refuses: bad YAML, a key twice, no kind, no name.
    """
    refuse(document)
    roots: list[Value] = [root.value for root in document.roots if root.value is not None and root.value != {}]
    if len(roots) == 1 and isinstance(roots[0], Map) and roots[0].get("kind") == "List" and isinstance(roots[0].get("items"), Seq):
        roots = list(roots[0]["items"])
    return tuple(Resource(node, identify(node), hollow=blank) for node, blank in _opened(roots, document, lines))


def refuse(document: Document) -> None:
    """Raise BuildError for a file that cannot be read, or not the way kustomize would."""
    if document.error is not None:
        raise BuildError(f"cannot be read: {document.error.message}", document.path, document.error.line)
    if document.duplicates:
        key, first, _ = document.duplicates[0]
        raise BuildError(f"sets `{key}` twice, which kustomize refuses", document.path, unpack(first)[0] + 1)
    if document.templated:
        raise BuildError("holds placeholders that are filled in later", document.path, 1)
    if document.merges_after:
        raise BuildError("has a `<<` after keys of its own, which tools resolve differently", document.path, 1)


def _opened(roots: list[Value], document: Document, lines: Lines) -> Iterator[tuple[Map, bool]]:
    """Objects in order; the items of a list come after everything else, as in `inlineAnyEmbeddedLists`."""
    queue = list(roots)
    for value in queue:  # grows on the way
        node = _valid(value, document)
        kind = str(node["kind"])
        if not kind.endswith("List") or "items" not in node:
            yield kyaml(node, lines)
        elif isinstance(node["items"], Seq):
            queue.extend(item for item in node["items"] if item)
        elif node["items"] is not None:
            raise BuildError(f"`items` of a {kind} is no list", document.path, unpack(node.at)[0] + 1)


def _valid(value: Value, document: Document) -> Map:
    line = unpack(value.at)[0] + 1 if isinstance(value, Map | Seq) else 1
    if not isinstance(value, Map):
        raise BuildError("holds no Kubernetes object", document.path, line)
    meta = value.get("metadata")
    if not value.get("kind"):
        raise BuildError("holds an object without a kind", document.path, line)
    if not str(value["kind"]).endswith("List") and not (isinstance(meta, Map) and meta.get("name")):
        raise BuildError(f"holds a {value['kind']} without a name", document.path, line)
    return value


def kyaml(node: Map, lines: Lines) -> tuple[Map, bool]:
    """An object as go-yaml v3 has it, and whether it holds nulls that are written as nothing.

    Only `true` and `false` are booleans to it, and only as values; a date is a moment in time. A strategic merge drops a null that is
    written as nothing and keeps a written one: `hollow` tells them apart.
    """
    if not _odd(node):
        return node, False
    meta = node.get("metadata")
    text = _Text(lines, [], meta.get("annotations") if isinstance(meta, Map) else None)
    return _map(node, text), bool(text.blank)


class _Text(NamedTuple):
    """The text of an object: its lines, the keys with nothing behind them, and the map whose texts kustomize writes in its own way."""

    lines: Lines
    blank: list[str]
    annotations: Value


def _odd(node: Map) -> bool:
    """Anything in the object may read differently; most objects are through with this."""
    stack: list[Map | Seq] = [node]
    while stack:
        here = stack.pop()
        values: Iterable[Value] = here
        if here.__class__ is Map:
            values = here.values()
            if "true" in here or "false" in here:
                return True
        for value in values:
            kind = value.__class__
            if kind is Map or kind is Seq:
                stack.append(value)  # type: ignore[arg-type]
            elif value is None or (kind in _TEXTS and (value[4:5] == "-" or "\n" in value) and _telling(value)):  # type: ignore[index, arg-type, operator]
                return True
        if here.written and any(value.__class__ is bool for value in values):
            return True
    return False


def _map(node: Map, text: _Text) -> Map:
    out = node
    for key, value in node.items():
        new = _value(value, node, key, text)
        if value is None and _unwritten(node, key, text.lines):
            out = copied(out) if out is node else out
            out.written = {**(out.written or {}), key: ""}
            text.blank.append(key)
        if new is not value:
            out = copied(out) if out is node else out
            out[key] = new
    for key in ("true", "false"):
        if key in node:
            out = _rekeyed(out, key, text.lines)
    return out


def _value(value: Value, node: Map | Seq, key: str | int, text: _Text) -> Value:
    if isinstance(value, Map):
        return _map(value, text)
    if isinstance(value, Seq):
        items = [_value(item, value, index, text) for index, item in enumerate(value)]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else with_items(value, items)
    if isinstance(value, bool) and node.written:
        word: str | None = node.written.get(key)  # type: ignore[arg-type]  # the key fits: it comes with the container
        return value if word is None or word in _BOOLEANS else word
    if isinstance(value, str) and _telling(value):
        start = _written(node.value_at[key], text.lines)[:4]  # type: ignore[index]  # as above
        if node is text.annotations:
            return value
        return folded(value) if start[:1] == ">" else _moment(value) if start == value[:4] else value
    return value


def _telling(value: str) -> bool:
    """A text that may come out of kustomize as another one, depending on how it is written."""
    return (value[4:5] == "-" and _MOMENT.fullmatch(value) is not None) or "\n " in value or value.endswith("\n\n")


def folded(value: str) -> str:
    """A text written with `>`, after kustomize has written it once more and read it back.

    go-yaml's emitter looks at the first character of the whole text (yaml.v3 emitterc.go, `yaml_emitter_write_folded_scalar`) where it
    means the next one: it doubles the line break before a line that is indented further, and at the end. With a space at the end of a
    line it writes no `>` at all.
    """
    if value[:1] in (" ", "\t", "\n") or " \n" in value or value[-1:] == " ":
        return value
    doubled = re.sub(r"(?m)(^[^ \t\n][^\n]*\n)(?=\n*[ \t]|\n+\Z)", r"\1\n", value)
    return value.__class__(doubled)  # what is opaque stays so


def _moment(text: str) -> str:
    """A timestamp as Go prints it in JSON; what is no date stays as it is."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return text
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    try:
        when = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=UTC)
    except ValueError:
        return text
    fraction = (fraction or "").rstrip("0")
    return f"{when:%Y-%m-%dT%H:%M:%S}" + (f".{fraction}" if fraction else "") + (zone or "Z")


def _rekeyed(node: Map, key: str, lines: Lines) -> Map:
    """The map with a key like `on` as it is written, where go-yaml v2 has made a boolean of it."""
    found = _WORD.match(_written(node.key_at.get(key, node.at), lines))
    word = found[0] if found else key
    if word in _BOOLEANS or word.startswith(("'", '"')):
        return node
    out = Map(node.path, node.at)
    for old, value in node.items():
        new = word if old == key else old
        out[new] = value
        out.key_at[new], out.value_at[new] = node.key_at.get(old, node.at), node.value_at.get(old, node.at)
    out.written, out.of = node.written, node.of
    return out


def _written(position: int, lines: Lines) -> str:
    line, column = unpack(position)
    text = lines()
    return text[line][column:] if line < len(text) else ""


def _unwritten(node: Map, key: str, lines: Lines) -> bool:
    return not _written(node.value_at.get(key, node.at), lines).startswith(_NULLS)


def hollow(node: Map, key: str) -> bool:
    """`key` holds a null that is written as nothing."""
    return node.written is not None and node.written.get(key) == "" and node[key] is None
