"""A template reads a value that an environment does not set, and no default does.

## Why

Helm prints nothing for a value that is not there, and the object says `host:` or `image: shop:`. Below a parent that is not there either,
it stops with a nil pointer. Both are found at deployment, and only in the environment that lacks the value.

Only what is read without a `default` and outside any condition on it counts, in charts whose templates can be understood without running
them; a condition around the place has to hold for the environment.

## Example

`Chart.yaml`:

```yaml
apiVersion: v2
name: shop
version: 1.0.0
```

`templates/ingress.yaml`:

```yaml
kind: Ingress
apiVersion: networking.k8s.io/v1
metadata: {name: shop}
spec:
  # warning: [undefined-value] "`ingress.host` is read here, and not set in prod"
  rules: [{host: {{ .Values.ingress.host }} }]
```

`values.yaml`:

```yaml
ingress: {}
```

`values-dev.yaml`:

```yaml
ingress:
  host: shop.dev.example.com
```

`values-prod.yaml`:

```yaml
ingress:
  class: nginx
```

## How to fix

Set the value in the environment or in the chart's `values.yaml`, or give it a `default` in the template.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitops_lint import lacking
from gitops_lint.extract.deployed import Deployed
from gitops_lint.extract.template_context import ANY
from gitops_lint.extract.template_values import Read
from gitops_lint.finding import Finding
from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.merge.helm import explicit_null
from gitops_lint.model import Environment
from gitops_lint.node import Map, Opaque, Value
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_KONTINUOUS = "/.kontinuous/"  # the deployer gives `global` to whatever it deploys: docs of SocialGouv's kontinuous, values


@rule(Deployed, category="layering", severity=Severity.WARNING)
def check(chart: Deployed) -> Iterator[Finding]:
    """Yield a finding for each undefined path, at the first place that reads it."""
    by_path: dict[KeyPath, list[Read]] = {}
    injected = any(_KONTINUOUS in f"/{layer.path}" for environment in chart.environments for layer in environment.layers)
    for read in chart.reads or ():
        known = read.safe or read.tested or (read.path[:1] == ("global",) and injected)
        if read.path and ANY not in read.path and not known and read.path[0] not in chart.parts:
            by_path.setdefault(read.path, []).append(read)
    for path, reads in by_path.items():
        yield from _undefined(chart, path, reads)


def _undefined(chart: Deployed, path: KeyPath, reads: list[Read]) -> Iterator[Finding]:
    reached: dict[str, tuple[Environment, Read]] = {}
    for environment in chart.environments:
        read = next((one for one in reads if _reached(environment, one.guards)), None)
        if read is not None and not environment.hazy and _depth(environment, path) is not None:
            reached[environment.name] = (environment, read)
    if not reached:
        return
    environment, read = next(iter(reached.values()))
    stops = any(_depth(env, path) != len(path) - 1 for env, _ in reached.values()) or any(r.required for _, r in reached.values())
    yield Finding(
        f"`{dotted(path)}` is read here, and not set in {lacking.listed(reached)}{': Helm stops there' if stops else ''}",
        at=read.at,
        key=path,
        application=environment.application,
        environments=tuple(reached),
        notes=(f"layers of {environment.name}: {', '.join(lacking.layers(environment))}",),
        severity=Severity.ERROR if stops else Severity.WARNING,
    )


def _depth(environment: Environment, path: KeyPath) -> int | None:
    """The number of segments before the one that is missing; None if none is, or nobody can know, or it is absent on purpose."""
    node: Value = environment.values
    for number, segment in enumerate(path):
        if not isinstance(node, Map):
            return None
        if segment not in node:
            return None if explicit_null(environment.layers, path[: number + 1]) else number
        node = node[segment]
    return None


def _reached(environment: Environment, guards: Iterable[KeyPath]) -> bool:
    return all(guard and _true(environment.values, guard) for guard in guards)


def _true(values: Value, path: KeyPath) -> bool:
    """Whether a value is surely true for a template."""
    for segment in path:
        values = values.get(segment) if isinstance(values, Map) else None
    return bool(values) and not isinstance(values, Opaque)
