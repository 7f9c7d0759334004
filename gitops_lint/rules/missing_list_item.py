"""A list of words has an item in every environment but one.

## Why

Arguments, scopes and allow lists are lists that are read as sets: an item that was added everywhere and forgotten once is a missing key in
another dress. Helm replaces lists as a whole, so nothing fills the gap.

Lists of maps that share a name are compared item by item by `missing-key`. Of lists of plain text a finding needs three environments, of
which two or more have the item and only one has not, and whose lists agree in most of their items. Names of environments are ignored, and
so are lists about scaling, resources, schedules and hosts.

## Example

`values-dev.yaml`:

```yaml
scopes: [read, write, admin]
```

`values-qa.yaml`:

```yaml
scopes: [read, write] # warning: [missing-list-item] "`admin` is in `scopes` of dev and prod, and missing in qa"
```

`values-prod.yaml`:

```yaml
scopes: [read, write, admin]
```

## How to fix

Add the item, or say that its absence is meant: `# gitops-lint: ignore[missing-list-item] reason`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint import lacking
from gitops_lint.category import TUNING, category
from gitops_lint.compare import neutralise
from gitops_lint.finding import Finding, Related
from gitops_lint.kept import secretive
from gitops_lint.keypath import dotted
from gitops_lint.model import Application, Contrast, Setting
from gitops_lint.node import Opaque, Seq
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_ENOUGH = 3  # environments
_LONGEST = 80  # code points of an item that is named in a message
_ORDERED = frozenset({"command", "entrypoint"})


@rule(Application, category="consistency", severity=Severity.WARNING)
def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each item that exactly one of three or more environments lacks."""
    for comparison in application.comparisons:
        for contrast in comparison.contrasts:
            if len(contrast.settings) >= _ENOUGH and not _differs_by_nature(contrast):
                yield from _missing(application, contrast)


def _differs_by_nature(contrast: Contrast) -> bool:
    kind = category(contrast.path)
    return kind in TUNING or kind in ("ingress", "image") or contrast.path[-1] in _ORDERED or secretive(contrast.path[-1])


def _missing(application: Application, contrast: Contrast) -> Iterator[Finding]:
    lists = [(s, _items(s)) for s in contrast.settings]
    sets = [(s, items) for s, items in lists if items]
    if len(sets) < len(lists):
        return
    for item in sorted(sets[0][1] | sets[1][1]):
        lack = [s for s, items in sets if item not in items]
        have = [s for s, items in sets if item in items]
        if len(lack) == 1 and _alike(lack[0], have):
            yield _finding(application, contrast, item, lack[0], have)


def _alike(lack: Setting, have: list[Setting]) -> bool:
    """Whether the list that lacks an item is like the others: it has nothing of its own, and half of what all others have."""
    mine = _items(lack)
    shared = set[str].intersection(*(_items(s) for s in have))
    return mine <= set[str].union(*(_items(s) for s in have)) and 2 * len(mine & shared) >= len(shared)


def _items(setting: Setting) -> set[str]:
    """The items of a list of different texts, without the names of their environment; nothing for other values."""
    value = setting.value
    if not isinstance(value, Seq) or not all(isinstance(item, str) and not isinstance(item, Opaque) for item in value):
        return set()
    items = {neutralise(item, setting.environment).removeprefix("./") for item in value}
    return items if len(items) == len(value) else set()


def _written(item: str, setting: Setting) -> str:
    """An item as the environment writes it."""
    value = setting.value
    texts = value if isinstance(value, Seq) else []
    return next((text for text in texts if neutralise(text, setting.environment).removeprefix("./") == item), item)


def _finding(application: Application, contrast: Contrast, item: str, lack: Setting, have: list[Setting]) -> Finding:
    written = _written(item, have[0])
    shown = written if len(written) <= _LONGEST else written[:_LONGEST] + "…"
    others = lacking.listed(s.environment.name for s in have)
    return Finding(
        f"`{shown}` is in `{dotted(contrast.path)}` of {others}, and missing in {lack.environment.name}",
        at=lack.location,
        key=(*contrast.path, f"[{item}]"),
        application=application.name,
        environments=(lack.environment.name,),
        related=tuple(Related(s.location, f"there in {s.environment.name}", s.environment.name) for s in have),
    )
