"""The date until which a clause of the contract was to hold has passed.

## Why

Somebody accepted a difference for a time. The time is over, and the clause goes on excusing it until somebody looks again.

## Example

`values-dev.yaml`:

```yaml
cache: {ttl: 60}
```

`values-prod.yaml`:

```yaml
cache: {}
```

config:

```yaml
contract:
  - {keys: cache.ttl, only: [dev], reason: prod follows next sprint, until: 2020-06-30}
```

> warning: [expired-suppression] "2020-06-30"

## How to fix

Settle the difference and delete the clause, or give it a new date and a reason that still holds.
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
    """Yield a finding for a clause whose date has passed."""
    if use.expired:
        yield Finding(f"`{use.text}` was to hold until {use.expired}", at=Location(use.path, use.line, 1, use.line, 1), subject=use.text)
