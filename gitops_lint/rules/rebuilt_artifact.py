"""An image comes from another repository in each environment.

## Why

What was tested should be what runs: an artifact is built once and promoted. Where dev runs `acme/shop-dev` and prod `acme/shop-prod`, the
image was built again, from perhaps the same commit, but with other bytes; no digest that was tested can ever be the one that is deployed.

Names that differ by an environment's name only are reported. Another registry with the same path is a copy, which keeps the digest, and is
fine; so is an altogether different image, such as a stub.

## Example

`values-dev.yaml`:

```yaml
image: ghcr.io/acme/shop-dev:1.5.0
```

`values-prod.yaml`:

```yaml
image: ghcr.io/acme/shop-prod:1.4.2 # warning: [rebuilt-artifact] "prod runs `ghcr.io/acme/shop-prod`, and dev `ghcr.io/acme/shop-dev`"
```

## How to fix

Build one image, and promote its tag or digest from environment to environment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_lint.extract.words import listed, who
from gitops_lint.finding import Finding, Related
from gitops_lint.keypath import KeyPath
from gitops_lint.model import Repository
from gitops_lint.pointer import Pointer, PointerKind
from gitops_lint.rule import rule
from gitops_lint.severity import Severity
from gitops_lint.stages import Stages

_STAGES = Stages()
_INSIDE = re.compile(r"[^/]+\.svc(?:\.cluster\.local)?(?::\d+)?/")  # a registry in the cluster: each has its own, and namespaces in it
_PART = re.compile(r"[/._-]+")


@rule(Repository, category="immutability", severity=Severity.WARNING)
def check(repository: Repository) -> Iterator[Finding]:
    """Compare the repositories of each image among the environments of an application."""
    images: dict[tuple[str, KeyPath], list[Pointer]] = {}
    for pointer in repository.pointers:
        if pointer.kind is PointerKind.IMAGE and pointer.environment and pointer.name and not _INSIDE.match(pointer.name):
            images.setdefault((pointer.application, pointer.key), []).append(pointer)
    for same in images.values():
        yield from _rebuilt(same)


def _rebuilt(pointers: list[Pointer]) -> Iterator[Finding]:
    last = max(pointers, key=lambda p: (p.protected, p.rank if p.rank is not None else -1, p.environment))
    others = [p for p in pointers if _only_stage_differs(p.name, last.name)]
    names = sorted({p.name for p in others})
    if others:
        rest = " and ".join(f"{listed(tuple(p.environment for p in others if p.name == name))} `{name}`" for name in names)
        yield Finding(
            f"{who(last)}`{last.name}`, and {rest}",
            at=last.at,
            key=last.key,
            application=last.application,
            environments=(last.environment,),
            related=tuple(Related(p.at, f"`{p.name}`", p.environment) for p in others),
            help="build once, and promote the image",
        )


def _only_stage_differs(one: str, other: str) -> bool:
    """Whether two paths are the same but for environments' names in them; the registry in front does not count."""
    return _path(one) != _path(other) and _without_stages(one) == _without_stages(other)


def _without_stages(name: str) -> list[str]:
    return [part for part in _PART.split(_path(name)) if _STAGES.named(part) is None]


def _path(name: str) -> str:
    first, slash, rest = name.partition("/")
    return rest if slash and ("." in first or ":" in first) else name
