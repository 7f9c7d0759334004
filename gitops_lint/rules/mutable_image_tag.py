"""An image is named by a tag that moves.

## Why

`latest`, a branch's name or an environment's name is pushed again and again: the same commit deploys other bytes tomorrow, a rollback
brings back nothing, and two nodes may run two versions. An image without any tag means `latest`.

Protected environments, and files that belong to no environment, need a tag that carries a version, a date, a build number or a commit.
Elsewhere a moving tag is only noted, but for `latest` and no tag at all. The table `images` changes that, the most specific pattern wins:

`rules: {mutable-image-tag: {images: [{match: "ghcr.io/acme/*", environments: [prod], require: digest}]}}`

`require` is `any`, `version` or `digest`. Digests, placeholders that a pipeline fills, and tags that are left to the chart's `appVersion`
are never reported.

## Example

`values-dev.yaml`:

```yaml
image:
  repository: ghcr.io/acme/shop
  tag: main # info: [mutable-image-tag] "dev runs `ghcr.io/acme/shop:main`, a tag that moves"
```

`values-prod.yaml`:

```yaml
image:
  repository: ghcr.io/acme/shop
  tag: latest # warning: [mutable-image-tag] "prod runs `ghcr.io/acme/shop:latest`, a tag that moves"
```

## How to fix

Name the version that was tested in the environment before, best with its digest: `ghcr.io/acme/shop:1.4.2@sha256:…`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gitops_lint.extract.words import about, who
from gitops_lint.finding import Finding
from gitops_lint.pointer import Motion, Pointer, PointerKind
from gitops_lint.pointers.policy import Demand, verdict
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_BUILT_HERE = re.compile(r"(?:localhost|127\.0\.0\.1|kind-registry)(?::\d+)?/")  # for a cluster on the same machine, a moment ago


@dataclass(frozen=True, slots=True)
class Options:
    """`images` says what is required of which images, in which environments."""

    images: tuple[Demand, ...] = ()


@rule(Pointer, category="immutability", severity=Severity.WARNING, options=Options)
def check(pointer: Pointer, options: Options) -> Iterator[Finding]:
    """Report an image that is not as fixed as its environment requires."""
    if pointer.kind is not PointerKind.IMAGE or pointer.fault or _BUILT_HERE.match(pointer.name):
        return
    severity = verdict(pointer, options.images)
    if severity is not None:
        yield about(pointer, _message(pointer), severity, "name a version, or a version with its digest")


def _message(pointer: Pointer) -> str:
    runs = who(pointer)
    if pointer.motion is not Motion.MOVING:
        return f"{runs}`{pointer.text}` by its tag, where a digest is required"
    if not pointer.version:
        return f"{runs}`{pointer.text}` without a tag, which means `latest`"
    if not pointer.name:
        return f"{runs}an image by the tag `{pointer.version}`, which moves"
    return f"{runs}`{pointer.text}`, a tag that moves"
