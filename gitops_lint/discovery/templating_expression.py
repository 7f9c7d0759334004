"""Go template expressions: pipelines of commands over parameters, read and evaluated in one pass."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import NamedTuple

from gitops_lint.discovery.templating_functions import FUNCTIONS
from gitops_lint.discovery.templating_values import Known, UnresolvedError, look_up

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\\n]|\\.)*")|(?P<raw>`[^`]*`)|(?P<number>-?\d+(?:\.\d+)?)(?![\w.])|(?P<word>[A-Za-z_]\w*)"""
    r"""|(?P<variable>\$\w*)|(?P<field>(?:\.[A-Za-z_]\w*)+)|(?P<dot>\.)|(?P<sign>[|()]))""",
)
_ADJACENT = re.compile(r"(?:\.[A-Za-z_]\w*)+")
_CONSTANTS: dict[str, Known] = {"true": True, "false": False, "nil": None}
_DEEPEST = 20  # parentheses within parentheses


class _Token(NamedTuple):
    kind: str
    text: str
    end: int


def evaluate(text: str, dot: Known, variables: Mapping[str, Known]) -> Known:
    """The value of a pipeline; `$` is among the variables as the empty name. Raises UnresolvedError."""
    value, at = _pipeline(text, 0, dot, variables, 0)
    if text[at:].strip():
        raise UnresolvedError(text)
    return value


def _pipeline(text: str, at: int, dot: Known, variables: Mapping[str, Known], depth: int) -> tuple[Known, int]:
    """The value of the pipeline from `at` on, and where it ends: at a closing parenthesis, or at the end."""
    if depth > _DEEPEST:
        raise UnresolvedError(text)
    piped: list[Known] = []
    operands: list[Known] = []
    function = ""
    while True:
        token = _next(text, at)
        closing = token is None or token.text == ")"
        if closing or (token is not None and token.text == "|"):
            if piped and not function:
                raise UnresolvedError(text)
            value = _called(function, [*operands, *piped])
            if token is None or closing:
                return value, at
            piped, operands, function, at = [value], [], "", token.end
            continue
        assert token is not None  # noqa: S101  `closing` says so
        if token.kind == "word" and token.text not in _CONSTANTS:
            if operands or function:  # a function without arguments, given to another
                operands.append(_called(token.text, []))
            else:
                function = token.text
            at = token.end
            continue
        value, at = _operand(text, token, dot, variables, depth)
        operands.append(value)


def _operand(text: str, token: _Token, dot: Known, variables: Mapping[str, Known], depth: int) -> tuple[Known, int]:
    at = token.end
    if token.text == "(" and token.kind == "sign":
        value, at = _pipeline(text, at, dot, variables, depth + 1)
        closing = _next(text, at)
        if closing is None:
            raise UnresolvedError(text)
        at = closing.end
    elif token.kind == "variable":
        if token.text[1:] not in variables:
            raise UnresolvedError(token.text)
        value = variables[token.text[1:]]
    else:
        return _simple(token, dot), at
    below = _ADJACENT.match(text, at)
    if below is not None:
        return look_up(value, below[0][1:].split(".")), below.end()
    return value, at


def _simple(token: _Token, dot: Known) -> Known:
    match token.kind:
        case "field":
            return look_up(dot, token.text[1:].split("."))
        case "dot":
            return dot
        case "text":
            return _unquoted(token.text)
        case "raw":
            return token.text[1:-1]
        case "number":
            return float(token.text) if "." in token.text else int(token.text)
        case "word":
            return _CONSTANTS[token.text]
    raise UnresolvedError(token.text)


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError:
        raise UnresolvedError(text) from None


def _called(function: str, operands: list[Known]) -> Known:
    if not function:
        if len(operands) != 1:
            raise UnresolvedError("arguments without a function")
        return operands[0]
    known = FUNCTIONS.get(function)
    if known is None:
        raise UnresolvedError(function)
    try:
        return known(*operands)
    except (TypeError, ValueError, IndexError, KeyError, AttributeError) as error:
        raise UnresolvedError(function) from error


def _next(text: str, at: int) -> _Token | None:
    if not text[at:].strip():
        return None
    found = _TOKEN.match(text, at)
    if found is None or found.lastgroup is None:
        raise UnresolvedError(text)
    return _Token(found.lastgroup, found[found.lastgroup], found.end())
