"""An environment's workload uses a Secret that nothing declares there, while its siblings declare theirs.

## Why

The pod does not start: `CreateContainerConfigError`. A new Secret was sealed for dev, the reference to it came with the base, and prod was
forgotten. Secrets that are made outside the repository are declared by nobody, so nothing is said of them: a finding needs a sibling that
uses the same name and declares it.

What declares a Secret: a Secret, SealedSecret or ExternalSecret (and its target), a generator, a Certificate.

## Example

`dev/app.yaml`:

```yaml
apiVersion: v1
kind: Pod
metadata: {name: shop}
spec: {containers: [{name: shop, envFrom: [{secretRef: {name: db}}]}]}
```

`dev/db.yaml`:

```yaml
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: db}
spec: {encryptedData: {PASSWORD: AgBy3i4OJSWK0PiTySYZZA9rO43cGDEq}}
```

`prod/app.yaml`:

```yaml
apiVersion: v1
kind: Pod
metadata: {name: shop}
spec: {containers: [{name: shop, envFrom: [{secretRef: {name: db}}]}]} # error: [undeclared-secret] "the Secret `db` is used in prod"
```

## How to fix

Declare the Secret for the environment: seal it, reference it in the store, or let the base generate it.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint import lacking
from gitops_lint.compare import neutralise
from gitops_lint.finding import Finding, Related
from gitops_lint.model import Application, Environment
from gitops_lint.node import Location, Map, Opaque, Seq, Value, key_location
from gitops_lint.rule import rule

_DECLARING = ("Secret/", "SealedSecret/", "ExternalSecret/", "Certificate/")
_USES = {"secretKeyRef": "name", "secretRef": "name", "secret": "secretName"}
_USING = frozenset(_USES)
_NODES = frozenset((Map, Seq))  # by type: the reader makes no others, and isinstance takes three times as long

Places = dict[str, Location]  # by the name of a Secret, without that of its environment
Use = tuple[Map, str]  # a mapping, and its key that holds the name of a Secret


@rule(Application, category="consistency")
def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each Secret that some environments use undeclared and others declare."""
    shared: dict[int, list[Use]] = {}  # by the identity of objects: siblings have many in common
    for comparison in (found for found in application.comparisons if not found.weak):
        known = [(env, _used(env, shared), _declared(env)) for env in comparison.environments]
        for name in dict.fromkeys(name for _, used, _ in known for name in used):
            have = [(env, declared[name]) for env, used, declared in known if name in used and name in declared]
            lack = [(env, used[name]) for env, used, declared in known if name in used and name not in declared and not env.hazy]
            if have and lack:
                yield _finding(application, name.replace("{env}", lack[0][0].name), have, lack)


def _finding(
    application: Application, name: str, have: list[tuple[Environment, Location]], lack: list[tuple[Environment, Location]]
) -> Finding:
    without = lacking.listed(env.name for env, _ in lack)
    return Finding(
        f"the Secret `{name}` is used in {without}, and declared only in {lacking.listed(env.name for env, _ in have)}",
        at=lack[0][1],
        application=application.name,
        environments=tuple(env.name for env, _ in lack),
        related=tuple(Related(at, f"declared in {env.name}", env.name) for env, at in have),
        subject=name,
    )


def _used(env: Environment, shared: dict[int, list[Use]]) -> Places:
    """The Secrets that objects refer to, those that may be absent left out."""
    out: Places = {}
    for subject, value in reversed(env.values.items()):
        if subject.endswith(":") and not subject.startswith(_DECLARING):
            if id(value) not in shared:
                shared[id(value)] = list(_uses(value))
            for node, field in shared[id(value)]:
                out.setdefault(neutralise(node[field], env), key_location(node, field))
    return out


def _uses(root: Value) -> Iterator[Use]:
    """Where an object refers to Secrets."""
    waiting: list[Value] = [root]
    while waiting:
        node = waiting.pop()
        if type(node) is Seq:
            waiting += node
        elif type(node) is Map:
            if not _USING.isdisjoint(node):
                yield from ((node[key], field) for key, field in _USES.items() if key in node and _names(node[key], field))
            waiting += [value for value in node.values() if type(value) in _NODES]


def _names(value: Value, field: str) -> bool:
    name = value.get(field) if isinstance(value, Map) else None
    return isinstance(value, Map) and isinstance(name, str) and not isinstance(name, Opaque) and value.get("optional") is not True


def _declared(env: Environment) -> Places:
    out: Places = {}
    for subject, value in env.values.items():
        if subject.startswith(_DECLARING) and isinstance(value, Map):
            names = [subject.partition("/")[2].rstrip(":"), *_targets(value)]
            for name in names:
                out.setdefault(neutralise(name, env), key_location(env.values, subject))
    return out


def _targets(value: Map) -> Iterator[str]:
    """The names under which an ExternalSecret, a SealedSecret or a Certificate has its Secret made, if they say."""
    spec = value.get("spec")
    if not isinstance(spec, Map):
        return
    target, template = spec.get("target"), spec.get("template")
    metadata = template.get("metadata") if isinstance(template, Map) else None
    for node, field in ((target, "name"), (metadata, "name"), (spec, "secretName")):
        name = node.get(field) if isinstance(node, Map) else None
        if isinstance(name, str):
            yield name
