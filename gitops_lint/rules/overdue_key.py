"""A key that some environments have has been missing in another for longer than a roll-out takes.

## Why

Where keys travel from stage to stage (`parity: staged`), each of them is missing somewhere for a while, and nobody minds. Most arrive
within a month; what is still on its way after that has often been forgotten, and gets less likely to arrive every week.

It runs under `parity: staged`, about keys that wait for their promotion, and wherever the configuration or `--select` names it, about
every difference that weighs as much as a warning. It needs the history: outside git, in a shallow clone and for a change it is not run,
and the verbose report says so. Age is counted from the commit that opened the difference to the last commit, so the same commit is
always judged alike. Past 180 days nothing will come any more, and it is told as an info.

## Example

`base` `values-dev.yaml`:

```yaml
cache:
  ttl: 60
```

`base` `values-prod.yaml`:

```yaml
cache: {}
```

`values-dev.yaml`:

```yaml
cache:
  ttl: 60
```

`values-prod.yaml`:

```yaml
cache: {} # warning: [overdue-key] "`cache.ttl` is set in dev, and missing in prod for 100 days"
```

config:

```yaml
parity: staged
```

## How to fix

Add the key where it is missing, take it from where it is not needed any more, or say that the difference is meant: a clause of the
contract, or `# gitops-lint: only[dev] reason` where the key is set.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from gitops_lint.ages import Lasting
from gitops_lint.finding import Finding
from gitops_lint.rule import rule
from gitops_lint.severity import Severity


@dataclass(frozen=True, slots=True)
class Options:
    """How long is too long."""

    days: int = 30  # that a difference may be open
    settled: int = 180  # days after which it is told as an info: few keys come later than that
    accepted: bool = False  # whether differences that contract, comments or baseline accept count, too


@rule(Lasting, category="consistency", severity=Severity.WARNING, options=Options)
def check(lasting: Lasting, options: Options) -> Iterator[Finding]:
    """Yield a finding for a difference that has been there for too long."""
    if lasting.days > options.days and (options.accepted or not lasting.accepted):
        settled = lasting.days > options.settled
        day = datetime.fromtimestamp(lasting.since.time, UTC).date().isoformat()
        bound = "since" if lasting.since.known else "since before"
        yield replace(
            lasting.difference,
            message=f"{lasting.difference.message} for {lasting.days} days, {bound} {day} (commit `{lasting.since.commit[:10]}`)",
            facts=None,
            grade=None,
            confidence=None,
            pending=None,
            fix=None,
            severity=Severity.INFO if settled else Severity.OFF,
            note=settled,
        )
