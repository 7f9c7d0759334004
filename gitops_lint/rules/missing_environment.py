"""An application is missing in an environment that all its sibling applications are in.

## Why

A service is set up for dev and prod, and the overlay for qa is forgotten; or a new stage is rolled out to all services but one.
No file says so: what is missing is a file.

Siblings are applications whose places differ in one folder (`apps/*/overlays`). A finding needs four of them, all of the others having the
environment, and an application that has two or more environments itself.

## Example

`apps/a/values-dev.yaml`, and so on, are the files of four services:

> warning: [missing-environment] "`apps/d` is not in qa, where its 3 siblings are"

`apps/a/values-dev.yaml`:

```yaml
a: 1
```

`apps/a/values-qa.yaml`:

```yaml
a: 1
```

`apps/a/values-prod.yaml`:

```yaml
a: 1
```

`apps/b/values-dev.yaml`:

```yaml
a: 1
```

`apps/b/values-qa.yaml`:

```yaml
a: 1
```

`apps/b/values-prod.yaml`:

```yaml
a: 1
```

`apps/c/values-dev.yaml`:

```yaml
a: 1
```

`apps/c/values-qa.yaml`:

```yaml
a: 1
```

`apps/c/values-prod.yaml`:

```yaml
a: 1
```

`apps/d/values-dev.yaml`:

```yaml
a: 1
```

`apps/d/values-prod.yaml`:

```yaml
a: 1
```

## How to fix

Add the environment, or say that its absence is meant with `# gitops-lint: ignore[missing-environment] reason` at the top of the file that
the finding points at.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint import lacking
from gitops_lint.finding import Finding, Related
from gitops_lint.model import Application, Repository
from gitops_lint.node import Location
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_ENOUGH = 4  # siblings, the application itself included
_OWN = 2  # environments that it has


@rule(Repository, category="consistency", severity=Severity.WARNING)
def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each application and environment that all others of a family have."""
    told: set[tuple[str, str]] = set()
    for family in _families(repository.applications):
        common = [{env.name for env in app.environments if not env.evidence.weak} for app in family]
        for number, app in enumerate(family):
            others = common[:number] + common[number + 1 :]
            for name in sorted(set[str].intersection(*others) - common[number]):
                if len(app.environments) >= _OWN and not _reached(app, name) and (app.name, name) not in told:
                    told.add((app.name, name))
                    yield _finding(app, name, [other for other in family if other is not app])


def _reached(app: Application, name: str) -> bool:
    """Whether an application is in an environment, or in a part of it: `production/eu`, `qa-eu`."""
    return any(env.name == name or env.name.startswith(f"{name}/") or name.lower() in env.words for env in app.environments)


def _families(applications: tuple[Application, ...]) -> Iterator[list[Application]]:
    """The applications of one system whose names are paths that differ in one of the last two folders."""
    table: dict[tuple[str, tuple[str, ...]], list[Application]] = {}
    for app in applications:
        parts = app.name.split("/")
        for place in range(max(0, len(parts) - 2), len(parts)) if len(parts) > 1 else ():
            table.setdefault((app.system, (*parts[:place], "*", *parts[place + 1 :])), []).append(app)
    yield from (family for family in table.values() if len(family) >= _ENOUGH)


def _finding(app: Application, name: str, siblings: list[Application]) -> Finding:
    nearest = app.environments[-1]
    own = nearest.own
    there = [env for other in siblings for env in other.environments if env.name == name]
    return Finding(
        f"`{app.name}` is not in {name}, where its {len(siblings)} siblings are",
        at=own.location if own is not None else Location(nearest.evidence.path, nearest.evidence.line),
        application=app.name,
        environments=(name,),
        related=tuple(Related(env.own.location, f"{env.application} in {name}", name) for env in there[:3] if env.own is not None),
        help=f"`{app.name}` is in {lacking.listed(env.name for env in app.environments)}",
        subject=name,
    )
