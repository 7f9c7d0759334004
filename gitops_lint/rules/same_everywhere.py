"""Every environment sets a key to the same value for itself.

## Why

What is the same everywhere belongs into the layer that all of them share: there it is changed once, and a new environment gets it for free.
Copies drift apart. Whether it is worth the change is a matter of taste, so the rule is off unless the configuration asks for it.

## Example

config:

```yaml
rules: {same-everywhere: info}
```

`values.yaml`:

```yaml
cache: {}
```

`values-dev.yaml`:

```yaml
log: {format: json} # info: [same-everywhere] "`log.format` is the same in dev, qa and prod, each of which sets it"
```

`values-qa.yaml`:

```yaml
log: {format: json}
```

`values-prod.yaml`:

```yaml
log: {format: json}
```

## How to fix

Move the key to the common layer.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint import lacking
from gitops_lint.finding import Finding, Related
from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.model import Application, Environment, Layer, Role
from gitops_lint.node import Location, Map, Opaque, Seq, Value, key_location
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_ENOUGH = 3  # environments
_SHARED = (Role.COMMON, Role.DEFAULTS)


@rule(Application, category="consistency", severity=Severity.OFF)
def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each leaf that all peers set alike, in three or more Helm environments that have a layer in common."""
    for comparison in (found for found in application.comparisons if not found.weak):
        peers = comparison.environments
        if len(peers) < _ENOUGH or any(env.own is None or env.system != "helm" for env in peers):
            continue
        if not all(any(layer.role in _SHARED for layer in env.layers) for env in peers):
            continue
        tables = [_leaves(env.own) for env in peers if env.own is not None]
        for path, (at, value) in tables[0].items():
            others = [table[path] for table in tables[1:] if path in table]
            same = [place for place, other in others if type(other) is type(value) and other == value]
            if len({at, *same}) == len(tables):
                yield _finding(application, path, at, same, peers)


def _leaves(layer: Layer) -> dict[KeyPath, tuple[Location, Value]]:
    """The scalars below maps of a layer, each with its place."""
    out: dict[KeyPath, tuple[Location, Value]] = {}
    waiting: list[tuple[KeyPath, Value]] = [((), layer.value)]
    while waiting:
        path, node = waiting.pop()
        if not isinstance(node, Map):
            continue
        for key, value in node.items():
            if isinstance(value, Map):
                waiting.append(((*path, key), value))
            elif value is not None and not isinstance(value, Opaque | Seq):
                out[*path, key] = (key_location(node, key), value)
    return out


def _finding(application: Application, path: KeyPath, at: Location, others: list[Location], peers: tuple[Environment, ...]) -> Finding:
    names = tuple(env.name for env in peers)
    return Finding(
        f"`{dotted(path)}` is the same in {lacking.listed(names)}, each of which sets it",
        at=at,
        key=path,
        application=application.name,
        environments=names,
        related=tuple(Related(place, "the same") for place in others),
    )
