"""A key that is written as a word is read as a boolean.

## Why

Kubernetes' tools read YAML 1.1, in which `y`, `n`, `yes`, `no`, `on` and `off` are booleans, as keys too: `y: 1` is the key `"true"`, and a
template that asks for `.Values.y` gets nothing. Kustomize keeps the word, so the two do not even agree.

## Example

`values-dev.yaml`:

```yaml
offset:
  x: 1
  "y": 2
```

`values-prod.yaml`:

```yaml
offset:
  x: 1
  y: 2 # warning: [boolean-key] "the key `y` is read as `true`"
```

## How to fix

Quote the key.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.extract.relevant import is_pipeline
from gitops_lint.finding import Finding, Fix, Replace
from gitops_lint.model import Document
from gitops_lint.node import span
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_PRINTS_AS_WRITTEN = frozenset({"true", "false"})


@rule(Document, category="yaml", severity=Severity.WARNING)
def check(document: Document) -> Iterator[Finding]:
    """Yield a finding for each plain key that becomes `true` or `false` and is not written so; a workflow's `on:` is not for Kubernetes."""
    if is_pipeline(document.path):
        return
    for position, text in document.truths:
        if text not in _PRINTS_AS_WRITTEN:
            at = span(document.path, position, len(text))
            became = "true" if text[0] in "yYtT" or text.lower() == "on" else "false"
            yield Finding(
                f"the key `{text}` is read as `{became}`",
                at=at,
                subject=text,
                label="quote it",
                fix=Fix("quote the key", (Replace(document.path, at, text, f'"{text}"'),)),
            )
