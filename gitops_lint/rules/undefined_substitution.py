"""A `${VAR}` below a Flux Kustomization is defined nowhere, and becomes an empty text.

## Why

Flux fills in `${VAR}` after the build, from `postBuild.substitute` and from the ConfigMaps under `substituteFrom`. A variable that none of
them sets is replaced by nothing at all: the object is applied with an empty host, tag or name. It is not reported where a default is
written (`${VAR:-value}`), where the variable may come from a ConfigMap that is not in the repository, for the escape `$${VAR}`, and for
objects with `kustomize.toolkit.fluxcd.io/substitute: disabled`. Inside a text of several lines, a script say, it is a warning.

## Example

`clusters/prod/flux-system/gotk-sync.yaml`:

```yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system}
spec: {path: ./clusters/prod, sourceRef: {kind: GitRepository, name: flux-system}}
```

`clusters/prod/shop.yaml`:

```yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: shop}
spec:
  path: ./apps/shop
  sourceRef: {kind: GitRepository, name: flux-system}
  postBuild: # error: [undefined-substitution] "`${HOST}` is set nowhere for prod"
    substitute: {REGION: eu}
```

`apps/shop/config.yaml`:

```yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: shop}
data: {host: "${HOST}", region: "${REGION}"}
```

## How to fix

Set it under `substitute`, write a default, or escape what is meant for a shell: `$${HOST}`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.finding import Finding, Related
from gitops_lint.model import Environment
from gitops_lint.rule import rule
from gitops_lint.severity import Severity


@rule(Environment, category="consistency")
def check(environment: Environment) -> Iterator[Finding]:
    """Yield one finding for each variable that is used and set nowhere, at the object that says what is filled in."""
    seen: set[str] = set()
    for entry in environment.undefined:
        if entry.name not in seen:
            seen.add(entry.name)
            yield Finding(
                f"`${{{entry.name}}}` is set nowhere for {environment.name}, and becomes an empty text",
                at=entry.declared,
                key=entry.key,
                application=environment.application,
                environments=(environment.name,),
                related=(Related(entry.at, "used here", environment.name),),
                subject=entry.name,
                severity=Severity.WARNING if entry.embedded else Severity.ERROR,
            )
