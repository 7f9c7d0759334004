"""A template gives another result each time it is rendered, or one that depends on the cluster.

## Why

`randAlphaNum`, `genCA`, `now` and their like make a new Secret or annotation with each rendering: Argo CD and Flux see a change that nobody
made, pods roll for nothing, and passwords are replaced under running programs. `lookup` is meant to prevent that, but reads the cluster:
`helm template`, and so Argo CD, get an empty answer, and what was reviewed is not what is installed.

One finding is made for each function of a template. Charts that are vendored in `charts/` are left to their authors.

## Example

`Chart.yaml`:

```yaml
apiVersion: v2
name: shop
version: 1.0.0
```

`templates/secret.yaml`:

```yaml
apiVersion: v1
kind: Secret
metadata: {name: shop}
stringData:
  # warning: [non-deterministic-template] "`randAlphaNum` gives another result each time the template is rendered"
  password: {{ randAlphaNum 32 | quote }}
```

## How to fix

Take the value from a secret store or from the values, and leave certificates to cert-manager.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.finding import Finding, Related
from gitops_lint.node import Location
from gitops_lint.pointer import Template
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_OF_THE_CLUSTER = {
    "lookup": "reads the cluster, of which `helm template` and Argo CD know nothing",
    "getHostByName": "asks the name server of the machine that renders",
}


@rule(Template, category="immutability", severity=Severity.WARNING)
def check(template: Template) -> Iterator[Finding]:
    """Report each function once, at its first call."""
    calls: dict[str, list[Location]] = {}
    for function, at in template.calls:
        calls.setdefault(function, []).append(at)
    for function, (first, *others) in calls.items():
        reason = _OF_THE_CLUSTER.get(function, "gives another result each time the template is rendered")
        again = tuple(Related(at, "called here, too") for at in others)
        yield Finding(f"`{function}` {reason}", at=first, related=again, subject=function)
