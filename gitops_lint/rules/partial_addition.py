"""A change adds a key to some environments and not to the others.

## Why

This is where keys are forgotten: seven in ten commits that add a key add it to some environments only, and one late addition in ten had
been forgotten. Whoever adds the key is the one who knows what the other environments need.

## Example

`base` `values-dev.yaml`:

```yaml
cache: {size: 5}
```

`base` `values-prod.yaml`:

```yaml
cache: {size: 5}
```

`values-dev.yaml`:

```yaml
cache: {size: 5, ttl: 60}
```

`values-prod.yaml`:

```yaml
cache: {size: 5} # error: [partial-addition] "`cache.ttl` is added to dev, and missing in prod"
```

## How to fix

Add it to the other environments in the same change, or say that they do not need it: `# gitops-lint: only[dev] reason`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from gitops_lint import lacking
from gitops_lint.finding import Finding
from gitops_lint.keypath import dotted
from gitops_lint.model import Change, Gap
from gitops_lint.opened import Opened, marks, opened
from gitops_lint.rule import rule

_CROWD = 8  # lacking environments; more are named stage by stage


@rule(Change, category="consistency")
def check(change: Change) -> Iterator[Finding]:
    """Yield a finding for each key that an environment gains by the change while others still lack it."""
    for found in opened(change):
        if found.difference.kind == "missing" and found.gained:
            yield from _partial(change, found)


def _partial(change: Change, found: Opened) -> Iterator[Finding]:
    gained = lacking.listed(s.environment.name for s in found.gained)
    for gaps in _places(tuple(gap for gap in found.difference.lack if gap not in found.lost and gap not in found.fresh)):
        without = lacking.listed(gap.environment.name for gap in gaps)
        message = f"`{dotted(found.difference.path)}` is added to {gained}, and missing in {without}"
        finding = lacking.finding(found.pair.after, found.comparison, found.difference._replace(lack=gaps), message)
        assert finding.facts is not None  # noqa: S101  `lacking` gives facts
        yield replace(finding, facts=finding.facts._replace(marks=finding.facts.marks + marks(change, found, gaps)))


def _places(gaps: tuple[Gap, ...]) -> Iterable[tuple[Gap, ...]]:
    """What is said at once: each environment by itself, since its own file is to be edited; a crowd of them stage by stage."""
    together: dict[str, tuple[Gap, ...]] = {}
    for gap in gaps:
        place = gap.environment.name if len(gaps) <= _CROWD else gap.environment.stage
        together[place] = (*together.get(place, ()), gap)
    return together.values()
