"""A change gives an image another tag and leaves the digest as it was.

## Why

The digest decides what runs, so the change deploys nothing: the file says the new version, the cluster keeps the old one, and the next
person who reads the file believes the file. It happens where a script or a person edits the tag and does not know of the digest.

The reverse is no fault: another digest under the same tag is what pinning again is for, as when a base image was built anew. Where
environments then differ under one tag, `tag-digest-conflict` says so.

## Example

`base` `values-prod.yaml`:

```yaml
image: acme/shop:1.4.2@sha256:1111111111111111111111111111111111111111111111111111111111111111
```

`values-prod.yaml`:

```yaml
# error: [stale-digest] "`acme/shop` goes from `1.4.2` to `1.5.0` and keeps the digest, so `1.4.2` is what runs"
image: acme/shop:1.5.0@sha256:1111111111111111111111111111111111111111111111111111111111111111
```

## How to fix

Ask the registry which digest the new tag has and write that, or leave the digest out.

Nothing is said where both tags can lead to one image (`1.5` and `1.5.0`, `latest` and `1.5.0`), nor where the base has the new tag with
this digest elsewhere: then it was the old tag that was wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from gitops_lint.extract.collect import joined
from gitops_lint.finding import Finding
from gitops_lint.keypath import KeyPath
from gitops_lint.model import Change
from gitops_lint.pointer import Pointer, PointerKind
from gitops_lint.pointers.tag import aliases
from gitops_lint.rule import rule

_Place: TypeAlias = tuple[str, str, str, KeyPath]  # application, environment, path where there is none, key


@rule(Change, category="immutability")
def check(change: Change) -> Iterator[Finding]:
    """Compare the tag of each image that has a digest with the one that it had beside that digest."""
    if change.settled:
        return
    before = list(_pinned(change.base.pointers))
    renamed = {pair.after.name: pair.before.name for pair in change.pairs if pair.before is not None}
    known = {(_artifact(pointer), pointer.version, pointer.digest) for pointer in before}
    past: dict[_Place, list[Pointer]] = {}
    for pointer in before:
        past.setdefault(_place(pointer, {}), []).append(pointer)
    stale: dict[Pointer, str] = {}
    for pointer in _pinned(change.head.pointers):
        if (_artifact(pointer), pointer.version, pointer.digest) not in known:
            was = [p.version for p in past.get(_place(pointer, renamed), ()) if p.digest == pointer.digest]
            if was and not any(aliases((tag, pointer.version)) for tag in was):
                stale[pointer] = was[0]
    told = {(pointer.at, pointer.text): was for pointer, was in stale.items()}
    for pointer in joined(stale):
        yield _finding(pointer, told[pointer.at, pointer.text])


def _pinned(pointers: Iterable[Pointer]) -> Iterator[Pointer]:
    return (p for p in pointers if p.kind is PointerKind.IMAGE and p.digest and p.version)


def _place(pointer: Pointer, renamed: dict[str, str]) -> _Place:
    path = "" if pointer.environment else pointer.at.path
    return renamed.get(pointer.application, pointer.application), pointer.environment, path, pointer.key


def _artifact(pointer: Pointer) -> str:
    """An image's name without its registry: a mirror has the same digests."""
    return pointer.name.rpartition("/")[2]


def _finding(pointer: Pointer, was: str) -> Finding:
    message = f"`{pointer.name}` goes from `{was}` to `{pointer.version}` and keeps the digest, so `{was}` is what runs"
    return Finding(message, at=pointer.at, key=pointer.key, application=pointer.application, environments=pointer.environments)
