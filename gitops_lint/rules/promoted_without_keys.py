"""A change brings a version to an environment that lacks keys which the environments that run it already have.

## Why

A new version often needs a new parameter. It was added where the version was tried, and that it is still missing further up did not matter
until the version gets there: this is the change that makes it matter, and the last one in which it is noticed before the deployment.

Reported are keys that every environment with the version has, and none with another; where an application runs several things, only keys
beside the version that moves, and none that the environment lacks in the same way at several places. Where only one environment has run
the version, only keys that people choose are reported: environment variables, secrets, identities. Replicas, resources and schedules never
are.
With `parity: staged` it is an error, because this is the moment that the policy waits for.

## Example

`base` `values-dev.yaml`:

```yaml
image: {repository: ghcr.io/acme/shop, tag: 1.5.0}
env: {DB_HOST: db.dev, CACHE_URL: redis.dev}
```

`base` `values-prod.yaml`:

```yaml
image: {repository: ghcr.io/acme/shop, tag: 1.4.2}
env: {DB_HOST: db.prod}
```

`values-dev.yaml`:

```yaml
image: {repository: ghcr.io/acme/shop, tag: 1.5.0}
env: {DB_HOST: db.dev, CACHE_URL: redis.dev}
```

`values-prod.yaml`:

```yaml
image: {repository: ghcr.io/acme/shop, tag: 1.5.0}
# warning: [promoted-without-keys] "prod gets `ghcr.io/acme/shop:1.5.0`, which dev runs with `env.CACHE_URL`, missing in prod"
env: {DB_HOST: db.prod}
```

## How to fix

Add the key in the same change, or say that the environment does not need it: `# gitops-lint: only[dev] reason`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from gitops_lint import lacking
from gitops_lint.category import TUNING, category, is_user_named
from gitops_lint.finding import Finding
from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.model import Change, Comparison, Difference, Environment
from gitops_lint.moved import Move, moves, said
from gitops_lint.opened import has
from gitops_lint.pointers.version_order import order
from gitops_lint.promotion import label, same_artifact
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_SEVERAL = 2  # further places that lack the same key


class _Promotion(NamedTuple):
    """A move to a version that lower environments run already; all by name."""

    move: Move
    sources: frozenset[str]
    others: frozenset[str]  # those that run another version
    ranks: int  # of how many stages the sources are


@rule(Change, category="promotion", severity=Severity.WARNING)
def check(change: Change) -> Iterator[Finding]:
    """Look at the keys of each environment that a version comes from."""
    seen: set[tuple[int, str, KeyPath]] = set()
    for move in moves(change):
        promotion = _promotion(move)
        for comparison in move.pair.after.comparisons if promotion is not None else ():
            for difference in comparison.differences:
                mark = (id(move.pair), move.run.environment.name, difference.path)
                if promotion is not None and mark not in seen and _lacks(promotion, difference) and not _usual(comparison, difference):
                    seen.add(mark)
                    yield _finding(promotion, comparison, difference)


def _promotion(move: Move) -> _Promotion | None:
    env = move.run.environment
    if env.rank is None or order(move.run.pointer.version, move.before.pointer.version) == -1:
        return None
    lower = [run for run in move.track.runs if run.environment.rank is not None and run.environment.rank < env.rank]
    same = [run for run in lower if said(run) == said(move.run) and same_artifact(run, move.run)]
    sources = [run for run in same if run.environment.name in move.past and said(move.past[run.environment.name]) == said(move.run)]
    others = frozenset(run.environment.name for run in move.track.runs if said(run) != said(move.run))
    if not sources:
        return None
    ranks = len({run.environment.rank for run in sources})
    return _Promotion(move, frozenset(run.environment.name for run in sources), others, ranks)


def _lacks(promotion: _Promotion, difference: Difference) -> bool:
    """Whether a key came with the version, as far as the environments tell, and the environment that gets it now has never had the key."""
    env, path = promotion.move.run.environment, difference.path
    have = {setting.environment.name for setting in difference.have}
    if difference.kind != "missing" or env.hazy or category(path) in TUNING or not any(gap.environment is env for gap in difference.lack):
        return False
    if not promotion.sources <= have or have & promotion.others:
        return False
    if not (promotion.ranks > 1 or is_user_named(path)) or not (promotion.move.alone or path[:1] == promotion.move.run.pointer.key[:1]):
        return False
    past = _past(promotion.move)
    return all(name in past and has(past[name], path) for name in promotion.sources) and not has(past[env.name], path)


def _usual(comparison: Comparison, difference: Difference) -> bool:
    """Whether the key is lacked by the same environments at several places: that is how the application is made."""
    lacking = {gap.environment.name for gap in difference.lack}
    alike = [other for other in comparison.differences if other.path[-1] == difference.path[-1] and other.path != difference.path]
    return sum({gap.environment.name for gap in other.lack} == lacking for other in alike) >= _SEVERAL


def _past(move: Move) -> dict[str, Environment]:
    before = move.pair.before
    return {env.name: env for env in before.environments} if before is not None else {}


def _finding(promotion: _Promotion, comparison: Comparison, difference: Difference) -> Finding:
    env = promotion.move.run.environment
    lack = difference._replace(lack=tuple(gap for gap in difference.lack if gap.environment is env))
    sources = [setting.environment.name for setting in difference.have if setting.environment.name in promotion.sources]
    runs = "runs" if len(sources) == 1 else "run"
    version = f"`{label(promotion.move.run)}`"
    message = f"{env.name} gets {version}, which {lacking.listed(sources)} {runs} with `{dotted(difference.path)}`, missing in {env.name}"
    finding = lacking.finding(promotion.move.pair.after, comparison, lack, message)
    assert finding.facts is not None  # noqa: S101  `lacking` gives facts
    return replace(finding, facts=finding.facts._replace(marks=(*finding.facts.marks, "promoted")))
