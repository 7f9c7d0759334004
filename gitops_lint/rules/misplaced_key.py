"""A key that is missing in one environment stands there under another parent.

## Why

One forgotten key in seven was there all along, indented one level too deep or too shallow, or below a neighbour. YAML accepts it, Helm
ignores it, and the environment runs without it.

## Example

`values-dev.yaml`:

```yaml
service:
  allowlist:
    office: 10.0.0.0/8
  ingress:
    tls: true
```

`values-prod.yaml`:

```yaml
service: # error: [misplaced-key] "prod has it as `service.ingress.allowlist`"
  ingress:
    tls: true
    allowlist:
      office: 10.0.0.0/8
```

## How to fix

Move the key to where the other environments have it.
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
    """Yield a finding for each missing key whose last name stands elsewhere in just the environments that lack it."""
    for comparison in application.comparisons:
        for difference in comparison.differences:
            if difference.kind == "misplaced" and difference.twin is not None:
                yield lacking.instead(application, comparison, difference, f"it as `{dotted(difference.twin.path)}`")
