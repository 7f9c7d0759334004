"""A comment suppresses nothing.

## Why

What it excused is gone, or it stands in the wrong place and excuses nothing. Left alone it will one day hide something that it was not
written for.

## Example

`values-dev.yaml`:

```yaml
cache:
  ttl: 60 # gitops-lint: ignore[missing-key] set by hand # warning: [unused-suppression] "suppresses nothing"
```

`values-prod.yaml`:

```yaml
cache:
  ttl: 30
```

## How to fix

Delete the comment, as `gitops-lint fix` does; or give its reason behind it, where `reasons-required: true` in the configuration asks
for one.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.finding import Finding, Fix, Replace
from gitops_lint.rule import rule
from gitops_lint.severity import Severity
from gitops_lint.suppression import Suppression


@rule(Suppression, category="run", severity=Severity.WARNING)
def check(suppression: Suppression) -> Iterator[Finding]:
    """Yield a finding for a suppression; the engine asks about those that silenced nothing."""
    said = f"{suppression.verb}[{','.join(suppression.names)}]"
    why = "gives no reason, and one is required" if suppression.void else "suppresses nothing"
    yield Finding(f"`{said}` {why}", at=suppression.at, subject=said, fix=_fix(suppression))


def _fix(suppression: Suppression) -> Fix | None:
    """Delete the comment; not one that may only lack its reason."""
    if suppression.void or suppression.span is None:
        return None
    edit = Replace(suppression.at.path, suppression.span, suppression.written, "")
    return Fix("delete the comment", (edit,), safe=True)
