"""An edit of a layer that environments share alters protected ones together with the others.

## Why

A line in a common file is deployed to production in the same moment as to development: nothing is tried out before. That may be meant; a
reviewer who sees only the line does not see whom it reaches.

## Example

`base` `base/kustomization.yaml`:

```yaml
resources: [web.yaml]
```

`base` `base/web.yaml`:

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  minReadySeconds: 30
```

`base` `overlays/dev/kustomization.yaml`:

```yaml
resources: [../../base]
replicas: [{name: web, count: 1}]
```

`base` `overlays/prod/kustomization.yaml`:

```yaml
resources: [../../base]
replicas: [{name: web, count: 3}]
```

`base/kustomization.yaml`:

```yaml
resources: [web.yaml]
```

`base/web.yaml`:

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  minReadySeconds: 5 # info: [shared-change] "alters `Deployment/web:spec.minReadySeconds` in prod, which is protected, together with dev"
```

`overlays/dev/kustomization.yaml`:

```yaml
resources: [../../base]
replicas: [{name: web, count: 1}]
```

`overlays/prod/kustomization.yaml`:

```yaml
resources: [../../base]
replicas: [{name: web, count: 3}]
```

## How to fix

Set the value in the lower environments first, and in the common layer once it has proved itself; or let it be, if it is meant for all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gitops_lint import lacking
from gitops_lint.finding import Finding
from gitops_lint.impact import effected
from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.model import Change, Environment, Pair, Role
from gitops_lint.node import Location
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_SHARED = frozenset({Role.DEFAULTS, Role.COMMON, Role.BASE})
_NAMED = 3  # keys that the message names; the rest are counted


class _Reached(NamedTuple):
    """A key that an edited layer alters in an environment, and where it stands there."""

    path: KeyPath
    environment: Environment
    at: Location


@rule(Change, category="promotion", severity=Severity.INFO)
def check(change: Change) -> Iterator[Finding]:
    """Yield a finding for each shared file of an application through which the change reaches protected environments and others."""
    for pair in change.altered:
        if pair.before is not None and any(env.protected for env in pair.after.environments):
            for file, reached in sorted(_reached(pair, change.touched).items()):
                names = {r.environment.name: r.environment for r in reached}
                protected = [name for name, env in names.items() if env.protected]
                others = [name for name, env in names.items() if not env.protected]
                if protected and others:
                    yield _finding(pair, file, reached, protected, others)


def _reached(pair: Pair, touched: frozenset[str]) -> dict[str, list[_Reached]]:
    """By shared file that the change touches: what it alters, and in which environments."""
    found: dict[str, list[_Reached]] = {}
    known = {env.name: env for env in pair.before.environments} if pair.before is not None else {}
    for env in pair.after.environments:
        shared = {layer.path for layer in env.layers if layer.role in _SHARED} & touched
        for effect in effected(known[env.name], env) if shared and env.name in known else ():
            leaf = effect.after
            if leaf is not None and leaf.setting.location.path in shared:
                place = leaf.setting.location
                found.setdefault(place.path, []).append(_Reached(leaf.path, env, place))
    return found


def _finding(pair: Pair, file: str, reached: list[_Reached], protected: list[str], others: list[str]) -> Finding:
    keys = list(dict.fromkeys(dotted(r.path) for r in reached if r.environment.name in protected))
    more = f" and {len(keys) - _NAMED} more" if len(keys) > _NAMED else ""
    named = ", ".join(f"`{key}`" for key in keys[:_NAMED]) + more
    verb = "which is protected" if len(protected) == 1 else "which are protected"
    message = f"`{file}` alters {named} in {lacking.listed(protected)}, {verb}, together with {lacking.listed(others)}"
    first = min((r for r in reached if r.environment.name in protected), key=lambda r: r.at)
    return Finding(
        message,
        at=first.at,
        application=pair.after.name,
        environments=tuple(protected + others),
        subject=file,
    )
