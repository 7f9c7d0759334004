"""An environment breaks what the contract in the configuration declares.

## Why

The contract says which keys environments must have, must not have, or must set alike or apart. It is the team's own rule, so breaking it
is an error.

- `required`: every environment named, or every one of them all, has the key.
- `forbidden`: no environment named has it.
- `must-differ`: no two environments give it the same value.
- `must-equal`: all environments give it the same value.
- `order`: `prod >= qa` compares the values as versions or numbers.

## Example

`values-dev.yaml`:

```yaml
database: {host: db.example.org}
```

`values-prod.yaml`:

```yaml
database: {host: db.example.org} # error: [contract-violated] "must differ"
```

config:

```yaml
contract:
  - {keys: database.host, must-differ: true, reason: environments never share a database}
```

## How to fix

Change the value, or the contract if it no longer says what the team wants.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from gitops_lint import lacking
from gitops_lint.compare import leaves
from gitops_lint.contract import Pledge, covers, holds_for
from gitops_lint.finding import Finding, Related
from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.model import Environment, Setting
from gitops_lint.rule import rule


@rule(Pledge, category="consistency")
def check(pledge: Pledge) -> Iterator[Finding]:
    """Yield a finding for each environment that breaks the clause."""
    kind = pledge.clause.kind
    found = _settings(pledge)
    if kind == "required":
        yield from _lacking(pledge, found)
    elif kind == "forbidden":
        for path, settings in found.items():
            for setting in settings:
                if not pledge.clause.environments or holds_for(pledge.clause.environments, setting.environment.name, pledge.stages):
                    yield _finding(pledge, path, setting, f"is set in {setting.environment.name}, where it is forbidden")
    elif kind in ("must-differ", "must-equal"):
        for path, settings in found.items():
            yield from _compared(pledge, path, settings)
    elif kind == "order":
        for path, settings in found.items():
            yield from _ordered(pledge, path, settings)


def _settings(pledge: Pledge) -> dict[KeyPath, list[Setting]]:
    """Each leaf that the clause's patterns match, with the environments that set it."""
    found: dict[KeyPath, list[Setting]] = {}
    for env in pledge.application.environments:
        for path in leaves(env.values):
            if covers(pledge.clause.keys, path):
                *_, last = lacking.trail(env, env.values, path)
                found.setdefault(path, []).append(last)
    return found


def _lacking(pledge: Pledge, found: dict[KeyPath, list[Setting]]) -> Iterator[Finding]:
    for env in pledge.application.environments:
        if not pledge.clause.environments or holds_for(pledge.clause.environments, env.name, pledge.stages):
            for pattern in pledge.clause.keys:
                if not any(covers((pattern,), path) and any(s.environment is env for s in settings) for path, settings in found.items()):
                    yield _absent(pledge, env, pattern)


def _absent(pledge: Pledge, env: Environment, pattern: str) -> Finding:
    at = lacking.would_go(env, ())
    message = f"`{pattern}` is missing in {env.name}, where it is required{_reason(pledge)}"
    return Finding(message, at=at, application=pledge.application.name, environments=(env.name,), subject=pattern)


def _compared(pledge: Pledge, path: KeyPath, settings: list[Setting]) -> Iterator[Finding]:
    differ = pledge.clause.kind == "must-differ"
    for one, other in combinations(settings, 2):
        if (one.value == other.value) is differ and one.value is not None:
            word = "differ" if differ else "be equal"
            yield _finding(pledge, path, other, f"must {word} in {one.environment.name} and {other.environment.name}", one)
            return


def _ordered(pledge: Pledge, path: KeyPath, settings: list[Setting]) -> Iterator[Finding]:
    match = re.fullmatch(r"\s*(\S+)\s*(>=|<=|>|<|=)\s*(\S+)\s*", pledge.clause.order)
    if match is None:
        return
    left = [s for s in settings if holds_for((match[1],), s.environment.name, pledge.stages)]
    right = [s for s in settings if holds_for((match[3],), s.environment.name, pledge.stages)]
    for one in left:
        for other in right:
            if not _holds(_number(one), match[2], _number(other)):
                yield _finding(pledge, path, one, f"must be {match[2]} in {one.environment.name} than in {other.environment.name}", other)


def _number(setting: Setting) -> tuple[tuple[int, str], ...]:
    """A value as something that can be compared: its runs of digits as numbers."""
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in re.findall(r"\d+|[^\d.]+", str(setting.value)))


def _holds(left: tuple[tuple[int, str], ...], sign: str, right: tuple[tuple[int, str], ...]) -> bool:
    return {">=": left >= right, "<=": left <= right, ">": left > right, "<": left < right, "=": left == right}[sign]


def _reason(pledge: Pledge) -> str:
    return f": {pledge.clause.reason}" if pledge.clause.reason else ""


def _finding(pledge: Pledge, path: KeyPath, setting: Setting, what: str, other: Setting | None = None) -> Finding:
    return Finding(
        f"`{dotted(path)}` {what}{_reason(pledge)}",
        at=setting.location,
        key=path,
        application=pledge.application.name,
        environments=(setting.environment.name,),
        related=(Related(other.location, f"set in {other.environment.name}", other.environment.name),) if other is not None else (),
    )
