"""A file or folder that a declaration names does not exist.

## Why

A values file under another name, a patch that was moved, a resource that was deleted: the deploying tool refuses the environment, or, where
it is the environment's own layer that is gone, deploys something else. It is found when the change is rolled out.

## Example

`apps/shop/dev/kustomization.yaml`:

```yaml
resources: [shop.yaml]
```

`apps/shop/prod/kustomization.yaml`:

```yaml
resources:
  - shop.yaml
  - ingress.yaml # error: [broken-reference] "`apps/shop/prod/ingress.yaml` does not exist, and prod needs it"
```

`apps/shop/dev/shop.yaml`:

```yaml
apiVersion: v1
kind: Service
metadata: {name: shop}
```

`apps/shop/prod/shop.yaml`:

```yaml
apiVersion: v1
kind: Service
metadata: {name: shop}
```

## How to fix

Add what is missing, or take the reference out.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.finding import Finding
from gitops_lint.model import Application
from gitops_lint.node import Location
from gitops_lint.rule import rule


@rule(Application, category="layering")
def check(app: Application) -> Iterator[Finding]:
    """Yield a finding for each reference that leads nowhere, once for all environments that need it."""
    needing: dict[tuple[str, Location], list[str]] = {}
    for environment in app.environments:
        for absent in environment.absent:
            if not absent.optional:
                needing.setdefault((absent.path, absent.at), []).append(environment.name)
    for (path, at), names in needing.items():
        them = ", ".join(names)
        yield Finding(
            f"`{path}` does not exist, and {them} need{'s' if len(names) == 1 else ''} it",
            at=at,
            application=app.name,
            environments=tuple(names),
            subject=path,
        )
