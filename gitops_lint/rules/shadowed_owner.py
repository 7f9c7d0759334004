"""A line of CODEOWNERS never counts, because a later one matches all that it matches.

## Why

The last matching line wins. Whoever adds `*` at the end of the file, as a default, takes every path from its owners, production's too.
In GitLab that holds within a section.

## Example

> warning: [shadowed-owner] "`/apps/prod/` on line 1 never counts: `*` on line 2 comes after it"

`.github/CODEOWNERS`:

```
/apps/prod/ @acme/release
* @acme/everyone
```

`values-prod.yaml`:

```yaml
a: 1
```

## How to fix

Put what is general first, and what is special last.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.extract.codeowners import Line, Owners
from gitops_lint.finding import Finding, Related
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_EVERYTHING = frozenset({"*", "**", "/**", "**/*", "/**/*"})


@rule(Owners, category="ownership", severity=Severity.WARNING)
def check(owners: Owners) -> Iterator[Finding]:
    """Yield a finding for each line that a later line of its section covers, if their owners are not the same."""
    last: dict[str, list[Line]] = {}
    for line in reversed(owners.lines):
        later = last.setdefault(line.section, [])
        cover = next((other for other in reversed(later) if _covers(other.pattern, line.pattern)), None)
        if cover is not None and set(cover.owners) != set(line.owners):
            yield Finding(
                f"`{line.pattern}` on line {line.at.line} never counts: `{cover.pattern}` on line {cover.at.line} comes after it",
                at=line.at,
                related=(Related(cover.at, "comes after it"),),
                subject=f"{line.section} {line.pattern}",
            )
        if not line.pattern.startswith("!"):
            later.append(line)


def _covers(general: str, special: str) -> bool:
    """Whether everything that the one pattern matches is matched by the other; no is said where it takes thought."""
    if special.startswith("!"):
        return False
    anchored = general.startswith("/") and special.startswith("/")
    folder = general.removesuffix("**").removesuffix("*") if general.endswith("/**") else general
    inside = anchored and folder.endswith("/") and special.startswith(folder) and "*" not in folder
    return general in _EVERYTHING or general == special or inside
