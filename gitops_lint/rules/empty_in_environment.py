"""A key has a value in the other environments, and is empty in one.

## Why

An empty string is set, so no default applies and nothing is reported as missing: the application starts with no host, no password, no
bucket. Often the key was copied and its value was to be filled in later.

## Example

`values-dev.yaml`:

```yaml
database:
  host: db.dev.example.org
```

`values-prod.yaml`:

```yaml
database:
  host: "" # warning: [empty-in-environment] "is empty in prod"
```

## How to fix

Give it its value. If it is empty on purpose, write `null`, or say so in a comment: `# gitops-lint: ignore[empty-in-environment] reason`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint import lacking
from gitops_lint.category import TUNING, category
from gitops_lint.finding import Finding, Related
from gitops_lint.keypath import dotted
from gitops_lint.model import Application, Contrast
from gitops_lint.node import Map, Opaque, Seq
from gitops_lint.rule import rule
from gitops_lint.severity import Severity


@rule(Application, category="consistency", severity=Severity.WARNING)
def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each key that most environments give a value and others leave empty."""
    for comparison in application.comparisons:
        for contrast in comparison.contrasts:
            if category(contrast.path) not in (*TUNING, "image"):
                yield from _empty(application, contrast)


def _empty(application: Application, contrast: Contrast) -> Iterator[Finding]:
    empty = [s for s in contrast.settings if s.value == "" and not isinstance(s.value, Opaque)]
    filled = [s for s in contrast.settings if isinstance(s.value, str | int | float) and s.value != "" and s.value is not False]
    collections = any(isinstance(s.value, Map | Seq) for s in contrast.settings)
    if empty and not collections and len(filled) >= len(empty):
        names = lacking.listed(s.environment.name for s in empty)
        yield Finding(
            f"`{dotted(contrast.path)}` is empty in {names}, and has a value in {lacking.listed(s.environment.name for s in filled)}",
            at=empty[0].location,
            key=contrast.path,
            application=application.name,
            environments=tuple(s.environment.name for s in empty),
            related=tuple(Related(s.location, f"has a value in {s.environment.name}", s.environment.name) for s in filled),
            label="empty here",
        )
