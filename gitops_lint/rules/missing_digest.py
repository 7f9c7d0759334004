"""An image is named by a tag without a digest.

## Why

Even the tag of a version can be pushed again; only a digest names the same bytes for ever. This rule is off by default. Once it is given a
severity it asks for digests in protected environments and in files that belong to no environment; the table `images` says more precisely
where. A tag beside the digest is welcome: it tells people what it is.

## Example

config:

```yaml
rules:
  missing-digest: warning
```

`values-dev.yaml`:

```yaml
image: ghcr.io/acme/shop:1.5.0
```

`values-prod.yaml`:

```yaml
image: ghcr.io/acme/shop:1.4.2 # warning: [missing-digest] "prod runs `ghcr.io/acme/shop:1.4.2` without a digest"
```

## How to fix

Add the digest that the registry gives for the tag: `ghcr.io/acme/shop:1.4.2@sha256:…`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gitops_lint.extract.words import about, who
from gitops_lint.finding import Finding
from gitops_lint.pointer import Motion, Pointer, PointerKind
from gitops_lint.pointers.policy import Demand, demanded
from gitops_lint.rule import rule
from gitops_lint.severity import Severity


@dataclass(frozen=True, slots=True)
class Options:
    """`images` says which images need a digest, in which environments."""

    images: tuple[Demand, ...] = ()


@rule(Pointer, category="immutability", severity=Severity.OFF, options=Options)
def check(pointer: Pointer, options: Options) -> Iterator[Finding]:
    """Report an image by a tag that stays, where a digest is wanted; those whose tag moves have a rule of their own."""
    if pointer.kind is not PointerKind.IMAGE or pointer.motion is not Motion.VERSION:
        return
    require, said = demanded(pointer, options.images)
    if require == "digest" or (not said and not options.images and require == "version"):
        yield about(pointer, f"{who(pointer)}`{pointer.text}` without a digest", Severity.OFF, "add the digest of the tag")
