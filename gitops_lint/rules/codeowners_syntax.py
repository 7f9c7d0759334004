"""A line of CODEOWNERS does not say what it seems to say.

## Why

Forges skip what they do not understand and say nothing where it matters: the path has no owner, and the change is merged without the
review that everybody believes in. GitHub knows no `!` and no `[…]`; GitLab takes the words of a comment at the end of a line for owners.
Of several CODEOWNERS files only one is read.

## Example

> warning: [codeowners-syntax] "`prod-team` is no owner: a user or team begins with `@`"

`.github/CODEOWNERS`:

```
/apps/prod/ prod-team
```

`values-prod.yaml`:

```yaml
a: 1
```

## How to fix

Write it as the forge reads it; its page of the file shows the errors that it sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_lint.extract.codeowners import Line, Owners
from gitops_lint.finding import Finding
from gitops_lint.node import Location
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_OWNER = re.compile(r"@{1,2}[A-Za-z0-9][\w./-]*|[^@\s]+@[^@\s]+\.[^@\s]+|\$\{?\w+\}?|\{\{.*")
_LONGEST = 400  # characters of an owner that are looked at


@rule(Owners, category="ownership", severity=Severity.WARNING)
def check(owners: Owners) -> Iterator[Finding]:
    """Yield a finding for each file that is not read, and for each line that the forge skips or takes for another."""
    for path in owners.unread:
        yield Finding(f"`{path}` is not read: `{owners.path}` goes before it", at=Location(path), subject=path)
    for line in owners.lines:
        for message in _wrong(line, gitlab=owners.gitlab):
            yield Finding(message, at=line.at, subject=f"{line.section} {line.pattern}")


def _wrong(line: Line, *, gitlab: bool) -> Iterator[str]:
    if not gitlab and line.pattern.startswith("!"):
        yield f"`{line.pattern}` excludes nothing: GitHub knows no `!` here"
    elif not gitlab and "[" in line.pattern:
        yield f"`{line.pattern}` matches nothing: GitHub knows no `[…]` here"
    if gitlab and any(owner.startswith("#") for owner in line.owners):
        yield "a comment at the end of a line is none for GitLab: the names in it are owners"
        return
    for owner in line.owners:
        if not _OWNER.fullmatch(owner[:_LONGEST]):
            yield f"`{owner}` is no owner: a user or team begins with `@`"
