"""A change adds a key to some environments and not to the others.

## Why

This is where keys are forgotten: seven in ten commits that add a key add it to some environments only, and one late addition in ten had
been forgotten. Whoever adds the key is the one who knows what the other environments need.

A change that adds an object to an environment, without a key that its siblings have in theirs, is told as well.
Where some environments had the key before, and the change adds it to one more while another still lacks it, that is a warning at most.

## Example

`base` `values-dev.yaml`:

```yaml
cache: {size: 5}
```

`base` `values-prod.yaml`:

```yaml
cache: {size: 5}
```

`values-dev.yaml`:

```yaml
cache: {size: 5, ttl: 60}
```

`values-prod.yaml`:

```yaml
cache: {size: 5} # error: [partial-addition] "`cache.ttl` is added to dev, and missing in prod"
```

## How to fix

Add it to the other environments in the same change, or say that they do not need it: `# gitops-lint: only[dev] reason`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from gitops_lint import lacking
from gitops_lint.bundle import bundled, named
from gitops_lint.category import TUNING, category
from gitops_lint.finding import Finding
from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.model import Change, Difference, Gap
from gitops_lint.opened import Opened, marks, opened
from gitops_lint.rule import rule

_CROWD = 8  # lacking environments; more are named stage by stage
_FEW = 3  # keys left out of one thing that are each worth a finding; more are how it is built there

_Left = dict[KeyPath, tuple[Opened, Gap]]  # what one thing is added without


@rule(Change, category="consistency")
def check(change: Change) -> Iterator[Finding]:
    """Yield a finding for each key that an environment gains while others still lack it, or that is left out of what one gains."""
    left: dict[tuple[str, str, str], _Left] = {}
    for found in opened(change):
        if found.difference.kind == "missing" and found.gained:
            yield from _partial(change, found)
        elif found.difference.kind == "missing" and found.kept and category(found.difference.path) not in TUNING:
            for gap, anchor in found.begun:
                if len(anchor) == 1 and anchor[0].endswith(":"):  # a whole object: parts of one are put together by hand
                    place = (found.pair.after.name, gap.environment.name, anchor[0])
                    left.setdefault(place, {})[found.difference.path] = (found, gap)
    for (_, name, subject), entries in left.items():
        yield from _left_out(name, subject, entries)


def _partial(change: Change, found: Opened) -> Iterator[Finding]:
    gained = lacking.listed(s.environment.name for s in found.gained)
    new = found.fresh if found.complete else ()  # which `incomplete-environment` judges
    for gaps in _places(tuple(gap for gap in found.difference.lack if gap not in found.lost and gap not in new)):
        without = lacking.listed(gap.environment.name for gap in gaps)
        message = f"`{dotted(found.difference.path)}` is added to {gained}, and missing in {without}"
        finding = lacking.finding(found.pair.after, found.comparison, found.difference._replace(lack=gaps), message)
        assert finding.facts is not None  # noqa: S101  `lacking` gives facts
        yield replace(finding, facts=finding.facts._replace(marks=finding.facts.marks + marks(change, found, gaps)))


def _places(gaps: tuple[Gap, ...]) -> Iterable[tuple[Gap, ...]]:
    """What is said at once: each environment by itself, since its own file is to be edited; a crowd of them stage by stage."""
    together: dict[str, tuple[Gap, ...]] = {}
    for gap in gaps:
        place = gap.environment.name if len(gaps) <= _CROWD else gap.environment.stage
        together[place] = (*together.get(place, ()), gap)
    return together.values()


def _left_out(name: str, subject: str, entries: _Left) -> Iterator[Finding]:
    """What siblings have in an object that the change adds to an environment, each key by itself, or many at once."""
    parts = [list(entries.items())] if len(entries) > _FEW else [[entry] for entry in entries.items()]
    for part in parts:
        having = lacking.listed(s.environment.name for _, (found, _) in part for s in found.difference.have)
        message = f"`{subject}` is added to {name} without {named([path for path, _ in part])}, which {having} have"
        findings = [_lack(found, found.difference._replace(lack=(gap,)), message) for _, (found, gap) in part]
        marks = ("left-out", "many") if len(part) > lacking.MANY else ("left-out",)
        yield findings[0] if len(findings) == 1 else bundled(findings, marks)


def _lack(found: Opened, difference: Difference, message: str) -> Finding:
    return lacking.marked(lacking.finding(found.pair.after, found.comparison, difference, message), "left-out")
