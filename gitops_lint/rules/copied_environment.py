"""A new environment still holds addresses of the one that it was copied from.

## Why

A new environment begins as a copy. What has to be its own is changed by hand, and what was overlooked works at once: with the database,
the queue or the bucket of another environment. Addresses count that are the same in the source and name it.

## Example

base `values-dev.yaml`:

```yaml
queue: amqp://queue.dev.example.com
bucket: shop-dev-files
```

base `values-prod.yaml`:

```yaml
queue: amqp://queue.prod.example.com
bucket: shop-prod-files
```

`values-dev.yaml`:

```yaml
queue: amqp://queue.dev.example.com
bucket: shop-dev-files
```

`values-prod.yaml`:

```yaml
queue: amqp://queue.prod.example.com
bucket: shop-prod-files
```

`values-qa.yaml`:

```yaml
queue: amqp://queue.dev.example.com # error: [copied-environment] "the new environment qa still has dev's `queue`"
bucket: shop-qa-files
```

## How to fix

Give the environment addresses of its own, or say that it shares them on purpose: `# gitops-lint: ignore[copied-environment] reason`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.addresses import named
from gitops_lint.compare import identity
from gitops_lint.finding import Finding, Related
from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.lacking import trail
from gitops_lint.model import Change, Comparison, Environment, Pair, Setting
from gitops_lint.node import Location, Map, Seq
from gitops_lint.rule import rule

_NAMED = 4  # keys that the message names; the rest are counted


@rule(Change, category="consistency")
def check(change: Change) -> Iterator[Finding]:
    """Yield a finding for each new environment and the sibling whose addresses it has."""
    for pair in change.altered:
        known = {env.name for env in pair.before.environments} if pair.before is not None else set()
        for comparison in pair.after.comparisons:
            for env in comparison.environments:
                if pair.before is not None and env.name not in known and env.evidence.weak is comparison.weak:
                    yield from _copied(pair, comparison, env)


def _copied(pair: Pair, comparison: Comparison, env: Environment) -> Iterator[Finding]:
    found: dict[str, dict[Location, tuple[KeyPath, Setting]]] = {}
    for path, setting in _addresses(env):
        source = named(setting, comparison.environments)
        there = _at(source, path) if source is not None else None
        if source is not None and there is not None and there.value == setting.value and there.location != setting.location:
            found.setdefault(source.name, {}).setdefault(setting.location, (path, there))
    for name, unsorted in found.items():
        places = {at: unsorted[at] for at in sorted(unsorted)}
        keys = [f"`{dotted(path)}`" for path, _ in places.values()]
        more = f" and {len(keys) - _NAMED} more" if len(keys) > _NAMED else ""
        yield Finding(
            f"the new environment {env.name} still has {name}'s {', '.join(keys[:_NAMED])}{more}",
            at=next(iter(places)),
            key=next(iter(places.values()))[0],
            application=pair.after.name,
            environments=(env.name,),
            related=(
                *(Related(there.location, f"the same in {name}", name) for _, there in places.values()),
                *(Related(at, "and here", env.name) for at in list(places)[1:]),
            ),
            subject=f"{env.name} {name}",
        )


def _addresses(env: Environment) -> Iterator[tuple[KeyPath, Setting]]:
    """The texts among the effective values, with their paths."""
    waiting: list[tuple[KeyPath, Map | Seq]] = [((), env.values)]
    while waiting:
        path, node = waiting.pop()
        if isinstance(node, Map):
            entries: list[tuple[str, str | int]] = [(key, key) for key in node]
        else:
            entries = [(f"[{name}]", index) for index, name in enumerate(identity(node) or ())]
        for segment, key in reversed(entries):
            setting = Setting(env, node, key)
            if isinstance(setting.value, Map | Seq):
                waiting.append(((*path, segment), setting.value))
            elif isinstance(setting.value, str):
                yield (*path, segment), setting


def _at(env: Environment, path: KeyPath) -> Setting | None:
    """The setting of another environment at a path."""
    steps = list(trail(env, env.values, path))
    return steps[-1] if len(steps) == len(path) else None
