"""An environment runs one image in two versions, where another environment runs one.

## Why

A worker, a migration and a web server are often made of one image, whose tag stands at several places. Where one of them is forgotten, two
versions of one program share a database: a fault that no other environment can show.

Reported is only what is one version in some other environment, because two versions that are meant differ everywhere. In environments
that are not protected it is a note.

## Example

`values-qa.yaml`:

```yaml
web: {image: "ghcr.io/acme/shop:1.5.0"}
worker: {image: "ghcr.io/acme/shop:1.5.0"}
```

`values-prod.yaml`:

```yaml
web: {image: "ghcr.io/acme/shop:1.5.0"}
# warning: [split-artifact] "prod runs `ghcr.io/acme/shop` as `1.4.2` and `1.5.0`, and qa as one version"
worker: {image: "ghcr.io/acme/shop:1.4.2"}
```

## How to fix

Give all of them the same version, best from one value.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from gitops_lint.finding import Finding
from gitops_lint.model import Repository
from gitops_lint.moved import said
from gitops_lint.pointer import PointerKind
from gitops_lint.pointers.version_order import order
from gitops_lint.promotion import Run, Track, artifact, fixed, told, tracks
from gitops_lint.rule import rule
from gitops_lint.severity import Severity


@rule(Repository, category="promotion", severity=Severity.WARNING)
def check(repository: Repository) -> Iterator[Finding]:
    """Compare the places of each image among the environments of an application."""
    images: dict[tuple[int, str], list[Track]] = {}
    for track in tracks(repository):
        if track.kind is PointerKind.IMAGE and track.runs[0].pointer.name:
            name = artifact(track.runs[0].pointer.name, track.runs[0].environment)
            images.setdefault((id(track.application), name), []).append(track)
    for places in images.values():
        yield from _split(places)


def _split(places: list[Track]) -> Iterator[Finding]:
    """One finding for each environment in which two places differ that do not differ elsewhere."""
    told_of = set()
    for one, other in combinations(places, 2):
        pairs = _pairs(one, other)
        whole = next((here for here, there in pairs if said(here) == said(there)), None)
        for here, there in pairs:
            if whole is not None and said(here) != said(there) and here.environment.name not in told_of:
                told_of.add(here.environment.name)
                yield _finding(here, there, whole)


def _pairs(one: Track, other: Track) -> list[tuple[Run, Run]]:
    """What the environments that have both places run there, in those that say so."""
    there = {run.environment.name: run for run in other.runs}
    both = [(run, there[run.environment.name]) for run in one.runs if run.environment.name in there]
    return [(here, other) for here, other in both if fixed(here) and fixed(other) and here.pointer.name == other.pointer.name]


def _finding(here: Run, there: Run, whole: Run) -> Finding:
    newer = order(here.pointer.version, there.pointer.version) == 1
    old, new = (there, here) if newer else (here, there)
    env, pointer = old.environment, old.pointer
    versions = f"`{_text(old)}` and `{_text(new)}`"
    message = f"{env.name} runs `{pointer.name}` as {versions}, and {whole.environment.name} as one version"
    return told([old], message, "give both places one version", [new])


def _text(run: Run) -> str:
    """The version, or the digest where the versions are the same."""
    return f"{run.pointer.version}@{run.pointer.digest[:19]}" if run.pointer.digest else run.pointer.version
