"""A change takes an environment back to an older version.

## Why

It may well be a rollback, and then this only says so. As often it is a branch that was begun before the last promotion and merged after it,
or a file copied from another environment: nobody decided to take the version back, and nobody sees it among the other lines.

Only versions are compared whose text says which is newer. In environments that are not protected it is a note.

## Example

`base` `values-dev.yaml`:

```yaml
image: {repository: ghcr.io/acme/shop, tag: 1.5.0}
```

`base` `values-prod.yaml`:

```yaml
image: {repository: ghcr.io/acme/shop, tag: 1.5.0}
```

`values-dev.yaml`:

```yaml
image: {repository: ghcr.io/acme/shop, tag: 1.5.0}
```

`values-prod.yaml`:

```yaml
image:
  repository: ghcr.io/acme/shop
  tag: 1.4.2 # warning: [downgrade] "prod goes back from `1.5.0` to `ghcr.io/acme/shop:1.4.2`"
```

## How to fix

Keep the newer version, or say in the commit that it is a rollback.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.finding import Finding
from gitops_lint.model import Change
from gitops_lint.moved import moves
from gitops_lint.pointers.version_order import order
from gitops_lint.promotion import label, told
from gitops_lint.rule import rule
from gitops_lint.severity import Severity


@rule(Change, category="promotion", severity=Severity.WARNING)
def check(change: Change) -> Iterator[Finding]:
    """Compare the version of each environment with the one that it had."""
    for move in moves(change):
        env, pointer, before = move.run.environment, move.run.pointer, move.before.pointer
        if order(pointer.version, before.version) == -1:
            yield told([move.run], f"{env.name} goes back from `{before.version}` to `{label(move.run)}`", "keep the newer version")
