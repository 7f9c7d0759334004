"""A Go template as a tree: actions, branches, definitions and calls (text/template/parse/parse.go)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from gitops_lint.extract.template_text import TemplateError, Token, actions, unquoted

_MAX_DEPTH = 50
Fields: TypeAlias = tuple[str, ...]
Operand: TypeAlias = "Dot | Variable | Word | Literal | Group"
Node: TypeAlias = "Pipe | Branch | Define | Call"


class Dot(NamedTuple):
    """`.` or `.a.b`."""

    fields: Fields
    at: int


class Variable(NamedTuple):
    """`$` or `$x.a`."""

    name: str
    fields: Fields
    at: int


class Word(NamedTuple):
    """The name of a function."""

    name: str
    at: int


class Literal(NamedTuple):
    """A string; None for a number or another constant."""

    text: str | None
    at: int


class Group(NamedTuple):
    """A pipeline in parentheses, and the fields asked of its result."""

    pipe: Pipe
    fields: Fields
    at: int


class Pipe(NamedTuple):
    """Commands whose results each go to the end of the next, and the variables that the last result is given to."""

    commands: tuple[tuple[Operand, ...], ...]
    at: int
    variables: tuple[str, ...] = ()
    declared: bool = False  # with `:=`, not `=`


class Branch(NamedTuple):
    """`if`, `with` or `range`."""

    kind: str
    pipe: Pipe
    body: tuple[Node, ...]
    otherwise: tuple[Node, ...]


class Define(NamedTuple):
    """`define`, or `block`, which is then called with `pipe`."""

    name: str
    body: tuple[Node, ...]
    pipe: Pipe | None
    at: int


class Call(NamedTuple):
    """`template "name" pipeline`."""

    name: str
    pipe: Pipe | None
    at: int


def parse(text: str) -> tuple[Node, ...]:
    """The tree of a template. Raises TemplateError."""
    found = actions(text)
    nodes, stop = _body(found, 0)
    if stop:
        raise TemplateError(f"`{stop[0].text}` closes nothing", stop[0].at)
    return nodes


def _body(found: Iterator[list[Token]], depth: int) -> tuple[tuple[Node, ...], list[Token]]:
    """The nodes up to an `end` or an `else`, which is given back; nothing is given back at the end of the text."""
    if depth > _MAX_DEPTH:
        raise TemplateError("blocks are nested too deep", 0)
    nodes: list[Node] = []
    for tokens in found:
        word = tokens[0].text if tokens and tokens[0].kind == "word" else ""
        if word in ("end", "else"):
            return tuple(nodes), tokens
        node = _node(word, tokens, found, depth)
        if node is not None:
            nodes.append(node)
    return tuple(nodes), []


def _node(word: str, tokens: list[Token], found: Iterator[list[Token]], depth: int) -> Node | None:
    if word in ("if", "with", "range"):
        return _branch(tokens, found, depth)
    if word in ("define", "block"):
        name = _name(tokens)
        body, stop = _body(found, depth + 1)
        if not stop or stop[0].text != "end":
            raise TemplateError(f"`{word}` is not closed", tokens[0].at)
        return Define(name, body, _pipe(tokens[2:], tokens[0].at) if word == "block" else None, tokens[0].at)
    if word == "template":
        return Call(_name(tokens), _pipe(tokens[2:], tokens[0].at) if len(tokens) > 2 else None, tokens[0].at)  # noqa: PLR2004
    if word in ("break", "continue") or not tokens:
        return None
    return _pipe(tokens, tokens[0].at)


def _branch(tokens: list[Token], found: Iterator[list[Token]], depth: int) -> Branch:
    head, rest = tokens[0], tokens[1:]
    body, stop = _body(found, depth + 1)
    if not stop:
        raise TemplateError(f"`{head.text}` is not closed", head.at)
    otherwise: tuple[Node, ...] = ()
    if stop[0].text == "else":
        if len(stop) > 1:  # `else if` and `else with` share the one `end`
            otherwise = (_branch(stop[1:], found, depth + 1),)
        else:
            otherwise, closing = _body(found, depth + 1)
            if not closing or closing[0].text != "end":
                raise TemplateError("`else` is not closed", stop[0].at)
    return Branch(head.text, _pipe(rest, head.at), body, otherwise)


def _name(tokens: list[Token]) -> str:
    if len(tokens) < 2 or tokens[1].kind != "string":  # noqa: PLR2004
        raise TemplateError(f"`{tokens[0].text}` needs a name", tokens[0].at)
    return unquoted(tokens[1].text)


def _pipe(tokens: list[Token], at: int) -> Pipe:
    variables: list[str] = []
    mark = next((number for number, token in enumerate(tokens[:4]) if token.kind in (":=", "=")), None)
    declared = False
    if mark is not None:
        variables = [token.text for token in tokens[:mark] if token.kind == "variable"]
        declared = tokens[mark].kind == ":="
        tokens = tokens[mark + 1 :]
    rest = deque(tokens)
    pipe = _commands(rest, at, 0)
    if rest:
        raise TemplateError("a parenthesis closes nothing", rest[0].at)
    return pipe._replace(variables=tuple(variables), declared=declared)


def _commands(tokens: deque[Token], at: int, depth: int) -> Pipe:
    """A pipeline up to its end or a closing parenthesis, which is left for the caller."""
    if depth > _MAX_DEPTH:
        raise TemplateError("parentheses are nested too deep", at)
    commands: list[tuple[Operand, ...]] = []
    command: list[Operand] = []
    while tokens and tokens[0].kind != ")":
        token = tokens.popleft()
        if token.kind == "|":
            commands.append(tuple(command))
            command = []
        elif token.kind == "(":
            inner = _commands(tokens, token.at, depth + 1)
            if not tokens:
                raise TemplateError("a parenthesis is not closed", token.at)
            tokens.popleft()
            command.append(Group(inner, _trailing(tokens), token.at))
        else:
            command.append(_operand(token))
    commands.append(tuple(command))
    if not all(commands):
        raise TemplateError("a command is empty", at)
    return Pipe(tuple(commands), at)


def _trailing(tokens: deque[Token]) -> Fields:
    if tokens and tokens[0].kind == "field" and tokens[0].glued and len(tokens[0].text) > 1:
        return tuple(tokens.popleft().text[1:].split("."))
    return ()


def _operand(token: Token) -> Operand:
    if token.kind == "field":
        return Dot(tuple(token.text[1:].split(".")) if len(token.text) > 1 else (), token.at)
    if token.kind == "variable":
        name, *fields = token.text.split(".")
        return Variable(name, tuple(fields), token.at)
    if token.kind == "word" and token.text not in ("true", "false", "nil"):
        return Word(token.text, token.at)
    if token.kind in ("string", "number", "word"):
        return Literal(unquoted(token.text) if token.kind == "string" and not token.text.startswith("'") else None, token.at)
    raise TemplateError("unexpected mark in an action", token.at)
