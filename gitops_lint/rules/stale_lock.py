"""A chart's lock does not belong to its dependencies, or a vendored chart does not belong to its lock.

## Why

`helm dependency build` refuses a lock whose digest is not that of the chart's dependencies, and the pipeline stops; until then the lock and
the chart say different versions. A chart that lies in `charts/` in another version than the lock's is what gets deployed all the same.

The digest is computed as Helm does it. A range without a lock is reported by `floating-chart-version`.

## Example

`Chart.yaml`:

```yaml
apiVersion: v2
name: shop
version: 1.0.0
dependencies:
  - {name: redis, repository: "https://charts.acme.example", version: ^18.0.0}
```

`Chart.lock`:

```yaml
dependencies:
  - name: redis
    repository: https://charts.acme.example
    version: 17.15.2 # error: [stale-lock] "`Chart.lock` has `redis` 17.15.2, which is not in the range ^18.0.0 of `Chart.yaml`"
digest: sha256:9d1c6ad4c1eb8e2b7c0b6f3d1c1b6c4d4e9a1f0e7c2b8a5d3f6e9c1b2a4d7e80
generated: "2024-01-31T10:00:00Z"
```

## How to fix

Run `helm dependency update` and commit what it writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gitops_lint.extract.walk import items, text
from gitops_lint.finding import Finding, Related
from gitops_lint.merge.constraint import satisfies
from gitops_lint.model import Document, Repository
from gitops_lint.node import Location, Map, key_location, value_location
from gitops_lint.pointers import lock
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_PAIRS = (("Chart.yaml", "Chart.lock"), ("requirements.yaml", "requirements.lock"))


class _Pair(NamedTuple):
    """A chart's dependencies and its lock's, with the names of both files and the directory that they are in."""

    folder: str
    chart: str
    lock: str
    asked: Map
    locked: Map


@rule(Repository, category="immutability")
def check(repository: Repository) -> Iterator[Finding]:
    """Compare each chart with its lock, and both with what is vendored."""
    for path in repository.documents:
        folder, _, name = path.rpartition("/")
        for chart, lock_name in _PAIRS:
            if name == chart:
                asked = _mapping(repository.documents[path])
                locked = _mapping(repository.documents.get(f"{folder}/{lock_name}" if folder else lock_name))
                if asked is not None and locked is not None:
                    yield from _judged(_Pair(folder, chart, lock_name, asked, locked))
                if asked is not None and "dependencies" in asked:
                    yield from _vendored(repository, folder, asked, locked)


def _mapping(document: Document | None) -> Map | None:
    if document is None or document.templated or not document.roots or not isinstance(document.roots[0].value, Map):
        return None
    return document.roots[0].value


def _judged(pair: _Pair) -> Iterator[Finding]:
    asked, locked = _dependencies(pair.asked), _dependencies(pair.locked)
    given = {text(one, "name"): one for one in locked}
    plain = [_plain(one, given.get(text(one, "name"))) for one in asked]
    sums = {lock.digest(plain, [_plain(one, None) for one in locked])}
    if text(pair.asked, "apiVersion") != "v2":
        sums.add(lock.digest_of_helm_2([_plain(one, None) for one in asked]))
    if text(pair.locked, "digest") not in sums:
        yield from _differences(pair, asked, given)


def _dependencies(root: Map) -> list[Map]:
    return [one for _, one, _ in items(root, "dependencies") if isinstance(one, Map)]


def _plain(one: Map, locked: Map | None) -> dict[str, object]:
    """A dependency as Helm reads it: numbers are texts, and an alias of a repository is what the lock says it was."""
    out: dict[str, object] = {
        key: text(one, key) if isinstance(value, bool | int | float) and key != "enabled" else value for key, value in one.items()
    }
    if text(one, "repository").startswith(("@", "alias:")) and locked is not None:
        out["repository"] = text(locked, "repository")
    return out


def _differences(pair: _Pair, asked: list[Map], given: dict[str, Map]) -> Iterator[Finding]:
    """What is wrong with the lock, as exactly as can be told."""
    found = False
    for one in asked:
        name, wanted = text(one, "name"), text(one, "version")
        have = given.get(name)
        if have is None:
            found = True
            yield _finding(f"`{pair.lock}` lacks `{name}`, on which `{pair.chart}` depends", key_location(pair.locked, "digest"), one)
        elif wanted and not satisfies(text(have, "version"), wanted):
            found = True
            message = f"`{pair.lock}` has `{name}` {text(have, 'version')}, which is not in the range {wanted} of `{pair.chart}`"
            yield _finding(message, value_location(have, "version"), one)
    if not found:
        message = f"`{pair.lock}` was written for other dependencies than those of `{pair.chart}`: its digest is not theirs"
        yield _finding(message, value_location(pair.locked, "digest"), pair.asked)


def _finding(message: str, at: Location, one: Map, severity: Severity = Severity.OFF) -> Finding:
    key = "dependencies" if "dependencies" in one else "version" if "version" in one else "name"
    related = (Related(key_location(one, key), "the dependency"),)
    return Finding(
        message, at=at, related=related, help="run `helm dependency update`", severity=severity, subject=message.partition(" has ")[0]
    )


def _vendored(repository: Repository, folder: str, asked: Map, locked: Map | None) -> Iterator[Finding]:
    prefix = f"{folder}/charts/" if folder else "charts/"
    given = {text(one, "name"): text(one, "version") for one in _dependencies(locked)} if locked is not None else {}
    archives = [path.removeprefix(prefix) for path in repository.paths if path.startswith(prefix) and path.endswith(".tgz")]
    for one in _dependencies(asked):
        name = text(one, "name")
        wanted = given.get(name, text(one, "version"))
        for archive in archives:
            version = re.fullmatch(rf"{re.escape(name)}-(v?\d.*)\.tgz", archive)
            if version and not _same(version[1], wanted):
                yield _finding(
                    f"`charts/{archive}` is vendored, where {wanted} is wanted", key_location(one, "name"), one, Severity.WARNING
                )
        unpacked = _mapping(repository.documents.get(f"{prefix}{name}/Chart.yaml"))
        if unpacked is not None and "repository" in one and wanted and not _same(text(unpacked, "version"), wanted):
            message = f"`charts/{name}` is vendored as {text(unpacked, 'version')}, where {wanted} is wanted"
            yield _finding(message, key_location(one, "name"), one, Severity.WARNING)


def _same(version: str, wanted: str) -> bool:
    return not wanted or version.removeprefix("v") == wanted.removeprefix("v") or satisfies(version, wanted)
