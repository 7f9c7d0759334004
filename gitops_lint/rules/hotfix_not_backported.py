"""A higher stage runs a patch release that no stage below it has.

## Why

A hotfix goes to prod first, because it has to. If it does not reach the other stages as well, the next version that is promoted from there
takes the fix away again, and nobody who tests it can see that.

A patch is a semantic version that differs from the newest one below in its last number only. In environments that are not protected it
is a note.

## Example

`values-qa.yaml`:

```yaml
image: {repository: ghcr.io/acme/shop, tag: 1.4.2}
```

`values-prod.yaml`:

```yaml
image:
  repository: ghcr.io/acme/shop
  tag: 1.4.3 # warning: [hotfix-not-backported] "prod runs `ghcr.io/acme/shop:1.4.3`, a patch that qa has not got: it runs `1.4.2`"
```

## How to fix

Bring the patch to the stages below, or a newer version that holds it.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.finding import Finding
from gitops_lint.model import Repository
from gitops_lint.promotion import is_hotfix, leads, runs_it, told
from gitops_lint.rule import rule
from gitops_lint.severity import Severity


@rule(Repository, category="promotion", severity=Severity.WARNING)
def check(repository: Repository) -> Iterator[Finding]:
    """Look for versions that are one patch, or some, ahead of every stage below."""
    for lead in leads(repository):
        if is_hotfix(lead):
            below = lead.below
            message = f"{runs_it(lead.runs)}, a patch that {below.environment.name} has not got: it runs `{below.pointer.version}`"
            yield told(lead.runs, message, "bring it to the stages below as well", [below])
