"""A pipeline takes an action, a template, a component or a hook by a revision that moves.

## Why

What deploys is part of what is deployed. `uses: …@main`, an `include` without `ref`, a component at `~latest` and a hook at `rev: master`
run other people's newest code with this repository's credentials.

A tag is taken for fixed; `includes: [{match: "*", require: commit}]` asks for commits.

## Example

`.github/workflows/deploy.yaml`:

```yaml
jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - uses: acme/deploy-action@main # warning: [unpinned-ci-include] "`acme/deploy-action@main`: the tip of a branch"
```

## How to fix

Name a release, or better the commit of one with the release in a comment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gitops_lint.extract.words import about, moves
from gitops_lint.finding import Finding
from gitops_lint.pointer import Pointer, PointerKind
from gitops_lint.pointers.policy import Demand, verdict
from gitops_lint.rule import rule
from gitops_lint.severity import Severity


@dataclass(frozen=True, slots=True)
class Options:
    """`includes` says what is required of which includes."""

    includes: tuple[Demand, ...] = ()


@rule(Pointer, category="immutability", severity=Severity.WARNING, options=Options)
def check(pointer: Pointer, options: Options) -> Iterator[Finding]:
    """Report what a pipeline includes by a revision that moves."""
    if pointer.kind is not PointerKind.INCLUDE or pointer.own:
        return
    severity = verdict(pointer, options.includes)
    if severity is not None:
        yield about(pointer, f"`{pointer.text}`: {moves(pointer)}", severity, "name a release or a commit")
