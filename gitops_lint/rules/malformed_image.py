"""The name of an image does not follow the grammar of image references.

## Why

Kubernetes takes such a name and fails only when the container starts, with `InvalidImageName`. Upper-case letters, a colon without a tag,
a scheme in front, white space and a digest of the wrong length are the usual slips.

## Example

`values-dev.yaml`:

```yaml
image:
  repository: ghcr.io/acme/shop
  tag: 1.5.0
```

`values-prod.yaml`:

```yaml
image:
  repository: ghcr.io/acme/Shop
  tag: 1.4.2 # error: [malformed-image] "prod names `ghcr.io/acme/Shop:1.4.2`, which is no image reference"
```

## How to fix

Write `[host[:port]/]path[:tag][@sha256:…]`, with a path in lower case.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.extract.words import about, who
from gitops_lint.finding import Finding
from gitops_lint.pointer import Pointer, PointerKind
from gitops_lint.rule import rule
from gitops_lint.severity import Severity


@rule(Pointer, category="immutability")
def check(pointer: Pointer) -> Iterator[Finding]:
    """Report an image whose name no container engine accepts."""
    if pointer.kind is PointerKind.IMAGE and pointer.fault:
        names = who(pointer, "names")
        message = f"{names}`{pointer.text}`, which is no image reference: {pointer.fault}"
        yield about(pointer, message if names else message.replace(", which is", " is", 1), Severity.OFF, "correct the name")
