"""A value still says that somebody has to fill it in.

## Why

`CHANGEME` is a fine default until it is deployed. A template with a marked gap is copied for a new environment, most gaps are filled, and
the one that is left is found by the first request that needs it.

Reported are values that are nothing but such a word (`CHANGEME`, `TODO`, `xxx`, `<your-bucket>`), and names that hold one
(`db.your-domain.com`). Placeholders that a program fills in, such as `${HOST}` or `<path:…>`, are none, and neither are image tags, which
pipelines set.

## Example

`values-dev.yaml`:

```yaml
database:
  host: db.dev.example.com
```

`values-prod.yaml`:

```yaml
database:
  host: CHANGEME # error: [placeholder-left] "`database.host` still is `CHANGEME` in prod"
```

## How to fix

Set the value, or delete the key if the environment does not need it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from gitops_lint import lacking
from gitops_lint.finding import Finding
from gitops_lint.kept import secretive
from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.model import Application, Environment, Role
from gitops_lint.node import Location, Map, Seq, item_location, key_location
from gitops_lint.regex import regex
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_LONGEST = 120  # code points; what is longer is prose
_SURE = regex(
    r"(?:please[-_ ])?(?:change|replace|fill|fix)[-_ ]?(?:me|this|it)(?:[-_ ](?:please|now|in))?!*"
    r"|<(?:your|insert|replace|change|fill)[^<>]*>",
    re.IGNORECASE,
)
_GUESS = regex(
    r"to[-_]?do|tbd|x{3,}|placeholder|insert[-_].*[-_]here|your[-_][a-z-_]+[-_]here|<(?!path:)[a-z][a-z0-9]*(?:[-_ ][a-z0-9]+)+>"
    r"|\S*(?<![a-z])(?:(?:change|replace)[-_]?me|your[-_](?:domain|company|org|account|project|bucket|cluster|password|token|api[-_]?key))"
    r"(?![a-z])\S*",
    re.IGNORECASE,
)
_HINT = regex(r"change|replace|fill|fix|to[-_]?do|tbd|xxx|placeholder|insert|your|<", re.IGNORECASE)  # for speed: few texts have one
_BY_A_PROGRAM = regex(r"automat|(?:set|filled|replaced|injected|provided)[-_ ](?:by|in|at)|__\w+__", re.IGNORECASE)
_TAGS = frozenset({"tag", "newTag", "imageTag", "image", "version", "digest", "revision", "targetRevision", "appVersion"})
_NAMES = frozenset({"app", "name", "namespace", "team"})  # there are teams of the name `tbd`, and applications to note what is to do
_TO_DO = regex(r"to[-_]?do|tbd", re.IGNORECASE)
_NODES = frozenset((Map, Seq))  # by type: the reader makes no others, and isinstance takes three times as long
_PROSE = frozenset({"description", "message", "summary", "comment", "title", "help", "runbook", "annotations", "labels", "label"})


@rule(Application, category="consistency", severity=Severity.WARNING)
def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each place that a placeholder stands at, naming the environments that it reaches.

    It is an error in a protected environment if nothing else can be meant, and anywhere if our own fix has put it there.
    """
    clean: set[int] = set()
    found: dict[Location, tuple[KeyPath, str, list[Environment]]] = {}
    for environment in application.environments:
        defaults = {layer.path for layer in environment.layers if layer.role is Role.DEFAULTS}
        for path, at, text in _placeholders(environment, clean):
            if at.path not in defaults or environment.protected:
                found.setdefault(at, (path, text, []))[2].append(environment)
    for at, (path, text, environments) in found.items():
        names = tuple(dict.fromkeys(env.name for env in environments))
        sure = text == lacking.PLACEHOLDER or (_SURE.fullmatch(text) is not None and any(env.protected for env in environments))
        shown = "a placeholder" if secretive(path[-1]) else f"`{text}`"
        yield Finding(
            f"`{dotted(path)}` still is {shown} in {lacking.listed(names)}",
            at=at,
            key=path,
            application=application.name,
            environments=names,
            severity=Severity.ERROR if sure else Severity.WARNING,
        )


def _placeholders(environment: Environment, clean: set[int]) -> Iterator[tuple[KeyPath, Location, str]]:
    """Every placeholder among the effective values; `clean` are subtrees that hold none, which siblings share."""
    waiting: list[tuple[KeyPath, Map | Seq, tuple[int, ...]]] = [((), environment.values, ())]
    seen: set[int] = set()
    dirty: set[int] = set()
    while waiting:
        path, node, above = waiting.pop()
        if id(node) in clean or (environment.disabled and path in environment.disabled):
            continue
        seen.add(id(node))
        for key, value in node.items() if type(node) is Map else enumerate(node):
            if type(value) in _NODES:
                if key not in _PROSE and not _told(path, key) and (above or not _clean(value, clean)):
                    waiting.append(((*path, _segment(key)), value, (*above, id(node))))
            elif type(value) is str and len(value) <= _LONGEST and _hinted(value) and _left(str(key), value):
                dirty |= {id(node), *above}
                yield (*path, _segment(key)), _location(node, key), value.strip()
    clean |= seen - dirty


def _clean(root: Map | Seq, clean: set[int]) -> bool:
    """Whether there is no placeholder below a node; then all that is below it is known to be `clean`, without its paths."""
    waiting = [root]
    seen: list[int] = []
    while waiting:
        node = waiting.pop()
        if id(node) not in clean:
            seen.append(id(node))
            for key, value in node.items() if type(node) is Map else enumerate(node):
                if type(value) in _NODES:
                    if key not in _PROSE:
                        waiting.append(value)
                elif type(value) is str and len(value) <= _LONGEST and _hinted(value) and _left(str(key), value):
                    return False
    clean.update(seen)
    return True


@lru_cache(maxsize=50_000)  # environments have most of their texts in common
def _hinted(value: str) -> bool:
    return _HINT.search(value) is not None


def _told(path: KeyPath, key: str | int) -> bool:
    """Whether values are those that an Application is told, which are looked at as its own."""
    return key == "valuesObject" and "".join(path[:1]).startswith("Application")


def _segment(key: str | int) -> str:
    return key if isinstance(key, str) else f"[{key}]"


def _left(key: str, value: str) -> bool:
    if key in _TAGS or key in _PROSE or "\n" in value:
        return False
    text = value.strip()
    if key in _NAMES and _TO_DO.fullmatch(text):
        return False
    marked = _SURE.fullmatch(text) is not None or _GUESS.fullmatch(text) is not None
    return marked and _BY_A_PROGRAM.search(text) is None


def _location(node: Map | Seq, key: str | int) -> Location:
    return key_location(node, str(key)) if isinstance(node, Map) else item_location(node, int(key))
