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
from gitops_lint.finding import Facts, Finding
from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.model import Change, Gap
from gitops_lint.opened import Opened, opened
from gitops_lint.rule import rule

_NAMED = 4  # keys that the message names; the rest are counted


@rule(Change, category="consistency")
def check(change: Change) -> Iterator[Finding]:
    """Yield one finding for each new environment that lacks what every sibling has."""
    lacks: dict[tuple[str, str], list[tuple[Opened, Gap]]] = {}
    for found in opened(change):
        siblings = {env.name for env in found.comparison.environments} - {gap.environment.name for gap in found.fresh}
        complete = siblings <= {s.environment.name for s in found.difference.have}
        for gap in found.fresh if found.difference.kind == "missing" and siblings and complete else ():
            lacks.setdefault((found.pair.after.name, gap.environment.name), []).append((found, gap))
    for entries in lacks.values():
        yield _finding(entries)


def _finding(entries: list[tuple[Opened, Gap]]) -> Finding:
    name = entries[0][1].environment.name
    keys = [dotted(found.difference.path) for found, _ in entries]
    more = f" and {len(keys) - _NAMED} more" if len(keys) > _NAMED else ""
    message = f"the new environment {name} lacks {', '.join(f'`{key}`' for key in keys[:_NAMED])}{more}, which all its siblings have"
    parts = [lacking.finding(o.pair.after, o.comparison, o.difference._replace(lack=(g,)), message) for o, g in entries]
    shared = _shared([found.difference.path for found, _ in entries])
    aliases = tuple(dict.fromkeys((*keys, *(alias for part in parts for alias in part.aliases))))
    return replace(parts[0], key=shared, aliases=aliases, facts=_facts(parts, shared), subject=name)


def _shared(paths: list[KeyPath]) -> KeyPath:
    """The longest path that all of these begin with; the path itself if there is but one."""
    shared = paths[0]
    for path in paths[1:]:
        length = next((i for i, (a, b) in enumerate(zip(shared, path, strict=False)) if a != b), min(len(shared), len(path)))
        shared = shared[:length]
    return shared


def _facts(parts: list[Finding], shared: KeyPath) -> Facts:
    facts = [part.facts for part in parts if part.facts is not None]
    leaves = tuple(
        dotted((*part.key[len(shared) :], *((leaf,) if leaf else ()))) if len(shared) < len(part.key) else leaf
        for part in parts
        if part.facts is not None
        for leaf in part.facts.lack[0].leaves
    )
    marks = ("new-environment", *(mark for mark in facts[0].marks if mark == "unsaid"))
    return facts[0]._replace(lack=(facts[0].lack[0]._replace(leaves=leaves),), marks=marks)
