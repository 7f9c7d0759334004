"""A `<<` overrides keys that stand before it, in Helm and kubectl, but not in Kustomize.

## Why

In the YAML reader of Helm, kubectl, Argo CD and Flux the last one wins: what `<<` brings replaces what was written above it. In that of
Kustomize a key of its own always wins. The same file means two things, and most readers expect the second. Only a `<<` that brings another
value for a key above it is reported.

## Example

`values-dev.yaml`:

```yaml
defaults: &defaults
  ttl: 60
cache:
  <<: *defaults
  size: 5
```

`values-prod.yaml`:

```yaml
defaults: &defaults
  ttl: 60
cache:
  ttl: 30
  <<: *defaults # warning: [merge-after-key] "overrides keys above it"
  size: 5
```

## How to fix

Put `<<` first in its mapping: then what follows wins everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.finding import Finding
from gitops_lint.model import Document
from gitops_lint.node import span
from gitops_lint.rule import rule
from gitops_lint.severity import Severity


@rule(Document, category="layering", severity=Severity.WARNING)
def check(document: Document) -> Iterator[Finding]:
    """Yield a finding for each `<<` that changes the value of a key written before it."""
    for number, position in enumerate(document.merges_after):
        yield Finding(
            "`<<` overrides keys above it in Helm and kubectl, and gives way to them in Kustomize",
            at=span(document.path, position, len("<<")),
            subject=f"<< {number}",
        )
