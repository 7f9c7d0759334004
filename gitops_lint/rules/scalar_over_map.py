"""An environment puts a scalar or a list where the layers below have a map, or a map over a scalar.

## Why

Helm takes the environment's value and drops the whole map with every key in it; the warning that it prints is lost in the log of the
deployment. Mostly a line was indented wrongly.

## Example

`values.yaml`:

```yaml
cache:
  ttl: 60
  size: 5
```

`values-dev.yaml`:

```yaml
cache:
  ttl: 30
```

`values-prod.yaml`:

```yaml
cache: redis # error: [scalar-over-map] "replaces the map"
```

## How to fix

Set the keys of the map. To drop the map on purpose, set it to `null`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.finding import Finding, Related
from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.model import Environment, Layer, Role
from gitops_lint.node import Map, Opaque, Value, key_location
from gitops_lint.rule import rule


@rule(Environment, category="layering")
def check(environment: Environment) -> Iterator[Finding]:
    """Yield a finding for each key at which two layers of Helm values disagree on what is a map."""
    layers = [layer for layer in environment.layers if isinstance(layer.value, Map)]
    if environment.system == "helm":
        for number, layer in enumerate(layers):
            if layer.role is not Role.DEFAULTS:
                for below in layers[:number]:
                    yield from _clashes(environment, layer, below)


def _clashes(environment: Environment, layer: Layer, below: Layer) -> Iterator[Finding]:
    stack: list[tuple[KeyPath, Value, Value]] = [((), layer.value, below.value)]
    while stack:
        path, upper, lower = stack.pop()
        if isinstance(upper, Map) and isinstance(lower, Map):
            for key in upper.keys() & lower.keys():
                here = (*path, key)
                stack.append((here, upper[key], lower[key]))
                if _clash(upper[key], lower[key]):
                    what = "a value that is no map replaces the map" if isinstance(lower[key], Map) else "a map replaces the value"
                    yield Finding(
                        f"`{dotted(here)}`: {what} of `{below.path}`",
                        at=key_location(upper, key),
                        key=here,
                        application=environment.application,
                        environments=(environment.name,) if layer.role is Role.OWN else (),
                        related=(Related(key_location(lower, key), "replaced"),),
                    )


def _clash(upper: Value, lower: Value) -> bool:
    if upper in (None, {}, []) or lower in (None, {}, [], "") or isinstance(upper, Opaque) or isinstance(lower, Opaque):
        return False
    return isinstance(upper, Map) != isinstance(lower, Map)
