"""The text of a Go template cut into its actions, and each of these into tokens (text/template/parse/lex.go)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gitops_lint.regex import regex


class TemplateError(Exception):
    """A template that cannot be understood, with the offset where that shows."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message = message
        self.at = at


class Token(NamedTuple):
    """A token of an action; `glued` if no space stands before it, as in `(index .a 0).b`."""

    kind: str  # field, variable, word, string, number, or the punctuation itself
    text: str
    at: int
    glued: bool = False


_COMMENT = regex(r"(?:-\s)?\s*/\*.*?\*/\s*(?:-)?\}\}", re.DOTALL)
_CLOSE = regex(r"\s+-\}\}|\s*\}\}")
_TOKEN = regex(
    r"""(?P<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+')
    |(?P<number>[+-]?[0-9][0-9a-zA-Z_.]*)
    |(?P<field>\.(?:[^\W\d]\w*(?:\.[^\W\d]\w*)*)?)
    |(?P<variable>\$\w*(?:\.[^\W\d]\w*)*)
    |(?P<word>[^\W\d]\w*)
    |(?P<mark>:=|[()|,=])""",
    re.VERBOSE,
)


def actions(text: str) -> Iterator[list[Token]]:
    """The tokens of each action of a template, in order; comments are left out. Raises TemplateError."""
    position = text.find("{{")
    while position >= 0:
        comment = _COMMENT.match(text, position + 2)
        if comment is not None:
            position = text.find("{{", comment.end())
            continue
        tokens, end = _action(text, position)
        yield tokens
        position = text.find("{{", end)


def _action(text: str, start: int) -> tuple[list[Token], int]:
    position = start + 2
    if text[position : position + 1] == "-" and text[position + 1 : position + 2].isspace():
        position += 1
    tokens: list[Token] = []
    while True:
        close = _CLOSE.match(text, position)
        if close is not None:
            return tokens, close.end()
        glued = True
        while position < len(text) and text[position].isspace():
            position, glued = position + 1, False
        found = _TOKEN.match(text, position)
        if found is None:
            raise TemplateError("an action is not closed" if position >= len(text) else "unexpected character in an action", start)
        kind = found.lastgroup or ""
        tokens.append(Token(found[0] if kind == "mark" else kind, found[0], position, glued))
        position = found.end()


_ESCAPE = regex(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))")
_PLAIN = {"n": "\n", "t": "\t", "r": "\r"}


def unquoted(text: str) -> str:
    """What a string token says."""
    if text.startswith("`"):
        return text[1:-1]
    return _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)) if found[3] is None else _PLAIN.get(found[3], found[3]), text[1:-1])
