"""A values file has more than one YAML document.

## Why

Helm 3 reads the first document of a values file and ignores the rest, Helm 4 merges them all: the same file gives two configurations.
A stray `---` in the middle of a file is enough.

## Example

`values-dev.yaml`:

```yaml
cache: {ttl: 60}
```

`values-prod.yaml`:

```yaml
cache: {ttl: 60}
---
logs: debug # warning: [ignored-document] "Helm 3 ignores"
```

## How to fix

Put everything into one document.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.finding import Finding
from gitops_lint.model import Layer, Role
from gitops_lint.node import Map, span
from gitops_lint.rule import rule
from gitops_lint.severity import Severity


@rule(Layer, category="layering", severity=Severity.WARNING)
def check(layer: Layer) -> Iterator[Finding]:
    """Yield a finding for each further document of a file that is read as Helm values."""
    roots = layer.document.roots
    objects = any(isinstance(root.value, Map) and root.value.keys() >= {"kind", "apiVersion"} for root in roots)
    helmfile = layer.path.rpartition("/")[2].startswith("helmfile")  # one of its documents, or a block in it
    is_values = isinstance(layer.value, Map) and not helmfile and layer.role is not Role.INLINE and not objects
    filled = [root for root in roots if root.value is not None]
    if is_values and len(filled) > 1 and layer.value is not None:
        for number, root in enumerate(filled[1:], 2):
            message = f"document {number} of a values file: Helm 3 ignores it, Helm 4 merges it"
            yield Finding(message, at=span(layer.path, root.at), subject=f"document {number}")
