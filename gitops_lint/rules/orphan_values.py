"""A values file stands beside those of the environments, and no environment uses it.

## Why

A file that was renamed in the declaration and not on disk, or the other way round, is edited for months before anybody sees that the edits
do nothing. Only files that are named like used siblings are looked at, and only where a declaration says which are used: names alone
would have made an environment of it.

## Example

config:

```yaml
applications:
  - {name: shop, environments: {dev: [chart/values-dev.yaml], prod: [chart/values-prod.yaml]}}
```

`chart/values-dev.yaml`:

```yaml
replicas: 1
```

`chart/values-prod.yaml`:

```yaml
replicas: 3
```

`chart/values-canary.yaml`:

```yaml
# info: [orphan-values] "is named like `chart/values-dev.yaml`, and no environment uses it"
replicas: 5
```

## How to fix

Delete the file, or use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_lint.finding import Finding, Related
from gitops_lint.model import Repository
from gitops_lint.node import Location
from gitops_lint.regex import regex
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_VALUES = regex(r"values[-_.](?P<word>[A-Za-z0-9._-]+)\.ya?ml|(?P<before>[A-Za-z0-9-]+)[-_.]values\.ya?ml")
_NOT_DEPLOYED = regex(
    r"(?:^|[-_.])(?:example|sample|schema|template|tests?|ci|kind|minikube|local|docs?|demo|bak|old)(?:[-_.]|$)", re.IGNORECASE
)


@rule(Repository, category="layering", severity=Severity.INFO)
def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each file called `values-<word>` in a folder where an environment that is declared uses another such file."""
    environments = [env for app in repository.applications for env in app.environments]
    used = {layer.path for env in environments for layer in env.layers} | {path for env in environments for path in env.beside}
    declared = {layer.path for env in environments if env.evidence.declared for layer in env.layers}
    siblings: dict[str, str] = {}
    for path in sorted(declared):
        folder, name = _split(path)
        if _VALUES.fullmatch(name):
            siblings.setdefault(folder, path)
    for path in repository.paths:
        folder, name = _split(path)
        found = _VALUES.fullmatch(name) if folder in siblings and path not in used else None
        if found is not None and not _NOT_DEPLOYED.search(found["word"] or found["before"]):
            yield Finding(
                f"`{path}` is named like `{siblings[folder]}`, and no environment uses it",
                at=Location(path),
                related=(Related(Location(siblings[folder]), "used"),),
                subject=path,
            )


def _split(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder, name
