"""A mapping has the same key twice.

## Why

Helm and kubectl take the last one and say nothing; the first is dead text that a reader may take for true. Keys count as equal when they
are so for Kubernetes: `yes` and `true`, `8080` and `"8080"`.

## Example

`values-dev.yaml`:

```yaml
cache:
  size: 5
  ttl: 60
```

`values-prod.yaml`:

```yaml
cache:
  ttl: 60
  size: 5
  ttl: 30 # error: [duplicate-key] "`ttl` is set twice"
```

## How to fix

Delete the one that is not meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.finding import Finding, Related
from gitops_lint.model import Document
from gitops_lint.node import span
from gitops_lint.rule import rule


@rule(Document, category="yaml")
def check(document: Document) -> Iterator[Finding]:
    """Yield a finding for each key that a mapping repeats."""
    for duplicate in document.duplicates:
        first = span(document.path, duplicate.first, len(duplicate.key))
        yield Finding(
            f"`{duplicate.key}` is set twice, and the value on line {first.line} is ignored",
            at=span(document.path, duplicate.again, len(duplicate.key)),
            related=(Related(first, "set here first"),),
            subject=duplicate.key,
            label="wins",
        )
