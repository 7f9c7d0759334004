"""A change takes a key from some environments and leaves it in the others.

## Why

A key that goes everywhere was meant to go; one that goes here and stays there was often lost in a merge or an edit of the wrong file.

## Example

`base` `values-dev.yaml`:

```yaml
cache: {size: 5, ttl: 60}
```

`base` `values-prod.yaml`:

```yaml
cache: {size: 5, ttl: 60}
```

`values-dev.yaml`:

```yaml
cache: {size: 5, ttl: 60}
```

`values-prod.yaml`:

```yaml
cache: {size: 5} # error: [partial-removal] "`cache.ttl` is removed from prod, and kept in dev"
```

## How to fix

Take it from all of them, put it back, or say who keeps it: `# gitops-lint: only[dev] reason`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gitops_lint import lacking
from gitops_lint.finding import Finding
from gitops_lint.keypath import dotted
from gitops_lint.model import Change
from gitops_lint.opened import opened
from gitops_lint.rule import rule


@rule(Change, category="consistency")
def check(change: Change) -> Iterator[Finding]:
    """Yield a finding for each key that an environment loses by the change while others keep it."""
    for found in opened(change):
        if found.difference.kind == "missing" and found.lost:
            lost = lacking.listed(gap.environment.name for gap in found.lost)
            kept = lacking.listed(s.environment.name for s in found.difference.have)
            message = f"`{dotted(found.difference.path)}` is removed from {lost}, and kept in {kept}"
            finding = lacking.finding(found.pair.after, found.comparison, found.difference._replace(lack=found.lost), message)
            assert finding.facts is not None  # noqa: S101  `lacking` gives facts
            yield replace(finding, facts=finding.facts._replace(marks=(*finding.facts.marks, "removed-here")))
