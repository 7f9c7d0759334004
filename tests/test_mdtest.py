from __future__ import annotations

from dataclasses import replace

import pytest

from gitops_lint.finding import Finding
from gitops_lint.node import Location
from gitops_lint.severity import Severity
from tests.mdtest import Expected, parse, verdict

PAGE = """\
# missing-key

## One

`a.yaml`:

```yaml
# error: [other] "next"
cache: {} # error: 3 [missing-key] "`cache.ttl` is \\"set\\"" # info: [x]
# kept
```

fixed:

```yaml
cache: 1
```

`base` `a.yaml`:

```yaml
cache: 0
```

> warning: [run]

config:

````yaml
parity: strict
```
````

## Prose only

A block without a name:

```yaml
# not a heading
```

## Two

`b/c.json`:

```json
{}
```
"""


def test_a_page_is_read() -> None:
    one, two = parse(PAGE)
    assert (one.title, two.title) == ("One", "Two")
    assert one.files == {"a.yaml": b"cache: {}\n# kept\n"}
    assert one.fixed == {"a.yaml": b"cache: 1\n"}
    assert one.base == {"a.yaml": b"cache: 0\n"}
    assert one.config == b"parity: strict\n```\n"
    assert one.expected == [
        Expected("error", "other", "next", "a.yaml", 1),
        Expected("error", "missing-key", '`cache.ttl` is "set"', "a.yaml", 1, 3),
        Expected("info", "x", "", "a.yaml", 1),
        Expected("warning", "run", ""),
    ]
    assert two.files == {"b/c.json": b"{}\n"}
    assert two.expected == []


FINDING = Finding("`k` is gone", Location("a.yaml", 1, 2), rule="r", severity=Severity.ERROR)


@pytest.mark.parametrize(
    ("expected", "finding", "said"),
    [
        ([], FINDING, "unexpected: a.yaml:1:2: error: [r] `k` is gone"),
        ([], replace(FINDING, rule="other"), ""),
        ([Expected("error", "r", "is gone", "a.yaml", 1)], FINDING, ""),
        ([Expected("error", "r", "", "a.yaml", 1, 2)], FINDING, ""),
        ([Expected("error", "r", "")], FINDING, ""),
        ([Expected("error", "r", "", "a.yaml", 2)], FINDING, 'missing: a.yaml:2: error: [r] ""\nunexpected: '),
        ([Expected("error", "r", "", "a.yaml", 1, 3)], FINDING, "missing: "),
        ([Expected("info", "r", "")], FINDING, 'missing: anywhere: info: [r] ""'),
    ],
)
def test_verdict(expected: list[Expected], finding: Finding, said: str) -> None:
    case = replace(parse(PAGE)[1], expected=expected)
    assert verdict(case, "r", [finding]).startswith(said)
    assert bool(verdict(case, "r", [finding])) == bool(said)
