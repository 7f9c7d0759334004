"""Something that decides what an environment gets could not be evaluated.

## Why

A reference that leads out of the repository, a template, a generator that only a cluster can answer: what was not read was not checked,
and silence would look like a clean bill. A file that is there and cannot be read is an error; what no file could tell, as the values in a
Secret that is made in the cluster, or which values a template reads that takes their names from elsewhere, is noted; everything else is
a warning. Of places that cannot be evaluated for one and the same reason three are told, and the others noted.

## Example

`shop/dev/kustomization.yaml`:

```yaml
resources:
  - https://github.com/acme/base//shop?ref=v1 # warning: [unverifiable]
```

`shop/prod/kustomization.yaml`:

```yaml
resources:
  - https://github.com/acme/base//shop?ref=v1 # warning: [unverifiable]
```

## How to fix

Make the reference resolvable inside the repository, name the other checkout in the configuration under `trees`, or accept that the
environment is checked without it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from gitops_lint.finding import Finding
from gitops_lint.model import Repository
from gitops_lint.node import Location
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_QUOTED = re.compile(r"`[^`]*`|\S+/\S+")
_ENOUGH = 3  # of one sort: what is not evaluated for one reason everywhere need not be read more often
_SEVERITIES = {"error": Severity.ERROR, "info": Severity.INFO}


@rule(Repository, category="run", severity=Severity.WARNING)
def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each place that could not be evaluated."""
    alike: Counter[str] = Counter()
    for entry in repository.unverified:
        if entry.path in repository.broken:
            continue  # `invalid-yaml` says it
        severity = _SEVERITIES.get(entry.severity, Severity.WARNING)
        if severity is Severity.WARNING:
            sort = _QUOTED.sub("", entry.reason)
            alike[sort] += 1
            severity = Severity.WARNING if alike[sort] <= _ENOUGH else Severity.INFO
        at = Location(entry.path, entry.line, 1, entry.line, 1)
        yield Finding(f"not checked: {entry.reason}", at=at, severity=severity, subject=entry.reason)
