"""A remote base, file or artifact has no revision, or one that moves.

## Why

`kustomize build` fetches remote bases each time. Without `?ref=` it takes the tip of the default branch, even where the revision of this
repository is pinned; `raw.githubusercontent.com/…/main/…` and `releases/latest/download` move as well, with the revision inside the path.
Flux takes a missing `ref` of an artifact for the tag `latest`.

The table `urls` (`{match: "*github.com/acme/*", require: commit}`) changes what is required.

## Example

`k8s/base/kustomization.yaml`:

```yaml
resources:
  - https://github.com/acme/platform//base?ref=v1.2.0
  - https://github.com/acme/platform//monitoring # warning: [unpinned-remote-base] "the tip of the default branch"
  - https://raw.githubusercontent.com/acme/crds/main/crds.yaml # warning: [unpinned-remote-base] "the tip of a branch"
```

## How to fix

Add `?ref=` with a tag or a commit, or put the tag or commit into the path.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gitops_lint.extract.words import about, moves, who
from gitops_lint.finding import Finding
from gitops_lint.pointer import Pointer, PointerKind
from gitops_lint.pointers.policy import Demand, verdict
from gitops_lint.rule import rule
from gitops_lint.severity import Severity


@dataclass(frozen=True, slots=True)
class Options:
    """`urls` says what is required of which URLs."""

    urls: tuple[Demand, ...] = ()


@rule(Pointer, category="immutability", severity=Severity.WARNING, options=Options)
def check(pointer: Pointer, options: Options) -> Iterator[Finding]:
    """Report a remote URL whose content can change."""
    if pointer.kind is not PointerKind.REMOTE or pointer.own:
        return
    severity = verdict(pointer, options.urls)
    if severity is not None:
        yield about(pointer, f"{who(pointer, 'takes')}`{pointer.text}`: {moves(pointer)}", severity, "name a tag or a commit")
