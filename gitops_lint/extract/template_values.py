"""Which values a chart's templates read, found without running them.

Every template is walked once with its context followed through `with`, `range`, variables, `dict` and `include`. What a value is, is
known only as far as it comes from `.Values`; an entry that is chosen at run time is the segment `*`. Branches are all taken.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import ChainMap
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from gitops_lint.extract.template_context import (
    BASE,
    RESULTS,
    TESTS,
    Items,
    Path,
    Root,
    Table,
    Text,
    Value,
    entries,
    fields_of,
    texts,
    union,
)
from gitops_lint.extract.template_text import TemplateError
from gitops_lint.extract.template_tree import Branch, Call, Define, Dot, Group, Node, Operand, Pipe, Variable, Word, parse
from gitops_lint.keypath import KeyPath
from gitops_lint.node import Location

_BREAK = re.compile("\n")
_MOST_CALLS = 5000  # of named templates with different contexts, in one chart
_DEEPEST = 60  # blocks and calls within each other


class Read(NamedTuple):
    """A place where a template reads a value.

    `whole` says that what lies below is read too, `tested` that only presence or truth counts there. It is `safe` where a missing value
    does no harm (a default, or a condition around it), `required` inside `required`, `evaluated` inside `tpl`. `guards` are the paths
    that the conditions around it look at: the place is reached if all of them are true, or nobody knows when if the empty path is one.
    """

    path: KeyPath
    at: Location
    whole: bool = True
    tested: bool = False
    safe: bool = False
    required: bool = False
    evaluated: bool = False
    guards: frozenset[KeyPath] = frozenset()


class Readings(NamedTuple):
    """What a chart's templates read; `unknown` are the places where they may read anything, and why."""

    reads: tuple[Read, ...]
    unknown: tuple[tuple[Location, str], ...]


_Guards: TypeAlias = frozenset[KeyPath]
_OPEN: KeyPath = ()  # the guard that stands for a condition which is more than the truth of a value


class _Use(NamedTuple):
    tested: bool = False
    evaluated: bool = False
    why: str = "all values are used at once"


_WHOLE = _Use()
_TESTED = _Use(tested=True)
_EVALUATED = _Use(evaluated=True)


class _Scope(NamedTuple):
    """Where an action stands: the file, the context, the variables in sight, and the paths that conditions around it have tested."""

    file: str
    dot: Value
    variables: ChainMap[str, Value]
    guards: _Guards = frozenset()
    depth: int = 0

    def inner(self, dot: Value | None = None, guards: Iterable[KeyPath] = ()) -> _Scope:
        seen = self.guards | frozenset(guards)
        return _Scope(self.file, self.dot if dot is None else dot, self.variables.new_child(), seen, self.depth + 1)


def scan(templates: Mapping[str, str]) -> Readings:
    """The values that a chart's templates (text by path) read. A file whose name begins with `_` only defines."""
    walk = _Walk(templates)
    trees: dict[str, tuple[Node, ...]] = {}
    for path, text in templates.items():
        try:
            trees[path] = parse(text)
        except TemplateError as error:
            walk.unknown[walk.location(path, error.at), f"the template cannot be read: {error.message}"] = None
    for path, nodes in trees.items():
        walk.define(path, nodes)
    for path, nodes in trees.items():
        if not path.rpartition("/")[2].startswith("_"):
            walk.body(nodes, _Scope(path, (Root(),), ChainMap({"$": (Root(),)})))
    return Readings(tuple(walk.reads), tuple(walk.unknown))


def _open(pipe: Pipe) -> list[KeyPath]:
    plain = len(pipe.commands) == 1 and len(pipe.commands[0]) == 1 and isinstance(pipe.commands[0][0], Dot | Variable)
    return [] if plain else [_OPEN]


class _Walk:
    def __init__(self, files: Mapping[str, str]) -> None:
        self.reads: dict[Read, None] = {}
        self.unknown: dict[tuple[Location, str], None] = {}
        self._files = files
        self._starts: dict[str, list[int]] = {}
        self._defined: dict[str, tuple[str, tuple[Node, ...]]] = {}
        self._called: set[tuple[str, Value, _Guards]] = set()

    def location(self, file: str, at: int, length: int = 0) -> Location:
        starts = self._starts.get(file)
        if starts is None:
            starts = self._starts[file] = [0, *(found.end() for found in _BREAK.finditer(self._files[file]))]
        line = bisect_right(starts, at)
        column = at - starts[line - 1] + 1
        return Location(file, line, column, line, column + length)

    def define(self, file: str, nodes: Iterable[Node]) -> None:
        for node in nodes:
            if isinstance(node, Define):
                self._defined[node.name] = (file, node.body)
                self.define(file, node.body)
            elif isinstance(node, Branch):
                self.define(file, (*node.body, *node.otherwise))

    def body(self, nodes: Iterable[Node], scope: _Scope) -> None:
        for node in nodes:
            if isinstance(node, Pipe):
                value = self.pipe(node, scope)
                if not node.variables:
                    self.consume(value, scope, node.at)
            elif isinstance(node, Branch):
                self.branch(node, scope)
            elif isinstance(node, Call) or node.pipe is not None:
                value = self.pipe(node.pipe, scope) if node.pipe is not None else ()
                self.call(node.name, value, scope, node.at)

    def branch(self, node: Branch, scope: _Scope) -> None:
        inner = scope.inner()
        value = self.pipe(node.pipe._replace(variables=()), inner)
        condition = value
        tested = [one.path for one in value if isinstance(one, Path)]
        guards = [*tested, *(self._guarded(node.pipe, inner) if node.kind != "range" else []), *_open(node.pipe)]
        if node.kind == "range":
            value, condition = entries(value), tuple(one for one in value if isinstance(one, Path))
            for name, given in zip(node.pipe.variables[::-1], (value, ()), strict=False):
                inner.variables[name] = given
        elif node.pipe.variables:
            inner.variables[node.pipe.variables[0]] = value
        self.consume(condition, scope, node.pipe.at, _TESTED)
        self.body(node.body, inner.inner(None if node.kind == "if" else value, guards))
        self.body(node.otherwise, scope.inner(guards=[_OPEN]))

    def _guarded(self, pipe: Pipe, scope: _Scope) -> list[KeyPath]:
        """The paths that `and`, `or`, `not`, `hasKey` and comparisons in a condition look at."""
        out: list[KeyPath] = []
        for command in pipe.commands:
            if isinstance(command[0], Word) and command[0].name == "hasKey" and len(command) > 1:
                value, _ = RESULTS["get"]([self.operand(operand, scope) for operand in command[1:]])
                out += [one.path for one in value if isinstance(one, Path)]
            for operand in command:
                if isinstance(operand, Group):
                    out += self._guarded(operand.pipe, scope)
                if not isinstance(operand, Word):
                    out += [one.path for one in self.operand(operand, scope) if isinstance(one, Path)]
        return out

    def pipe(self, pipe: Pipe, scope: _Scope) -> Value:
        value: Value | None = None
        for command in pipe.commands:
            value = self.command(command, value, scope, pipe.at)
        value = value or ()
        for name in pipe.variables[-1:]:
            homes = [seen for seen in scope.variables.maps if name in seen]
            if pipe.declared or not homes:
                scope.variables[name] = value
            else:
                homes[0][name] = union(homes[0][name], value)
        return value

    def command(self, command: tuple[Operand, ...], piped: Value | None, scope: _Scope, at: int) -> Value:
        head, *rest = command
        given = [self.operand(operand, scope) for operand in rest]
        if piped is not None:
            given.append(piped)
        if isinstance(head, Word):
            return self.function(head, given, scope, at)
        value = self.operand(head, scope)
        for argument in given:
            self.consume(argument, scope, at)
        return value

    def operand(self, operand: Operand, scope: _Scope) -> Value:
        if isinstance(operand, Dot):
            return fields_of(scope.dot, operand.fields)
        if isinstance(operand, Variable):
            return fields_of(scope.variables.get(operand.name, ()), operand.fields)
        if isinstance(operand, Group):
            return fields_of(self.pipe(operand.pipe, scope), operand.fields)
        if isinstance(operand, Word):
            return self.function(operand, [], scope, operand.at)
        return () if operand.text is None else (Text(operand.text),)

    def function(self, word: Word, given: list[Value], scope: _Scope, at: int) -> Value:
        if word.name in ("include", "tpl"):
            self._rendered(word, given, scope)
            return ()
        if word.name in TESTS:
            for value in given:
                self.consume(value, scope, at, _TESTED)
            return ()
        known = RESULTS.get(word.name)
        if known is not None and given:
            result, used = known(given)
            for value in used:
                self.consume(value, scope, at, _TESTED if word.name in ("ternary", "hasKey") else _WHOLE)
            return result
        for value in given:
            self.consume(value, scope, at)
        return ()

    def _rendered(self, word: Word, given: list[Value], scope: _Scope) -> None:
        subject, context = given[0] if given else (), given[1] if len(given) > 1 else ()
        if word.name == "tpl":
            self.consume(subject, scope, word.at, _EVALUATED)
            if not subject or any("{{" in text for text in texts(subject)):
                self.unknown[self.location(scope.file, word.at, 3), "`tpl` evaluates a text that is made elsewhere"] = None
            return
        names = texts(subject)
        for name in names:
            self.call(name, context, scope, word.at)
        if not names:
            self.unknown[self.location(scope.file, word.at, 7), "`include` takes a name that is made up at run time"] = None
            self.consume(context, scope, word.at)

    def call(self, name: str, value: Value, scope: _Scope, at: int) -> None:
        if name == BASE:
            return  # a template of this chart, which is walked anyway
        known = self._defined.get(name)
        if known is None or len(self._called) > _MOST_CALLS or scope.depth > _DEEPEST:
            self.consume(value, scope, at, _Use(why=f"the named template `{name}` is not in this chart, or too deep"))
            return
        if (name, value, scope.guards) in self._called:
            return
        self._called.add((name, value, scope.guards))
        file, nodes = known
        self.body(nodes, _Scope(file, value, ChainMap({"$": value}), scope.guards, scope.depth + 1))

    def consume(self, value: Value, scope: _Scope, at: int, use: _Use = _WHOLE) -> None:
        """Record that a value is used here."""
        for one in value:
            if isinstance(one, Path) and (one.path or not use.tested):
                safe = one.safe or use.tested or any(one.path[: len(guard)] == guard for guard in scope.guards if guard)
                read = Read(
                    one.path, self.location(scope.file, at), not use.tested, use.tested, safe, one.required, use.evaluated, scope.guards
                )
                self.reads[read] = None
            elif isinstance(one, Root) and not use.tested:
                self.unknown[self.location(scope.file, at), use.why] = None
            elif isinstance(one, Table | Items):
                for item in one.items if isinstance(one, Items) else (item for _, item in one.items):
                    self.consume(item, scope, at, use)
