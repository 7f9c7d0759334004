"""A value in one environment names another: production talks to a host of dev.

## Why

An environment file begins as a copy, and one address in it is forgotten: prod writes into dev's queue, or reads dev's data. Nothing fails,
because the host is there.

Host names, URLs, ARNs and paths count if a word in them names another environment of the same application, and none names their own.
What every environment of the application has is shared on purpose, and so is what a layer for several of them says.

## Example

`values-dev.yaml`:

```yaml
queue: amqp://queue.dev.example.com
```

`values-prod.yaml`:

```yaml
queue: amqp://queue.dev.example.com # error: [foreign-environment] "`queue` in prod names dev"
size: 3
```

`values-qa.yaml`:

```yaml
queue: amqp://queue.qa.example.com
```

## How to fix

Give the environment an address of its own, or say that sharing is meant: `# gitops-lint: ignore[foreign-environment] reason`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from gitops_lint.addresses import named, names_itself
from gitops_lint.finding import Finding, Related
from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.model import Application, Contrast, Environment, Setting
from gitops_lint.node import Location
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_HABIT = 3  # addresses of one and the same sibling
_IMAGE = frozenset({"image", "repository", "registry", "tag"})  # `rebuilt-artifact` looks at these


class _Foreign(NamedTuple):
    setting: Setting
    other: Environment
    usual: bool  # two or more of the siblings name themselves here


@rule(Application, category="consistency", severity=Severity.WARNING)
def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each address that names a sibling: an error where a protected environment uses what is a lower one's."""
    told: dict[Location, tuple[KeyPath, _Foreign]] = {}
    for comparison in application.comparisons:
        for contrast in comparison.contrasts:
            for found in _foreign(contrast, comparison.environments) if contrast.path[-1] not in _IMAGE else ():
                told.setdefault(found.setting.location, (contrast.path, found))
    counts = Counter((found.setting.environment.name, found.other.name) for _, found in told.values())
    for path, found in told.values():
        shares = counts[found.setting.environment.name, found.other.name] >= _HABIT
        yield _finding(application, path, found, shares=shares)


def _foreign(contrast: Contrast, peers: tuple[Environment, ...]) -> Iterator[_Foreign]:
    own = [s for s in contrast.settings if names_itself(s)]
    if not own:
        return  # nobody names itself here, so the words are no pattern
    locations = [setting.location for setting in contrast.settings]
    places = Counter(locations)
    for setting, location in zip(contrast.settings, locations, strict=True):
        if places[location] == 1:
            other = named(setting, peers)
            if other is not None:
                yield _Foreign(setting, other, len({s.environment.stage for s in own}) > 1)


def _finding(application: Application, path: KeyPath, found: _Foreign, *, shares: bool) -> Finding:
    """The finding; a lower environment that shares the services of another one, address by address, has not forgotten them all."""
    env, other = found.setting.environment, found.other
    lower = env.rank is not None and other.rank is not None and other.rank < env.rank
    slip = lower and found.usual and not shares
    severity = Severity.ERROR if lower and env.protected else Severity.WARNING if slip else Severity.INFO
    return Finding(
        f"`{dotted(path)}` in {env.name} names {other.name}",
        at=found.setting.location,
        key=path,
        application=application.name,
        environments=(env.name,),
        related=tuple(Related(layer.location, f"{other.name} itself", other.name) for layer in (other.own,) if layer is not None),
        severity=severity,
    )
