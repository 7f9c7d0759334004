"""An environment lacks a values file that its siblings have, and the deploying tool says nothing.

## Why

With `missingFileHandler: Warn` in Helmfile, or `ignoreMissingValueFiles` in Argo CD, an absent values file is no error: the environment is
deployed with what is left. That is convenient until a file is misspelt or forgotten.

## Example

`helmfile.yaml`:

```yaml
missingFileHandler: Warn
environments:
  dev: {}
  qa: {}
  prod: {} # warning: [optional-file-missing] "prod reads `prod.yaml` where it exists, and it does not"
---
releases:
  - name: shop
    chart: acme/shop
    values: ["{{ .Environment.Name }}.yaml"]
```

`dev.yaml`:

```yaml
replicas: 1
```

`qa.yaml`:

```yaml
replicas: 1
```

## How to fix

Add the file, an empty one if nothing is to be said.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.finding import Finding, Related
from gitops_lint.model import Application, Environment, Layer
from gitops_lint.node import Location
from gitops_lint.rule import rule
from gitops_lint.severity import Severity


@rule(Application, category="layering", severity=Severity.WARNING)
def check(app: Application) -> Iterator[Finding]:
    """Yield a finding for each optional file that siblings have; it is but a hint unless most of them do."""
    there: dict[str, list[tuple[Environment, Layer]]] = {}
    for environment in app.environments:
        for layer in environment.layers:
            if environment.name in layer.path:
                there.setdefault(layer.path.replace(environment.name, "\0"), []).append((environment, layer))
    for environment in app.environments:
        for absent in environment.absent:
            having = there.get(absent.path.replace(environment.name, "\0"), []) if absent.optional else []
            if having:
                yield _finding(app, environment, absent.path, absent.at, having)


def _finding(app: Application, environment: Environment, path: str, at: Location, having: list[tuple[Environment, Layer]]) -> Finding:
    names = ", ".join(other.name for other, _ in having)
    most = len(having) > len(app.environments) // 2
    return Finding(
        f"{environment.name} reads `{path}` where it exists, and it does not; {names} ha{'s' if len(having) == 1 else 've'} theirs",
        at=at,
        application=app.name,
        environments=(environment.name,),
        related=tuple(Related(layer.location, f"read in {other.name}", other.name) for other, layer in having),
        severity=Severity.WARNING if most else Severity.INFO,
        subject=path,
    )
