"""A clause of the contract, or a line of the baseline, matches nothing.

## Why

The key was renamed or is gone, or the pattern has a slip in it and never excused anything. A contract that nobody clears away ends up
excusing what it was not written for.

## Example

`values-dev.yaml`:

```yaml
cache: {ttl: 60}
```

`values-prod.yaml`:

```yaml
cache: {ttl: 60}
```

config:

```yaml
contract:
  - {keys: "ingres.tls.**", only: [prod], reason: TLS ends at the mesh elsewhere}
```

> warning: [unmatched-pattern] "matches nothing"

## How to fix

Correct the pattern, or delete it; `gitops-lint baseline --prune` clears the baseline.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.contract import Use
from gitops_lint.finding import Finding
from gitops_lint.node import Location
from gitops_lint.rule import rule
from gitops_lint.severity import Severity


@rule(Use, category="run", severity=Severity.WARNING)
def check(use: Use) -> Iterator[Finding]:
    """Yield a finding for a clause or a line that matched nothing."""
    if not use.matched:
        yield Finding(f"`{use.text}` matches nothing", at=Location(use.path, use.line, 1, use.line, 1), subject=use.text)
