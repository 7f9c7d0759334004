"""A pipeline sets configuration or versions by the command line.

## Why

`helm … --set` and `kubectl set image` put into the cluster what stands in no values file: the repository no longer says what is deployed,
environments cannot be compared, and a rollback in git does not bring the old state back.

A flag that hands on a secret of the runner has no other place, and is left alone. One finding is made for each script.

## Example

`.gitlab-ci.yml`:

```yaml
deploy:
  script:
    - helm upgrade shop charts/shop --set replicas=3 # warning: [config-in-ci] "`helm upgrade … --set replicas=…` configures"
```

## How to fix

Write the value into the environment's values file, and let the pipeline commit a new version there instead of deploying it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_lint.extract.pipelines import is_pipeline
from gitops_lint.extract.walk import Place, items, places
from gitops_lint.finding import Finding
from gitops_lint.keypath import KeyPath
from gitops_lint.model import Document
from gitops_lint.node import Location, value_location
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_HELM = re.compile(r"\bhelm\b[^\n;|&]*?\b(upgrade|install|template)\b")
_SET = re.compile(r"(?<![\w-])--set(?:-string|-json|-literal)?(?:[ =]+)[\"']?([A-Za-z_][\w.\[\]\\/-]*)=(\S*)")
_KUBECTL = re.compile(r"\b(?:kubectl|oc)\b(?:\s+-\S+(?:[ =]\S+)?)*\s+set\s+(image|env|resources)\b")
_ARGOCD = re.compile(r"\bargocd\s+app\s+set\b")
_HANDED_ON = re.compile(r"secret|passw|token|credential|clientid|client_id|apikey|api_key", re.IGNORECASE)


@rule(Document, category="immutability", severity=Severity.WARNING)
def check(document: Document) -> Iterator[Finding]:
    """Look through every script of a pipeline."""
    if not is_pipeline(document.path):
        return
    for root in document.roots:
        for place in places(root.value):
            for key, value, at in _texts(place):
                found = _first(value)
                if found is not None:
                    number, message = found
                    yield Finding(message, at=_line(at, value, number), key=key)


def _texts(place: Place) -> Iterator[tuple[KeyPath, str, Location]]:
    for name, value in place.node.items():
        if isinstance(value, str):
            yield (*place.path, name), value, value_location(place.node, name)
        for index, item, at in items(place.node, name):
            if isinstance(item, str):
                yield (*place.path, name, f"[{index}]"), item, at


def _first(script: str) -> tuple[int, str] | None:
    """The first line of a script that sets something, and what to say of it; lines that end in a backslash belong together."""
    begun, command = 0, ""
    for number, line in enumerate(script.split("\n")):
        if not command:
            begun = number
        bare = line.strip()
        command += " " + bare.removesuffix("\\")
        if bare.endswith("\\"):
            continue
        message = None if command.lstrip().startswith("#") else _set(command)
        if message:
            return begun, message
        command = ""
    return None


def _set(command: str) -> str | None:
    helm = _HELM.search(command)
    if helm or "helm_upgrade_options" in command:
        for flag in _SET.finditer(command):
            if not _HANDED_ON.search(flag[1]):
                return f"`helm {helm[1] if helm else 'upgrade'} … --set {flag[1]}=…` configures what no values file says"
    kubectl = _KUBECTL.search(command)
    if kubectl:
        return f"`kubectl set {kubectl[1]}` changes the cluster, and nothing in git"
    return "`argocd app set` changes the cluster, and nothing in git" if _ARGOCD.search(command) else None


def _line(at: Location, value: str, number: int) -> Location:
    """The place of a line of a text; a block's text begins below its indicator."""
    if "\n" not in value:
        return at
    line = at.line + 1 + number
    return Location(at.path, line, 1, line, 1)
