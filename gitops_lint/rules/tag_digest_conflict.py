"""One tag stands with two digests, or one digest with two versions.

## Why

Where a tag and a digest are both written, the digest decides and the tag only tells people what it is. Two digests under one tag mean that
somebody's tag is out of date, or was pushed again; one digest under two versions means that somebody changed the tag and forgot the digest:
what runs is not what it says. While the change is in review, `stale-digest` says the latter of the place that is edited.

## Example

`values-dev.yaml`:

```yaml
image: acme/shop:1.5.0@sha256:1111111111111111111111111111111111111111111111111111111111111111
```

`values-prod.yaml`:

```yaml
# warning: [tag-digest-conflict] "`acme/shop` is `1.4.2` here and `1.5.0` elsewhere, by one and the same digest"
image: acme/shop:1.4.2@sha256:1111111111111111111111111111111111111111111111111111111111111111
```

## How to fix

Ask the registry which digest the tag has, and write that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from gitops_lint.extract.collect import joined
from gitops_lint.finding import Finding, Related
from gitops_lint.model import Repository
from gitops_lint.pointer import Pointer, PointerKind
from gitops_lint.pointers.tag import aliases, settled
from gitops_lint.rule import rule
from gitops_lint.severity import Severity


@rule(Repository, category="immutability", severity=Severity.WARNING)
def check(repository: Repository) -> Iterator[Finding]:
    """Compare all images that carry both a tag and a digest, whichever application they belong to."""
    both = [p for p in joined(repository.pointers) if p.kind is PointerKind.IMAGE and p.digest and p.version]
    for some in _grouped(both, lambda p: (p.name, p.digest)):
        yield from _conflict(some, by_digest=True)
    for some in _grouped(both, lambda p: (p.name, p.version)):
        yield from _conflict(some, by_digest=False)


def _grouped(pointers: Iterable[Pointer], mark: Callable[[Pointer], tuple[str, str]]) -> Iterable[list[Pointer]]:
    groups: dict[tuple[str, str], list[Pointer]] = {}
    for pointer in pointers:
        groups.setdefault(mark(pointer), []).append(pointer)
    return groups.values()


def _conflict(some: list[Pointer], *, by_digest: bool) -> Iterator[Finding]:
    if not by_digest and not settled(some[0].version):
        return
    told = sorted({p.version if by_digest else p.digest for p in some})
    if len(told) == 1 or (by_digest and aliases(told)):
        return
    last = max(some, key=lambda p: (p.protected, p.rank if p.rank is not None else -1, p.at))
    mine = last.version if by_digest else last.digest
    others = [p for p in some if (p.version if by_digest else p.digest) != mine]
    elsewhere = " and ".join(f"`{text if by_digest else text[:19]}`" for text in told if text != mine)
    if by_digest:
        message = f"`{last.name}` is `{mine}` here and {elsewhere} elsewhere, by one and the same digest"
    else:
        message = f"`{last.name}:{last.version}` has the digest `{mine[:19]}` here and {elsewhere} elsewhere"
    related = tuple(Related(p.at, f"is `{p.version}`" if by_digest else f"is `{p.digest[:19]}`", p.environment) for p in others)
    yield Finding(message, at=last.at, key=last.key, application=last.application, environments=last.environments, related=related)
