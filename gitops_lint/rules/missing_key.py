"""A key that some environments of an application have is missing in another.

## Why

A parameter added in dev and forgotten in prod is found when prod is deployed: the chart falls back to a default that nobody chose,
or the pod starts without its variable. Git cannot show it, since nothing in prod's file changed.

What counts are the *effective* values: a key that comes from the chart's defaults or from a common file is not missing, a key set
to `null` is absent on purpose, a key below a disabled sub-chart is not needed. The finding names the topmost missing key.

How bad it is follows from who has the key and what it is about: an environment variable that dev and prod have and qa lacks is an
error, another number of replicas is not.

## Example

`values-dev.yaml`:

```yaml
cache:
  ttl: 60
```

`values-prod.yaml`:

```yaml
cache: {} # error: [missing-key] "`cache.ttl` is set in dev, and missing in prod"
```

## How to fix

Add the key to the environment or to a layer that all of them share, or say that its absence is meant: `ttl: null` in the environment,
`# gitops-lint: only[dev] reason` where the key is set, or a clause of the contract in the configuration.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint import lacking, secret_entries
from gitops_lint.finding import Finding
from gitops_lint.keypath import dotted
from gitops_lint.model import Application
from gitops_lint.rule import rule


@rule(Application, category="consistency")
def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each topmost key that some peers have and others lack without another explanation."""
    for comparison in application.comparisons:
        wholesale = lacking.wholesale(comparison)
        for difference in comparison.differences:
            if difference.kind == "missing" and not secret_entries.concerns(difference):
                having = lacking.listed(s.environment.name for s in difference.have)
                without = lacking.listed(gap.environment.name for gap in difference.lack)
                message = f"`{dotted(difference.path)}` is set in {having}, and missing in {without}"
                found = lacking.finding(application, comparison, difference, message)
                yield lacking.marked(found, "many") if lacking.lacking(difference) in wholesale else found
        if comparison.untold:
            last = comparison.differences[-1]
            names = lacking.listed(env.name for env in comparison.environments)
            message = f"{comparison.untold} more keys differ among {names} than are looked into one by one"
            yield Finding(message, at=lacking.would_go(last.lack[0].environment, ()), application=application.name, subject="untold")
