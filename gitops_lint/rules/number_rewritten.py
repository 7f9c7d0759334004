"""An unquoted version or identifier is read as a number, and prints as another one.

## Why

YAML reads `1.10` as the number 1.1, `8.0` as 8, and a commit such as `6e7` or `1234567` as a number too; Helm makes every number a float
and prints it in its own way. So `tag: 1.10` deploys `1.1`, and an account number of twelve digits becomes `3.24830304144e+11`.

Only keys that name a version or an identifier are judged, and only where what is printed differs from what is written. In Kubernetes
objects, which no template prints, whole numbers stay as they are.

## Example

`values-dev.yaml`:

```yaml
image:
  repository: ghcr.io/acme/shop
  tag: 1.10 # error: [number-rewritten] "`image.tag: 1.10` is a number, and prints as `1.1`"
```

`values-prod.yaml`:

```yaml
image:
  repository: ghcr.io/acme/shop
  tag: "1.9"
```

## How to fix

Put the value in quotes.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.extract.scalars import Odd, Sort, odd_scalars
from gitops_lint.finding import Finding, Fix, Replace
from gitops_lint.keypath import dotted
from gitops_lint.model import Document
from gitops_lint.reader import go_format
from gitops_lint.rule import rule
from gitops_lint.severity import Severity


@rule(Document, category="yaml")
def check(document: Document) -> Iterator[Finding]:
    """Report the numbers that print as others under keys that name versions, an error, and identifiers, a warning."""
    for odd in odd_scalars(document):
        if odd.sort in (Sort.VERSION, Sort.IDENTIFIER):
            yield _finding(odd)


def _finding(odd: Odd) -> Finding:
    printed = go_format(odd.value) if isinstance(odd.value, int | float) else odd.written
    return Finding(
        f"`{dotted(odd.key)}: {odd.written}` is a number, and prints as `{printed}`",
        at=odd.at,
        key=odd.key,
        aliases=odd.aliases,
        label=f"is `{printed}`",
        help="put it in quotes",
        fix=Fix("put it in quotes", (Replace(odd.at.path, odd.at, odd.written, f'"{odd.written}"'),)),
        severity=Severity.ERROR if odd.sort is Sort.VERSION else Severity.WARNING,
    )
