"""A file's bytes, read into a Document whatever they are."""

from __future__ import annotations

import re
from dataclasses import replace

import yaml

from gitops_lint.model import Document, Problem
from gitops_lint.node import Map, unpack
from gitops_lint.reader.commented_json import without_comments
from gitops_lint.reader.comments import MARKER, SETTER, setters
from gitops_lint.reader.comments import find as find_comments
from gitops_lint.reader.door import admit
from gitops_lint.reader.events import Composer
from gitops_lint.reader.lines import line_starts, place
from gitops_lint.reader.parser import events
from gitops_lint.reader.placeholders import Masked, masks, veiled
from gitops_lint.reader.quotes import mended, restored
from gitops_lint.reader.refusal import COMMENTS, TOO_DEEP, RefusedError

_CONFLICT = re.compile(r"^<{7} ", re.MULTILINE)
_PAGE = re.compile(r"\s*<(?:!doctype html|html)\b", re.IGNORECASE)


def read(data: bytes, path: str) -> Document:
    """YAML or JSON as a Document, exactly as sigs.k8s.io/yaml v1.6 reads it, with every document of the file among the roots.

    It never raises for what the bytes say. The first problem of the file is its `error`, and the documents before it are kept. A file
    that does not parse and holds `{{ … }}` or `${…}` is read with these masked; what they touch is `node.Opaque`. JSON may have comments.
    """
    text = admit(data, path)
    if isinstance(text, Document):
        return text
    document = parse(text, path)
    if document.error is not None and path.endswith(".json") and (bare := without_comments(text)) != text:
        text, document = bare, parse(bare, path)
    if document.error is not None:
        document = _unmasked(text, document)
    elif text[-1:] not in ("", "\n", "\r") and ("|" in text or ">" in text):
        document = _with_end(text, document)
    if document.encrypted != "sops" and "sops" in text:
        document = _without_sops(document)
    return document


def read_unmasked(data: bytes, path: str) -> Document:
    """The file as it stands, placeholders, SOPS block and all: what a Kubernetes tool makes of it if it is handed this very file."""
    text = admit(data, path)
    return text if isinstance(text, Document) else parse(text, path)


def parse(text: str, path: str, masked: Masked | None = None) -> Document:
    """The text as it stands; `masked` says what its masks stand for."""
    following = restored(events(mended(text))) if "\\'" in text else events(text)
    composer = Composer(veiled(following, masked) if masked or "{{" in text else following, path)
    error = None
    try:
        composer.compose()
    except RefusedError as refused:
        error = Problem(refused.message, (refused.line or 0) + 1, refused.column + 1)
    except yaml.MarkedYAMLError as marked:
        error = _problem(marked, text)
    except yaml.reader.ReaderError as unreadable:
        before = text.encode()[: unreadable.position].decode(errors="ignore")
        error = _located(f"{unreadable.reason} (U+{int(unreadable.character):04X})", text, len(before))
    comments = find_comments(text) if MARKER in text else ()
    if len(comments) > COMMENTS and error is None:
        line, column = unpack(comments[COMMENTS][0])
        error = Problem(f"more than {COMMENTS:,} comments for gitops-lint in one file", line + 1, column + 1)
    return Document(
        path,
        tuple(composer.roots),
        error,
        duplicates=tuple(composer.duplicates),
        merges_after=tuple(composer.merges_after),
        truths=tuple(composer.truths),
        comments=comments[:COMMENTS],
        nodes=composer.nodes,
        setters=setters(text) if SETTER in text else (),
    )


def _problem(error: yaml.MarkedYAMLError, text: str) -> Problem:
    """A parser's error, at the place where what it is about begins: an unclosed quote is found at the end of the file."""
    mark = error.problem_mark
    if error.context_mark is not None and (mark is None or "unexpected end of stream" in str(error.problem)):
        mark = error.context_mark
    message = str(error.problem or "not YAML")
    if message == "exceeded maximum nesting depth":
        message = TOO_DEEP  # some versions of libyaml have a limit of their own, and look ahead far enough to meet it first
    return _located(message, text, mark.index if mark else 0)


def _located(message: str, text: str, index: int) -> Problem:
    line, column = place(line_starts(text), index)
    return Problem(message, line + 1, column + 1)


def _unmasked(text: str, document: Document) -> Document:
    """A document that does not parse, read again with its placeholders masked; itself, with a better word for its error, if it has none."""
    for masked in masks(text):
        again = parse(masked.text, document.path, masked)
        if again.error is None:
            return replace(again, templated=True, duplicates=())  # both branches of an `if` are there
    conflict = _CONFLICT.search(text)
    if conflict is not None:
        return replace(document, error=_located("merge conflict markers", text, conflict.start()))
    if _PAGE.match(text):
        return replace(document, error=Problem("an HTML page, not YAML"))
    return document


def _with_end(text: str, document: Document) -> Document:
    """The document with what a block scalar at its end is once the last line is ended, as Helm and kubectl do before they parse."""
    roots = parse(text + "\n", document.path).roots
    same = [root.value for root in roots] == [root.value for root in document.roots]
    return document if same else replace(document, ended=roots)


def _without_sops(document: Document) -> Document:
    """The document without SOPS's own block, marked as encrypted if it has one."""
    found = False
    for root in document.roots:
        value = root.value
        if not isinstance(value, Map):
            continue
        block = value.get("sops")
        if isinstance(block, Map) and "mac" in block and "version" in block:
            found = True
            for kept in (value, value.key_at, value.value_at):
                del kept["sops"]
    return replace(document, encrypted="sops", ended=()) if found else document
