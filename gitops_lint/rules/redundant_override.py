"""An environment sets a key to the value that the layers below give it anyway.

## Why

The line says nothing today, and tomorrow it holds the environment back when the common value changes.

## Example

`values.yaml`:

```yaml
cache:
  ttl: 60
```

`values-dev.yaml`:

```yaml
cache:
  size: 5
```

`values-prod.yaml`:

```yaml
cache:
  ttl: 60 # info: [redundant-override] "is what `values.yaml` already gives"
  size: 5
```

## How to fix

Delete the line, unless it is there to hold the value fast; then say so in a comment.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.finding import Finding, Fix, Related, Remove
from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.model import Environment, Layer, Role
from gitops_lint.node import Location, Map, Opaque, Seq, Value, key_location
from gitops_lint.rule import rule
from gitops_lint.severity import Severity


@rule(Environment, category="layering", severity=Severity.INFO)
def check(environment: Environment) -> Iterator[Finding]:
    """Yield a finding for each leaf of an environment's own layers that a lower layer sets to the same value, with none in between."""
    layers = [layer for layer in environment.layers if isinstance(layer.value, Map)]
    if environment.system == "helm":
        for number, layer in enumerate(layers):
            if layer.role is Role.OWN and not layer.templated:
                yield from _repeated(environment, layer, layers[:number])


def _repeated(environment: Environment, layer: Layer, below: list[Layer]) -> Iterator[Finding]:
    stack: list[tuple[KeyPath, Value]] = [((), layer.value)]
    while stack:
        path, node = stack.pop()
        if not isinstance(node, Map):
            continue
        for key, value in node.items():
            here = (*path, key)
            if isinstance(value, Map) and value:
                stack.append((here, value))
            elif value is not None and not isinstance(value, Opaque | Seq | Map):
                under = _lower(below, here)
                if under is not None and type(under[1]) is type(value) and under[1] == value:
                    yield _finding(environment, layer, here, key_location(node, key), under[0])


def _lower(below: list[Layer], path: KeyPath) -> tuple[Location, Value] | None:
    """The place and the value that the layers below give to a path: those of the highest that sets it or something above it."""
    for layer in reversed(below):
        node = layer.value
        for segment in path[:-1]:
            node = node.get(segment) if isinstance(node, Map) else None
            if node is not None and not isinstance(node, Map):
                return None
        if isinstance(node, Map) and path[-1] in node:
            return key_location(node, path[-1]), node[path[-1]]
    return None


def _finding(environment: Environment, layer: Layer, path: KeyPath, at: Location, below: Location) -> Finding:
    return Finding(
        f"`{dotted(path)}` is what `{below.path}` already gives",
        at=at,
        key=path,
        application=environment.application,
        environments=(environment.name,),
        related=(Related(below, "the same value"),),
        fix=Fix("delete the line", (Remove(layer.path, path),), safe=False),
    )
