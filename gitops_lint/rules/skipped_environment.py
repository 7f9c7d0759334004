"""A change brings a version to a stage without the stage before it having run it.

## Why

What dev runs today is not what prod may run today: the stages between are there to find out. A version that is copied past one of them
was tested in none that resembles prod.

Versions are compared by equality here, so commits and build numbers count as well. It is no skip where the stage between runs something
newer, or ran the version before this change. The finding takes the place of `version-ahead`. In environments that are not protected it is
a note.

## Example

`base` `values-qa.yaml`:

```yaml
image: {repository: ghcr.io/acme/shop, tag: abc1234}
```

`base` `values-prod.yaml`:

```yaml
image: {repository: ghcr.io/acme/shop, tag: abc1234}
```

`values-dev.yaml`:

```yaml
image: {repository: ghcr.io/acme/shop, tag: def5678}
```

`values-qa.yaml`:

```yaml
image: {repository: ghcr.io/acme/shop, tag: abc1234}
```

`values-prod.yaml`:

```yaml
image:
  repository: ghcr.io/acme/shop
  # warning: [skipped-environment] "prod gets `ghcr.io/acme/shop:def5678`, which dev runs and qa does not: it runs `abc1234`"
  tag: def5678
```

## How to fix

Promote it to the stage between first.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.finding import Finding
from gitops_lint.lacking import listed
from gitops_lint.model import Change
from gitops_lint.moved import Move, moves, said
from gitops_lint.pointers.version_order import order
from gitops_lint.promotion import Run, Step, fixed, label, same_artifact, steps, told
from gitops_lint.rule import rule
from gitops_lint.severity import Severity


@rule(Change, category="promotion", severity=Severity.WARNING)
def check(change: Change) -> Iterator[Finding]:
    """Look at each version that an environment gets for who below has it already."""
    for move in moves(change):
        step = next((step for step in steps(move.track) if move.run in step.above), None)
        source = next((run for run in step.lower if said(run) == said(move.run) and same_artifact(run, move.run)), None) if step else None
        if step is not None and source is not None and _skips(move, step):
            yield _finding(move.run, source, step.below)


def _skips(move: Move, step: Step) -> bool:
    """Whether nobody in the stage below runs the version, ran it before the change, or is past it."""
    return all(
        fixed(run)
        and same_artifact(run, move.run)
        and said(run) != said(move.run)
        and not (run.environment.name in move.past and said(move.past[run.environment.name]) == said(move.run))
        and order(run.pointer.version, move.run.pointer.version) != 1
        for run in step.below
    )


def _finding(run: Run, source: Run, below: tuple[Run, ...]) -> Finding:
    between = listed(other.environment.name for other in below)
    does = "does not: it runs" if len(below) == 1 else "do not: they run"
    runs = listed(f"`{other.pointer.version}`" for other in below)
    message = f"{run.environment.name} gets `{label(run)}`, which {source.environment.name} runs and {between} {does} {runs}"
    return told([run], message, f"promote it to {between} first", [source, *below])
