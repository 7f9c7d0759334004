"""The same key is a string in one environment and a number, a boolean, a list or a map in another.

## Why

`tag: 0.13` is a number and prints as `0.13`, until it is `0.10`; `enabled: "false"` is a string, and every template takes it for true.
In most corrections of such a slip, a sibling environment already had it right. Quantities (`cpu: 1` beside `cpu: 500m`) and percentages
are exempt: Kubernetes takes both.

## Example

`values-dev.yaml`:

```yaml
image:
  tag: "0.13.0"
```

`values-prod.yaml`:

```yaml
image:
  tag: 0.13 # error: [type-mismatch] "is a string in dev, and a number in prod"
```

## How to fix

Quote the value, or take the quotes away, so that it has one type everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_lint import lacking
from gitops_lint.category import category, is_user_named
from gitops_lint.finding import Facts, Finding, Lack, Related
from gitops_lint.keypath import dotted
from gitops_lint.model import Application, Contrast, Setting
from gitops_lint.node import Map, Opaque, Seq, Value
from gitops_lint.rule import rule

_QUANTITIES = frozenset(("cpu", "memory", "storage", "ephemeral-storage", "maxSurge", "maxUnavailable", "minAvailable", "sizeLimit"))
_REFERENCES = frozenset(("secretKeyRef", "configMapKeyRef", "fieldRef", "resourceFieldRef", "valueFrom", "fromSecret", "secretRef", "ref"))
_SELECTOR = frozenset(("name", "key"))
_QUANTITY = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[numkKMGTPE]i?|%|e\d+)?|\d+(?:ms|s|m|h|d)")


@rule(Application, category="consistency")
def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each key whose values are of more than one type."""
    for comparison in application.comparisons:
        for contrast in comparison.contrasts:
            odd = _odd(contrast)
            if odd:
                yield _finding(application, contrast, odd)


def _odd(contrast: Contrast) -> tuple[Setting, ...]:
    """The settings whose type is not that of the most environments; on a tie those that are no string."""
    kinds = [(sort(s.value), s) for s in contrast.settings]
    words = [kind for kind, _ in kinds if kind]
    if len(set(words)) < 2 or _is_quantity(contrast) or _is_reference(contrast):  # noqa: PLR2004  two types make a mismatch
        return ()
    usual = max(sorted(set(words)), key=lambda kind: (words.count(kind), kind == "a string"))
    return tuple(s for kind, s in kinds if kind and kind != usual)


def sort(value: Value) -> str:
    """What a value is, in words; empty for what has no type to compare: null, a placeholder."""
    if value is None or isinstance(value, Opaque) or value in ({}, []):
        return ""
    if isinstance(value, Map):
        return "a map"
    if isinstance(value, Seq):
        return "a list"
    return "a boolean" if isinstance(value, bool) else "a number" if isinstance(value, int | float) else "a string"


def _is_quantity(contrast: Contrast) -> bool:
    """Whether the values are numbers and quantities, as `cpu: 1` and `cpu: 500m`, and not the same number with and without quotes.

    Under a name that Kubernetes reads as a quantity, a number in quotes is one, too.
    """
    texts = [s.value for s in contrast.settings if isinstance(s.value, str)]
    numbers = [s.value for s in contrast.settings if isinstance(s.value, int | float) and not isinstance(s.value, bool)]
    scalars = len(texts) + len(numbers) == len(contrast.settings)
    named = contrast.path[-1] in _QUANTITIES
    return scalars and all(_QUANTITY.fullmatch(text) and (named or not text.lstrip("+-").replace(".", "").isdigit()) for text in texts)


def _is_reference(contrast: Contrast) -> bool:
    """Whether the values are texts, and maps that say where such a text is kept: charts take a variable either way."""
    values = [s.value for s in contrast.settings]
    maps = [value for value in values if isinstance(value, Map)]
    rest = [value for value in values if not isinstance(value, Map)]
    kept = all(not _REFERENCES.isdisjoint(value) or value.keys() >= _SELECTOR for value in maps)
    return bool(maps) and kept and not any(isinstance(value, Seq) for value in rest)


def _finding(application: Application, contrast: Contrast, odd: tuple[Setting, ...]) -> Finding:
    others = tuple(s for s in contrast.settings if s not in odd and sort(s.value))
    there, here = sort(others[0].value), sort(odd[0].value)
    names = lacking.listed(s.environment.name for s in odd)
    return Finding(
        f"`{dotted(contrast.path)}` is {there} in {lacking.listed(s.environment.name for s in others)}, and {here} in {names}",
        at=odd[0].location,
        key=contrast.path,
        application=application.name,
        environments=tuple(dict.fromkeys(s.environment.name for s in odd)),
        related=tuple(Related(s.location, f"{sort(s.value)} in {s.environment.name}", s.environment.name) for s in others),
        label=f"{here} here",
        facts=Facts(
            category=category(contrast.path),
            user_named=is_user_named(contrast.path),
            have=tuple((s.environment.name, s.environment.rank) for s in others),
            lack=tuple(Lack(s.environment.name, s.environment.rank, s.environment.protected, ("",)) for s in odd),
            ranked=True,
            kind="type",
        ),
    )
