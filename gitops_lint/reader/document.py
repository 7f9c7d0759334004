"""A file's bytes, read into a Document whatever they are."""

from __future__ import annotations

from typing import Any

import yaml

from gitops_lint.model import Document, Problem
from gitops_lint.reader.events import Composer
from gitops_lint.reader.refusal import BYTES, RefusedError

if not yaml.__with_libyaml__:  # pragma: no cover
    raise ImportError("PyYAML without libyaml reads another grammar than Kubernetes: install a PyYAML wheel, or libyaml and PyYAML again")
from yaml._yaml import CParser


def read(data: bytes, path: str) -> Document:
    if len(data) > BYTES:
        return Document(path, error=Problem(f"larger than {BYTES // 1024 // 1024} MiB"))
    data = data.removeprefix(b"\xef\xbb\xbf")
    parser = CParser(data)
    composer = Composer(parser.get_event, path)
    error = None
    try:
        composer.compose()
    except RefusedError as refused:
        mark = composer.event.start_mark
        error = Problem(refused.message, mark.line + 1, mark.column + 1)
    except yaml.MarkedYAMLError as marked:
        mark = marked.problem_mark or marked.context_mark
        error = Problem(str(marked.problem), mark.line + 1, mark.column + 1) if mark else Problem(str(marked.problem))
    except yaml.reader.ReaderError as unreadable:
        error = Problem(str(unreadable.reason))
    return Document(path, tuple(composer.roots), error, duplicates=tuple(composer.duplicates), merges_after=tuple(composer.merges_after))
