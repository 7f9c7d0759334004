"""`.env` files, as kustomize's generators read them (`keyValuesFromLine` in api/kv/kv.go, kustomize v5.8)."""

from __future__ import annotations

import re

from gitops_lint.model import Document, Duplicate, Problem, Root
from gitops_lint.node import Map, pack
from gitops_lint.reader.refusal import BYTES

_NAME = re.compile(r"[-._a-zA-Z][-._a-zA-Z0-9]*")

_MOST = 20_000  # variables; a ConfigMap holds a mebibyte at most


def read_env(data: bytes, path: str) -> Document:
    """The keys and values of a `.env` file as one map; a bad line is the document's `error`, and the lines before it are kept.

    Quotes stay in the value, `export` is no keyword, a key without `=` has an empty value, and of two equal keys the last is kept.
    """
    if len(data) > BYTES:
        return Document(path, error=Problem(f"larger than {BYTES // 1024 // 1024} MiB"))
    node, duplicates = Map(path), list[Duplicate]()
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n")):
        try:
            line = raw.removesuffix(b"\r").decode()
        except UnicodeDecodeError as error:
            return _document(node, duplicates, Problem("not UTF-8: save as UTF-8", number + 1, len(raw[: error.start].decode()) + 1))
        text = line.lstrip()
        if not text or text[0] == "#":
            continue
        key, _, value = text.partition("=")
        column = len(line) - len(text)
        if not _NAME.fullmatch(key):
            return _document(node, duplicates, Problem("the key is no environment variable name", number + 1, column + 1))
        at = pack(number, column)
        if key in node:
            duplicates.append(Duplicate(key, node.key_at[key], at))
        if len(node) >= _MOST:
            return _document(node, duplicates, Problem(f"more than {_MOST:,} variables", number + 1, column + 1))
        node[key] = value
        node.key_at[key] = at
        node.value_at[key] = pack(number, min(column + len(key) + 1, len(line)))
    return _document(node, duplicates, None)


def _document(node: Map, duplicates: list[Duplicate], error: Problem | None) -> Document:
    return Document(node.path, (Root(node, 0),), error, duplicates=tuple(duplicates))
