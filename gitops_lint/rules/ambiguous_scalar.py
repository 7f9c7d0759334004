"""An unquoted value is read as a number or a boolean where a text is meant.

## Why

Kubernetes reads YAML 1.1: `yes`, `on` and `n` are booleans, `0644` is 420. Where the API takes only text (environment variables, labels,
annotations, the data of a ConfigMap, the arguments of a container) it refuses a number or a boolean, at deployment time. In values that a
chart copies to such a place the same happens, unless its template quotes.

## Example

`k8s/dev/config.yaml`:

```yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: shop}
data:
  SMTP_PORT: 587 # error: [ambiguous-scalar] "`SMTP_PORT: 587` is a number, where Kubernetes takes only text"
```

`k8s/prod/config.yaml`:

```yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: shop}
data:
  SMTP_PORT: "587"
```

## How to fix

Put the value in quotes, or write a boolean as `true` or `false` and an octal number as `0o644`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_lint.extract.scalars import Odd, Sort, odd_scalars
from gitops_lint.finding import Finding, Fix, Replace
from gitops_lint.model import Document
from gitops_lint.reader import go_format
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_CODE = re.compile(r"country|lang|locale|region|province|state|currency", re.IGNORECASE)  # `NO` is Norway, `ON` Ontario
_REASONS = {
    Sort.TEXT: "where Kubernetes takes only text",
    Sort.VARIABLE: "while an environment variable is text",
    Sort.BESIDE: "while everything beside it is text",
    Sort.QUANTITY: "beside quantities that are text",
}


@rule(Document, category="yaml", severity=Severity.WARNING)
def check(document: Document) -> Iterator[Finding]:
    """Report scalars that are not the text that they should be: errors where the API refuses them, notes where a template may help."""
    for odd in odd_scalars(document):
        if odd.sort not in (Sort.VERSION, Sort.IDENTIFIER):
            yield Finding(
                _message(odd),
                at=odd.at,
                key=odd.key,
                aliases=odd.aliases,
                help="put it in quotes",
                fix=Fix("put it in quotes", (Replace(odd.at.path, odd.at, odd.written, f'"{odd.written}"'),)),
                severity=_severity(odd),
            )


def _message(odd: Odd) -> str:
    name = "a boolean" if isinstance(odd.value, bool) else "a number"
    shown = f"`{odd.key[-1]}: {odd.written}`"
    reason = _REASONS.get(odd.sort)
    if reason:
        return f"{shown} is {name}, {reason}"
    printed = go_format(odd.value) if isinstance(odd.value, bool | int | float) else odd.written
    return f"{shown} is read as {'the boolean' if isinstance(odd.value, bool) else 'the number'} `{printed}`"


def _severity(odd: Odd) -> Severity:
    if odd.sort is Sort.TEXT:
        return Severity.ERROR if odd.key[0].endswith(":") and "values" not in odd.key else Severity.WARNING
    if odd.sort is Sort.WORD:
        return Severity.WARNING if _CODE.search(odd.key[-1]) else Severity.INFO
    if odd.sort is Sort.BASE:
        return Severity.WARNING if re.match(r"[-+]?0\d", odd.written) else Severity.INFO
    if odd.sort is Sort.VARIABLE and not isinstance(odd.value, bool) and odd.written != go_format(odd.value):  # type: ignore[arg-type]
        return Severity.WARNING
    return Severity.INFO
