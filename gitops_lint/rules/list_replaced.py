"""A change gives an environment its own list where it had that of a lower layer, and drops items that the lower layer has.

## Why

Helm merges maps and replaces lists: who adds one caller to `values-prod.yaml` takes away all that `values.yaml` has. The diff shows one
line that comes, and none that goes.

## Example

`base` `Chart.yaml`:

```yaml
apiVersion: v2
name: payments
version: 0.3.0
```

`base` `values.yaml`:

```yaml
callers: [checkout, refunds]
```

`base` `values-dev.yaml`:

```yaml
timeout: 5s
```

`base` `values-prod.yaml`:

```yaml
timeout: 2s
```

`Chart.yaml`:

```yaml
apiVersion: v2
name: payments
version: 0.3.0
```

`values.yaml`:

```yaml
callers: [checkout, refunds]
```

`values-dev.yaml`:

```yaml
timeout: 5s
```

`values-prod.yaml`:

```yaml
timeout: 2s
callers: [invoices] # warning: [list-replaced] "`callers` no longer has `checkout`, `refunds` of `values.yaml` in prod"
```

## How to fix

Repeat the items that are still needed, or add the new one to the layer that has the others.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.compare import identity
from gitops_lint.finding import Finding, Related
from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.lacking import listed, trail
from gitops_lint.model import Change, Environment, Setting
from gitops_lint.node import Map, Seq, Value
from gitops_lint.redact import secret_name
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_NAMED = 3  # items that the message names


@rule(Change, category="layering", severity=Severity.WARNING)
def check(change: Change) -> Iterator[Finding]:
    """Yield a finding for each list of a Helm environment by which the change hides items of a lower layer."""
    for pair in change.altered:
        known = {env.name: env for env in pair.before.environments} if pair.before is not None else {}
        for env in pair.after.environments:
            if env.system == "helm" and env.name in known and not change.touched.isdisjoint(layer.path for layer in env.layers):
                for path, setting in _lists(env):
                    if setting.location.path in change.touched and not _overridden(known[env.name], path):
                        yield from _hidden(pair.after.name, env, path, setting)


def _lists(env: Environment) -> Iterator[tuple[KeyPath, Setting]]:
    """Every list that is the value of a key in maps only, with its place."""
    stack: list[tuple[KeyPath, Map]] = [((), env.values)]
    while stack:
        path, node = stack.pop()
        for key, value in node.items():
            if isinstance(value, Map):
                stack.append(((*path, key), value))
            elif isinstance(value, Seq):
                yield (*path, key), Setting(env, node, key)


def _overridden(env: Environment, path: KeyPath) -> bool:
    """Whether several layers of an environment set a key already: what they hide was hidden before."""
    return sum(_at(env, layer.value, path) is not None for layer in env.layers) > 1


def _at(env: Environment, tree: Value, path: KeyPath) -> Setting | None:
    steps = list(trail(env, tree, path))
    return steps[-1] if len(steps) == len(path) else None


def _hidden(application: str, env: Environment, path: KeyPath, setting: Setting) -> Iterator[Finding]:
    """A finding if a lower layer's list has items that the effective one lacks."""
    for layer in reversed(env.layers):
        lower = _at(env, layer.value, path)
        if lower is not None and lower.location != setting.location and isinstance(lower.value, Seq) and isinstance(setting.value, Seq):
            names = _items(setting.value)
            lost = [name for name in _items(lower.value) if name not in names]
            if lost:
                told = _told(path, lost)
                yield Finding(
                    f"`{dotted(path)}` no longer has {told} of `{layer.path}` in {listed([env.name])}: lists are replaced, not merged",
                    at=setting.location,
                    key=path,
                    application=application,
                    environments=(env.name,),
                    related=(Related(lower.location, "hidden here", env.name),),
                )
            return


def _told(path: KeyPath, lost: list[str]) -> str:
    """The lost items by name, those of a secret list by number."""
    if any(secret_name(segment) for segment in path):
        return f"{len(lost)} items"
    return ", ".join(f"`{name}`" for name in lost[:_NAMED]) + (f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else "")


def _items(items: Seq) -> list[str]:
    """What identifies each item of a list; an item that is no scalar and has no name counts by its position."""
    unnamed = (f"item {i}" if isinstance(item, Map | Seq) else str(item) for i, item in enumerate(items, 1))
    return list(identity(items) or unnamed)
