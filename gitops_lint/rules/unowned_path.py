"""A file that production is made of has no owner in CODEOWNERS.

## Why

Who wrote a CODEOWNERS file wants changes of production reviewed by those who answer for it. A values file in a new folder, or a base that
prod shares, is easily left out: anybody's approval is then enough. A line without owners takes a path out on purpose in GitHub; that is
said, too, for files of a protected environment.

Whether the forge enforces the reviews cannot be seen from the repository. In GitLab an optional section is no protection.

## Example

> warning: [unowned-path] "nobody owns `common.yaml`, of which prod is made"

`.github/CODEOWNERS`:

```
/values-* @acme/release
```

config:

```yaml
applications:
  - {name: shop, environments: {dev: [common.yaml, values-dev.yaml], prod: [common.yaml, values-prod.yaml]}}
```

`common.yaml`:

```yaml
a: 1
```

`values-dev.yaml`:

```yaml
b: 1
```

`values-prod.yaml`:

```yaml
b: 2
```

## How to fix

Add a line for the path, or for the folder that it is in.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.extract.codeowners import Line, Owners, matches
from gitops_lint.finding import Finding, Related
from gitops_lint.node import Location
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_NAMED = 3  # files that the message names; the rest are counted


@rule(Owners, category="ownership", severity=Severity.WARNING)
def check(owners: Owners) -> Iterator[Finding]:
    """Yield a finding for each protected environment's name with files that nobody owns, if anything that it is made of has an owner."""
    unowned: dict[str, list[str]] = {}
    for path, environment in owners.protected:
        if not _owned(owners, path):
            unowned.setdefault(environment, []).append(path)
    if sum(map(len, unowned.values())) == len(owners.protected):
        return  # the file is about something else
    for environment, paths in unowned.items():
        more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
        yield Finding(
            f"nobody owns {', '.join(f'`{path}`' for path in paths[:_NAMED])}{more}, of which {environment} is made",
            at=Location(owners.path),
            environments=(environment,),
            related=tuple(Related(Location(path), "has no owner") for path in paths),
            subject=environment,
        )


def _owned(owners: Owners, path: str) -> bool:
    """Whether the last line that matches in some section has owners, and takes nothing out."""
    last: dict[str, Line] = {}
    for line in owners.lines:
        if matches(line.pattern.removeprefix("!"), path, gitlab=owners.gitlab):
            last[line.section] = line
    return any(line.owners and not line.pattern.startswith("!") for line in last.values())
