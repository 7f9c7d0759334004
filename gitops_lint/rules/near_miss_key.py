"""A key that is missing in one environment stands there under a name one slip of the pen away.

## Why

`enable` beside `enabled`, `DATABSE_URL` beside `DATABASE_URL`: the misspelt key is set, read by nobody, and the real one is missing.

## Example

`values-dev.yaml`:

```yaml
metrics:
  enabled: true
```

`values-prod.yaml`:

```yaml
metrics: # error: [near-miss-key] "prod has `enable`"
  enable: true
```

## How to fix

Rename the key to what the other environments call it.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint import lacking
from gitops_lint.finding import Finding
from gitops_lint.keypath import dotted
from gitops_lint.model import Application
from gitops_lint.rule import rule


@rule(Application, category="consistency")
def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each missing key beside which the lacking environments have an almost equal one."""
    for comparison in application.comparisons:
        for difference in comparison.differences:
            if difference.kind == "near-miss" and difference.twin is not None:
                yield lacking.instead(application, comparison, difference, f"`{dotted(difference.twin.path[-1:])}`")
