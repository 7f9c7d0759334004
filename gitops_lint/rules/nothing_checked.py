"""There was nothing to check: no environment and no version pointer.

## Why

A gate that looks at the wrong directory is always green. So a run that found nothing to judge fails with status 2.

## Example

`README.yaml`:

```yaml
hello: world
```

> error: [nothing-checked] "no environment"

## How to fix

Run at the root of the repository, or tell the configuration where the environments are: `applications`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.extract.walk import is_object
from gitops_lint.finding import Finding
from gitops_lint.model import Repository
from gitops_lint.node import Location
from gitops_lint.rule import rule


@rule(Repository, category="run")
def check(repository: Repository) -> Iterator[Finding]:
    """Yield the finding if a repository has neither environments nor pointers, nor any object that was read for its own sake."""
    if not repository.applications and not repository.pointers and not _has_object(repository):
        yield Finding("found no environment and no version pointer to check", at=Location("."))


def _has_object(repository: Repository) -> bool:
    return any(is_object(root.value) for document in repository.documents.values() for root in document.roots)
