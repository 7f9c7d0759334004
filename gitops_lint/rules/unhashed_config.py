"""A generated ConfigMap or Secret keeps its name when its content changes.

## Why

The hash that kustomize appends to a generator's name is what makes pods roll: a new content is a new name, and a rollback brings the old
one back. With `disableNameSuffixHash: true` a changed configuration reaches running pods at some time or other, or never, and two
revisions of a Deployment share one ConfigMap.

## Example

`k8s/base/kustomization.yaml`:

```yaml
configMapGenerator:
  - name: shop
    literals: [CACHE_TTL=60]
generatorOptions:
  disableNameSuffixHash: true # info: [unhashed-config] "`shop` keeps its name when its content changes"
```

## How to fix

Remove the option. Where the name must be fixed, let a controller or an annotation with a checksum roll the pods.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.extract.kustomizations import is_kustomization
from gitops_lint.extract.walk import items, text
from gitops_lint.extract.words import listed
from gitops_lint.finding import Finding
from gitops_lint.keypath import KeyPath
from gitops_lint.model import Document
from gitops_lint.node import Map, value_location
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_OPTION = "disableNameSuffixHash"
_GENERATORS = ("configMapGenerator", "secretGenerator")


@rule(Document, category="immutability", severity=Severity.INFO)
def check(document: Document) -> Iterator[Finding]:
    """Report the option, for all generators of a kustomization or for one."""
    if not is_kustomization(document.path):
        return
    for root in document.roots:
        if isinstance(root.value, Map):
            yield from _in_kustomization(root.value)


def _in_kustomization(root: Map) -> Iterator[Finding]:
    generators = [(kind, one) for kind in _GENERATORS for _, one, _ in items(root, kind) if isinstance(one, Map)]
    common = root.get("generatorOptions")
    names = tuple(f"`{text(one, 'name')}`" for _, one in generators if not isinstance(one.get("options"), Map))
    if isinstance(common, Map) and common.get(_OPTION) is True and names:
        yield _finding(common, ("kustomization:", "generatorOptions", _OPTION), names)
    for kind, one in generators:
        options = one.get("options")
        if isinstance(options, Map) and options.get(_OPTION) is True:
            name = text(one, "name")
            yield _finding(options, ("kustomization:", kind, f"[{name}]", "options", _OPTION), (f"`{name}`",))


def _finding(node: Map, key: KeyPath, names: tuple[str, ...]) -> Finding:
    verb = "keeps its name when its" if len(names) == 1 else "keep their names when their"
    return Finding(f"{listed(names)} {verb} content changes, so that pods do not roll", at=value_location(node, _OPTION), key=key)
