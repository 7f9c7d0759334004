"""A change edits the policy that judges it: the configuration, the baseline, comments that silence findings, or the code owners.

## Why

A change can pass by weakening its own gate: a line in the contract, an entry in the baseline, an `ignore` comment. That is often right, and
always worth a reviewer's eye. A comment is an info, since it stands beside what it speaks of; the files are warnings.
`check --policy-from base` judges a change by the policy as it was before.

## Example

`base` `values-dev.yaml`:

```yaml
cache: {size: 5, ttl: 60}
```

`base` `values-prod.yaml`:

```yaml
cache: {size: 5, ttl: 60}
```

`values-dev.yaml`:

```yaml
cache: {size: 5, ttl: 60} # gitops-lint: only[dev] prod has no cache
```

`values-prod.yaml`:

```yaml
cache: {size: 5}
```

> info: [policy-changed] "the change adds a comment that silences findings in `values-dev.yaml`"

## How to fix

Nothing is wrong: have somebody look at it who may decide. `rules: {policy-changed: "off"}` where everybody may.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from gitops_lint.finding import Finding
from gitops_lint.model import Change, Document
from gitops_lint.node import Location, unpack
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_FILES = {
    ".gitops-lint.yaml": "the configuration",
    ".gitops-lint.yml": "the configuration",
    ".gitops-lint.json": "the configuration",
    ".gitops-lint-baseline": "the baseline",
    "CODEOWNERS": "who owns what",  # the places where GitHub, GitLab and Bitbucket look
    ".github/CODEOWNERS": "who owns what",
    ".gitlab/CODEOWNERS": "who owns what",
    ".bitbucket/CODEOWNERS": "who owns what",
    "docs/CODEOWNERS": "who owns what",
}


@rule(Change, category="run", severity=Severity.WARNING)
def check(change: Change) -> Iterator[Finding]:
    """Yield a finding for each file of the policy that the change touches, and for each comment that it adds."""
    for path in sorted(change.touched & (_FILES.keys() | change.policy)):
        what = _FILES.get(path, "the policy")
        verb = "removes" if path not in change.head.paths else "adds" if path not in change.base.paths else "edits"
        yield Finding(f"the change {verb} {what}, `{path}`", at=Location(path, 1, 1, 1, 1), subject=path)
    for path in sorted(change.touched & change.head.documents.keys()):
        yield from _comments(change.base.documents.get(path), change.head.documents[path])


def _comments(before: Document | None, after: Document) -> Iterator[Finding]:
    known = Counter(text.strip() for _, text in before.comments) if before is not None else Counter[str]()
    for position, text in after.comments:
        said = text.strip()
        known[said] -= 1
        if known[said] < 0:
            line, column = unpack(position)
            at = Location(after.path, line + 1, column + 1, line + 1, column + 1)
            message = f"the change adds a comment that silences findings in `{after.path}`: `{said}`"
            yield Finding(message, at, subject=said, severity=Severity.INFO)
