"""A git source follows a branch, the default branch, or a range of tags.

## Why

What is deployed then changes whenever somebody pushes to the other repository, without a commit in this one: nothing was promoted, and a
rollback here changes nothing. Argo CD takes a missing `targetRevision` for `HEAD`, Flux a missing `ref` for the branch `master`.

A source that leads back to the repository that it stands in is never reported, nor are branches of rendered manifests, which a tool writes
(`syncSource`, `environment/prod`). Environments below the protected ones may follow a branch, which is noted. The table `repositories`
(`{match: "github.com/acme/*", environments: [prod], require: commit}`) changes that.

## Example

`argocd/shop.yaml`:

```yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop}
spec:
  source:
    repoURL: https://github.com/acme/shop-charts
    path: shop
    targetRevision: main # warning: [moving-git-revision] "`https://github.com/acme/shop-charts at main`: the tip of a branch"
```

## How to fix

Name a tag, or better a commit.
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
    """`repositories` says what is required of which repositories, in which environments."""

    repositories: tuple[Demand, ...] = ()


@rule(Pointer, category="immutability", severity=Severity.WARNING, options=Options)
def check(pointer: Pointer, options: Options) -> Iterator[Finding]:
    """Report a git source whose revision is made to move."""
    if pointer.kind is not PointerKind.GIT or pointer.own:
        return
    severity = verdict(pointer, options.repositories)
    if severity is not None:
        yield about(pointer, f"{who(pointer, 'follows')}`{pointer.text}`: {moves(pointer)}", severity, "name a tag or a commit")
