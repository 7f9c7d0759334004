"""A higher stage runs a newer version than the stage below it.

## Why

Versions travel upwards: what runs in prod was tested in qa before. Where prod is ahead, a version went past the tests, or the stage below
was forgotten and tests something that is no longer of interest to anybody.

Only versions are compared whose text says which is newer: semantic versions and dates of the same form. Tags that move, commits and build
numbers are never reported, and neither is a patch that no lower stage has: see `hotfix-not-backported`. In environments that are not
protected it is a note.

## Example

`values-qa.yaml`:

```yaml
image: {repository: ghcr.io/acme/shop, tag: 1.4.2}
```

`values-prod.yaml`:

```yaml
image:
  repository: ghcr.io/acme/shop
  tag: 1.5.0 # warning: [version-ahead] "prod runs `ghcr.io/acme/shop:1.5.0`, ahead of qa, which runs `1.4.2`"
```

## How to fix

Bring the stage below to the same version first, and let it be tested there.
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
    """Compare each version with the newest of the stage below it."""
    for lead in leads(repository):
        if not is_hotfix(lead):
            below = lead.below
            message = f"{runs_it(lead.runs)}, ahead of {below.environment.name}, which runs `{below.pointer.version}`"
            yield told(lead.runs, message, "promote it from stage to stage", [below])
