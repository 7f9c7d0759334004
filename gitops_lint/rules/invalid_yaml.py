"""A file of an environment is not valid YAML.

## Why

The deploying tool refuses it, and so nothing of it was checked: every key that it should bring is missing.

## Example

`values-dev.yaml`:

```yaml
cache: {ttl: 60}
```

`values-prod.yaml`:

```yaml
cache: ttl: 60 # error: [invalid-yaml]
```

## How to fix

Mend the syntax at the place named. What counts is what the YAML library of Kubernetes accepts: it refuses `%YAML 1.2`, tabs as
indentation, and keys that are null, a list or a map.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.finding import Finding
from gitops_lint.model import Document
from gitops_lint.node import Location
from gitops_lint.rule import rule


@rule(Document, category="yaml")
def check(document: Document) -> Iterator[Finding]:
    """Yield a finding for a document that could not be parsed."""
    error = document.error
    if error is not None and not document.unreadable and not document.encrypted:
        yield Finding(error.message, at=Location(document.path, error.line, error.column, error.line, error.column))
