"""A value is set that no template of the chart reads.

## Why

A key with a slip in it, one that an older version of the chart had, or one under the wrong parent does nothing, and says nothing: Helm
ignores what nobody asks for. In the file it looks like configuration.

A chart is left out as a whole if one of its templates uses values in a way that only running it would tell: `tpl` on a text from the
values, `include` of a template that is not in the tree, all values at once. So are the values of sub-charts, and `global` beside them.

## Example

`Chart.yaml`:

```yaml
apiVersion: v2
name: shop
version: 1.0.0
```

`templates/config.yaml`:

```yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: shop}
data:
  ttl: {{ .Values.cache.ttl | quote }}
```

`values-dev.yaml`:

```yaml
cache:
  ttl: 60
```

`values-prod.yaml`:

```yaml
cache:
  ttl: 60
  tll: 30 # info: [unread-value] "`cache.tll` is set in prod, and no template of the chart reads it"
```

## How to fix

Delete the value, or name it as the template does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from gitops_lint import lacking
from gitops_lint.extract.deployed import Deployed
from gitops_lint.extract.template_context import ANY
from gitops_lint.extract.template_values import Read
from gitops_lint.finding import Finding, Related
from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.node import Location, Map, Opaque, Seq, Value, key_location
from gitops_lint.rule import rule
from gitops_lint.severity import Severity


@dataclass(slots=True)
class _Known:
    """What is read at a path and below it."""

    whole: bool = False
    below: dict[str, _Known] = field(default_factory=dict)


@rule(Deployed, category="layering", severity=Severity.INFO)
def check(chart: Deployed) -> Iterator[Finding]:
    """Yield a finding for each topmost key of any layer that nothing reads, naming the environments that have it."""
    if chart.reads is None or (
        any(read.evaluated for read in chart.reads) and any(_holds_template(env.values) for env in chart.environments)
    ):
        return
    known = _tree(chart.reads)
    unread: dict[tuple[str, int], list[tuple[KeyPath, Location]]] = {}
    found: dict[tuple[str, KeyPath], list[tuple[str, Location]]] = {}
    for environment in chart.environments:
        for layer in environment.layers:
            place = (layer.path, layer.at)
            if place not in unread:
                unread[place] = [] if layer.templated else list(_unread(layer.value, known, chart.parts))
            for path, at in unread[place]:
                found.setdefault((environment.application, path), []).append((environment.name, at))
    for (application, path), users in found.items():
        names = tuple(dict.fromkeys(name for name, _ in users))
        first, *others = dict.fromkeys(at for _, at in users)
        yield Finding(
            f"`{dotted(path)}` is set in {lacking.listed(names)}, and no template of the chart reads it",
            at=first,
            key=path,
            application=application,
            environments=names,
            related=tuple(Related(at, "set here, too") for at in others),
        )


def _holds_template(values: Value) -> bool:
    """Whether some text among the values is a template: what `tpl` makes of it reads who knows what."""
    waiting = [values]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Opaque) or (isinstance(node, str) and "{{" in node):
            return True
        waiting += node.values() if isinstance(node, Map) else node if isinstance(node, Seq) else ()
    return False


def _tree(reads: Iterable[Read]) -> _Known:
    root = _Known()
    for read in reads:
        node = root
        for segment in read.path:
            node = node.below.setdefault(segment, _Known())
        node.whole = node.whole or read.whole or read.evaluated
    return root


def _unread(values: Value, known: _Known, parts: frozenset[str]) -> Iterator[tuple[KeyPath, Location]]:
    """The topmost keys below which nothing is read; lists count as read where anything of them is."""
    waiting: list[tuple[KeyPath, Value, list[_Known]]] = [((), values, [known])]
    while waiting:
        path, node, at = waiting.pop()
        if not isinstance(node, Map):
            continue
        for key, value in node.items():
            here = (*path, key)
            found = [place.below[name] for place in at for name in (key, ANY) if name in place.below]
            if not path and (key in parts or (key == "global" and parts)):
                continue
            if not found:
                yield here, key_location(node, key)
            elif isinstance(value, Map) and not any(place.whole for place in found) and any(place.below for place in found):
                waiting.append((here, value, found))
