"""A chart is named by a range, by a part of a version, or by none at all.

## Why

`~1.2`, `1.x`, `1.2` and no version at all select the newest chart that fits at the moment of deployment: the same commit gives another
result tomorrow, and a rollback brings back something else. Flux takes a missing version for `*`; helmfile and kustomize take the newest.

A dependency that a `Chart.lock` pins is fixed. Environments below the protected ones may use ranges, which are noted, but not any version.
The table `charts` (`{match: "*/podinfo", environments: [prod], require: version}`) changes that.

## Example

`Chart.yaml`:

```yaml
apiVersion: v2
name: shop
version: 1.0.0
dependencies:
  - name: redis
    repository: https://charts.acme.example
    version: ^17.0.0 # warning: [floating-chart-version] "`redis ^17.0.0`: a range, which selects the newest that fits"
```

## How to fix

Name one full version, and for a chart's dependencies commit the `Chart.lock` that `helm dependency update` writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gitops_lint.extract.words import about, moves, who
from gitops_lint.finding import Finding
from gitops_lint.pointer import Pointer, PointerKind
from gitops_lint.pointers.policy import Demand, verdict
from gitops_lint.rule import rule
from gitops_lint.severity import Severity


@dataclass(frozen=True, slots=True)
class Options:
    """`charts` says what is required of which charts, in which environments."""

    charts: tuple[Demand, ...] = ()


@rule(Pointer, category="immutability", severity=Severity.WARNING, options=Options)
def check(pointer: Pointer, options: Options) -> Iterator[Finding]:
    """Report a chart whose version can select another one tomorrow."""
    if pointer.kind is not PointerKind.CHART:
        return
    severity = verdict(pointer, options.charts)
    if severity is not None:
        yield about(pointer, f"{who(pointer, 'releases')}`{pointer.text}`: {moves(pointer)}", severity, "name one full version")
