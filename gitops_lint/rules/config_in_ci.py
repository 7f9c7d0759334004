"""A pipeline sets configuration or versions by the command line.

## Why

`helm … --set` and `kubectl set image` put into the cluster what stands in no values file: the repository no longer says what is deployed,
environments cannot be compared, and a rollback in git does not bring the old state back.

A flag that hands on a secret of the runner has no other place, and is left alone. One finding is made for each script. A variable that the
jobs of several environments set to different texts is configuration, too, and is noted.

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

from gitops_lint.extract.relevant import is_pipeline
from gitops_lint.extract.walk import Place, items, places, text
from gitops_lint.extract.words import listed
from gitops_lint.finding import Finding, Related
from gitops_lint.keypath import KeyPath
from gitops_lint.model import Document
from gitops_lint.node import Location, Map, key_location, value_location
from gitops_lint.regex import regex
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_HELM = regex(r"\bhelm\b[^\n;|&]{0,300}?\b(upgrade|install|template)\b")
_SET = regex(r"(?<![\w-])--set(?:-string|-json|-literal)?(?:[ =]+)[\"']?([A-Za-z_][\w.\[\]\\/-]*)=(\S*)")
_KUBECTL = regex(r"\b(?:kubectl|oc)\b(?:\s+-\S{1,100}+(?:\s+[^-\s]\S{0,200}+)?){0,12}\s+set\s+(image|env|resources)\b")
_ARGOCD = regex(r"\bargocd\s+app\s+set\b")
_THROWN_AWAY = regex(  # a cluster that a job makes for itself, to try something
    r"\b(?:kind create cluster|k3d cluster create|minikube start|(?:kind|k3d)-action|setup-(?:kind|minikube))\b"
)
_TRIED = re.compile(r"\bhelm lint\b|\bct lint\b|\bkube(?:conform|val|-score|-linter)\b|\bconftest\b")  # what a chart renders is looked at
_LONGEST = 10_000  # no command that somebody wrote is longer
_HANDED_ON = regex(r"secret|passw|token|credential|clientid|client_id|apikey|api_key", re.IGNORECASE)


@rule(Document, category="immutability", severity=Severity.WARNING)
def check(document: Document) -> Iterator[Finding]:
    """Look through every script of a pipeline."""
    if not is_pipeline(document.path):
        return
    for root in document.roots:
        said = [entry for place in places(root.value) for entry in _texts(place)]
        trials = {_job(key) for key, value, _ in said if _THROWN_AWAY.search(value)}
        tried = {_job(key) for key, value, _ in said if _TRIED.search(value)}
        for key, value, at in said:
            if _job(key) not in trials:
                found = _first(value, tried=_job(key) in tried)
                if found is not None:
                    number, message = found
                    yield Finding(message, at=_line(at, value, number), key=key)
        if isinstance(root.value, Map):
            yield from _variables(root.value)


def _job(key: KeyPath) -> KeyPath:
    return key[:2] if key[0] == "jobs" else key[:1]


def _variables(root: Map) -> Iterator[Finding]:
    """The variables that jobs of different environments set to different texts; what holds a `$` is handed on."""
    jobs = root.get("jobs")
    settings: dict[str, list[tuple[str, Map]]] = {}
    for job in (jobs if isinstance(jobs, Map) else root).values():
        variables = job.get("variables", job.get("env")) if isinstance(job, Map) else None
        if not isinstance(variables, Map) or not (environment := _environment(job)):
            continue
        for name in variables:
            if "$" not in text(variables, name):
                settings.setdefault(name, []).append((environment, variables))
    for name, places_of in settings.items():
        if len({environment for environment, _ in places_of}) > 1 and len({text(node, name) for _, node in places_of}) > 1:
            (first, node), *others = places_of
            where = listed((first, *(environment for environment, _ in others)))
            related = tuple(Related(key_location(other, name), f"set for {environment}", environment) for environment, other in others)
            message = f"`{name}` is configured by the pipeline, differently for {where}"
            yield Finding(message, at=key_location(node, name), related=related, severity=Severity.INFO, subject=name)


def _environment(job: Map) -> str:
    named = job.get("environment")
    return text(named, "name") if isinstance(named, Map) else text(job, "environment")


def _texts(place: Place) -> Iterator[tuple[KeyPath, str, Location]]:
    for name, value in place.node.items():
        if isinstance(value, str):
            yield (*place.path, name), value, value_location(place.node, name)
        for index, item, at in items(place.node, name):
            if isinstance(item, str):
                yield (*place.path, name, f"[{index}]"), item, at


def _first(script: str, *, tried: bool) -> tuple[int, str] | None:
    """The first line of a script that sets something, and what to say of it; lines that end in a backslash belong together.

    Where charts are `tried`, what `helm template` is told counts for nothing.
    """
    begun, command = 0, ""
    for number, line in enumerate(script.split("\n")):
        if not command:
            begun = number
        bare = line.strip()
        command += " " + bare.removesuffix("\\")
        if bare.endswith("\\"):
            continue
        message = None if command.lstrip().startswith("#") else _set(command, tried=tried)
        if message:
            return begun, message
        command = ""
    return None


def _set(command: str, *, tried: bool) -> str | None:
    if len(command) > _LONGEST:
        return None
    helm = _HELM.search(command)
    if helm and helm[1] == "template" and (tried or "/dev/null" in command):
        return None
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
