"""A change brings a new environment that lacks keys which all its siblings have.

## Why

A third of the keys that were ever forgotten were never there: the environment's file was created incomplete, from an old copy or by hand.
The new environment is judged as a whole, in one finding that lists what it lacks.

## Example

`base` `values-dev.yaml`:

```yaml
cache: {size: 5, ttl: 60}
```

`base` `values-qa.yaml`:

```yaml
cache: {size: 5, ttl: 60}
```

`values-dev.yaml`:

```yaml
cache: {size: 5, ttl: 60}
```

`values-qa.yaml`:

```yaml
cache: {size: 5, ttl: 60}
```

`values-prod.yaml`:

```yaml
cache: {size: 5} # error: [incomplete-environment] "the new environment prod lacks `cache.ttl`"
```

## How to fix

Add the keys, or say that the siblings alone need them: `# gitops-lint: only[dev,qa] reason`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gitops_lint import lacking
from gitops_lint.bundle import bundled, named
from gitops_lint.finding import Finding
from gitops_lint.model import Change, Gap
from gitops_lint.opened import Opened, opened
from gitops_lint.rule import rule


@rule(Change, category="consistency")
def check(change: Change) -> Iterator[Finding]:
    """Yield one finding for each new environment that lacks what every sibling has."""
    lacks: dict[tuple[str, str], list[tuple[Opened, Gap]]] = {}
    for found in opened(change):
        for gap in found.fresh if found.difference.kind == "missing" and found.complete else ():
            lacks.setdefault((found.pair.after.name, gap.environment.name), []).append((found, gap))
    for entries in lacks.values():
        yield _finding(entries)


def _finding(entries: list[tuple[Opened, Gap]]) -> Finding:
    name = entries[0][1].environment.name
    keys = named([found.difference.path for found, _ in entries])
    message = f"the new environment {name} lacks {keys}, which all its siblings have"
    parts = [lacking.finding(o.pair.after, o.comparison, o.difference._replace(lack=(g,)), message) for o, g in entries]
    return replace(bundled(parts, ("new-environment",)), subject=name)
