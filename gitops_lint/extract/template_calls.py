"""Calls in a chart's templates whose result is another each time, or depends on the cluster.

Functions: sprig's `docs/{crypto,strings,date,network}.md`, and helm pkg/engine/funcs.go, v4.2.4.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from gitops_lint.extract.template_text import TemplateError, actions
from gitops_lint.files import Files
from gitops_lint.node import Location
from gitops_lint.pointer import Template
from gitops_lint.regex import regex
from gitops_lint.trees.protocol import UnreadableError

FUNCTIONS = frozenset({
    *("randAlphaNum", "randAlpha", "randNumeric", "randAscii", "randBytes", "randInt", "shuffle", "uuidv4"),
    *("now", "ago", "unixEpoch"),
    *("genPrivateKey", "genCA", "genCAWithKey", "genSelfSignedCert", "genSelfSignedCertWithKey", "genSignedCert", "genSignedCertWithKey"),
    *("bcrypt", "htpasswd", "encryptAES"),
    *("lookup", "getHostByName"),
})  # fmt: skip
_ANY = re.compile(rb"\b(?:" + b"|".join(sorted(name.encode() for name in FUNCTIONS)) + rb")\b")
_PLACE = regex(r"((?:.*/)?)templates/.*\.(?:ya?ml|tpl|txt|json)")


def templates(files: Files) -> Iterator[Template]:
    """The templates of the tree's own charts that make such calls; charts vendored in a chart's `charts/` are somebody else's."""
    for path in files.names:
        place = _PLACE.fullmatch(path)
        if place is None or f"{place[1]}Chart.yaml" not in files or "/charts/" in _inner(path, files):
            continue
        try:
            data = files.tree.read(path)
        except UnreadableError:
            continue
        found = tuple(_calls(path, data.decode("utf-8", "replace"))) if _ANY.search(data) else ()
        if found:
            yield Template(path, found)


def _inner(path: str, files: Files) -> str:
    """The path below the outermost chart that it is in."""
    parts = path.split("/")
    for count in range(len(parts)):
        if "/".join((*parts[:count], "Chart.yaml")) in files:
            return "/" + "/".join(parts[count:])
    return path


def _calls(path: str, text: str) -> Iterator[tuple[str, Location]]:
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    try:
        for tokens in actions(text):
            for token in tokens:
                if token.kind == "word" and token.text in FUNCTIONS:
                    line = bisect_right(starts, token.at)
                    column = token.at - starts[line - 1] + 1
                    yield token.text, Location(path, line, column, line, column + len(token.text))
    except TemplateError:
        return  # Helm will say so
