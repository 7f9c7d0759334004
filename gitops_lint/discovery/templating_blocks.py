"""Go templates as a whole: text, actions, and the blocks that choose and repeat."""

from __future__ import annotations

import re
from typing import NamedTuple

from gitops_lint.discovery.templating_expression import evaluate
from gitops_lint.discovery.templating_values import Known, UnresolvedError, printed, truthy

_ACTION = re.compile(
    r"""\{\{(?P<left>-(?=\s))?\s*(?P<body>/\*.*?\*/|(?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|[^"`{]|\{(?!\{))*?)\s*(?P<right>(?<=\s)-)?\}\}""",
    re.DOTALL,
)
_ASSIGNMENT = re.compile(r"\$(\w+)\s*:?=(?!=)\s*")
_RANGE = re.compile(r"(?:\$(\w+)\s*,\s*)?\$(\w+)\s*:=\s*")
_WORD = re.compile(r"[a-z]+\b")
_OPENS = ("if", "with", "range")
_LONGEST = 200_000  # characters; and the items of all ranges together
_DEEPEST = 20


class _Part(NamedTuple):
    """A stretch of text, or the body of an action, as `written`."""

    written: str
    action: str | None = None


class _Scope(NamedTuple):
    dot: Known
    variables: dict[str, Known]


def fill(text: str, params: Known) -> str:
    """The template with what is known filled in: an action that cannot be evaluated stays, and so does all of a block that hangs on it."""
    try:
        return _filled(_parts(text), _Scope(params, {"": params}), 0)
    except UnresolvedError:
        return text


def _parts(text: str) -> list[_Part]:
    out: list[_Part] = []
    at = 0
    trim = False
    for found in _ACTION.finditer(text):
        between = text[at : found.start()]
        between = between.lstrip() if trim else between
        out += [_Part(between.rstrip() if found["left"] else between), _Part(found[0], found["body"])]
        at, trim = found.end(), bool(found["right"])
    rest = text[at:]
    return [*out, _Part(rest.lstrip() if trim else rest)]


def _filled(parts: list[_Part], scope: _Scope, depth: int) -> str:
    if depth > _DEEPEST:
        raise UnresolvedError("blocks too deep")
    out = ""
    at = 0
    while at < len(parts):
        part = parts[at]
        word = _WORD.match(part.action or "")
        if part.action is None:
            out += part.written
        elif word and word[0] in _OPENS:
            end = _end(parts, at)
            try:
                out += _block(parts[at:end], scope, depth)
            except UnresolvedError:
                out += "".join(each.written for each in parts[at : end + 1])
            at = end
        else:
            out += _plain(part, scope)
        if len(out) > _LONGEST:
            raise UnresolvedError("too long")
        at += 1
    return out


def _plain(part: _Part, scope: _Scope) -> str:
    """What an action that is no block prints."""
    action = part.action or ""
    if action.startswith("/*"):
        return ""
    assigned = _ASSIGNMENT.match(action)
    try:
        value = evaluate(action[assigned.end() :] if assigned else action, scope.dot, scope.variables)
        if assigned:
            scope.variables[assigned[1]] = value
            return ""
        return printed(value)
    except UnresolvedError:
        if assigned:
            scope.variables.pop(assigned[1], None)
            return ""
        return part.written


def _end(parts: list[_Part], at: int) -> int:
    """The number of the `end` of the block that opens at `at`."""
    depth = 0
    for number in range(at, len(parts)):
        word = _WORD.match(parts[number].action or "")
        depth += (word is not None and word[0] in _OPENS) - (word is not None and word[0] == "end")
        if depth == 0:
            return number
    raise UnresolvedError("a block without an end")


def _block(parts: list[_Part], scope: _Scope, depth: int) -> str:
    """What a block prints; `parts` is all of it without its `end`."""
    for head, body in _branches(parts):
        word, _, rest = head.partition(" ")
        if word == "else":
            word, _, rest = rest.strip().partition(" ")
        if not word:
            return _filled(body, scope, depth + 1)
        if word == "range":
            repeated = _repeated(rest, body, scope, depth)
            if repeated is None:
                continue
            return repeated
        assigned = _ASSIGNMENT.match(rest.strip())
        value = evaluate(rest.strip()[assigned.end() :] if assigned else rest, scope.dot, scope.variables)
        if truthy(value):
            inner = {**scope.variables, assigned[1]: value} if assigned else scope.variables
            return _filled(body, _Scope(value if word == "with" else scope.dot, inner), depth + 1)
    return ""


def _branches(parts: list[_Part]) -> list[tuple[str, list[_Part]]]:
    """The heads of a block with what follows each: `if …`, `else if …`, `else`."""
    out: list[tuple[str, list[_Part]]] = [(parts[0].action or "", [])]
    depth = 0
    for part in parts[1:]:
        word = _WORD.match(part.action or "")
        depth += (word is not None and word[0] in _OPENS) - (word is not None and word[0] == "end")
        if depth == 0 and word is not None and word[0] == "else":
            out.append((part.action or "", []))
        else:
            out[-1][1].append(part)
    return out


def _repeated(head: str, body: list[_Part], scope: _Scope, depth: int) -> str | None:
    """What a `range` prints; None where there is nothing to go through."""
    named = _RANGE.match(head.strip())
    over = evaluate(head.strip()[named.end() :] if named else head, scope.dot, scope.variables)
    if not isinstance(over, list | dict | None):
        raise UnresolvedError(head)
    pairs: list[tuple[Known, Known]] = list(sorted(over.items()) if isinstance(over, dict) else enumerate(over or ()))
    out = ""
    for key, value in pairs:
        names = {named[2]: value} if named else {}
        if named and named[1]:
            names[named[1]] = key
        out += _filled(body, _Scope(value, {**scope.variables, **names}), depth + 1)
        if len(out) > _LONGEST:
            raise UnresolvedError("too long")
    return out if pairs else None
