"""A change alters a field that Kubernetes does not let anyone change once the object exists.

## Why

A Deployment's selector, a StatefulSet's volume claims, a StorageClass's parameters are fixed when the object is created. The change is
accepted in the merge request and refused by the API server, environment by environment, and the sync is stuck until somebody deletes the
object by hand.

## Example

`base` `dev/deployment.yaml`:

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  selector: {matchLabels: {app: shop}}
```

`base` `prod/deployment.yaml`:

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  selector: {matchLabels: {app: shop}}
```

`dev/deployment.yaml`:

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  selector: {matchLabels: {app: store}} # error: [immutable-field-changed] "`Deployment/shop:spec.selector` cannot be changed"
```

`prod/deployment.yaml`:

```yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  selector: {matchLabels: {app: shop}}
```

## How to fix

Leave the field as it is, or give the object another name so that a new one takes its place. Where the tool may delete and create it anew
(`argocd.argoproj.io/sync-options: Force=true,Replace=true`, `kustomize.toolkit.fluxcd.io/force: enabled`, a hook), or Flux is told so of
its folder (`force: true`), nothing is reported.

The fields are those that the API server's validation refuses to update (kubernetes, pkg/apis/*/validation/validation.go, v1.33).
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint import lacking
from gitops_lint.finding import Finding
from gitops_lint.impact import Effect, effected
from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.model import Change, Environment, Pair, Repository
from gitops_lint.node import Location, Map, Value
from gitops_lint.rule import rule

_SELECTOR = (("spec", "selector"),)
_FIELDS: dict[str, tuple[KeyPath, ...]] = {
    "ClusterRoleBinding": (("roleRef",),),
    "CSIDriver": (("spec", "attachRequired"), ("spec", "fsGroupPolicy"), ("spec", "volumeLifecycleModes")),
    "CustomResourceDefinition": (("spec", "group"), ("spec", "scope"), ("spec", "names", "plural"), ("spec", "names", "kind")),
    "DaemonSet": _SELECTOR,
    "Deployment": _SELECTOR,
    "IngressClass": (("spec", "controller"),),
    "Job": (("spec", "selector"), ("spec", "template"), ("spec", "completionMode"), ("spec", "podFailurePolicy")),
    "PersistentVolumeClaim": tuple(
        ("spec", name) for name in ("accessModes", "dataSource", "selector", "storageClassName", "volumeMode", "volumeName")
    ),
    "PriorityClass": (("value",), ("preemptionPolicy",)),
    "ReplicaSet": _SELECTOR,
    "RoleBinding": (("roleRef",),),
    "RuntimeClass": (("handler",),),
    "Secret": (("type",),),
    "Service": (("spec", "clusterIP"), ("spec", "healthCheckNodePort")),
    "StatefulSet": tuple(("spec", name) for name in ("podManagementPolicy", "selector", "serviceName", "volumeClaimTemplates")),
    "StorageClass": (("parameters",), ("provisioner",), ("reclaimPolicy",), ("volumeBindingMode",)),
}
_FROZEN = (("binaryData",), ("data",), ("stringData",))  # of a ConfigMap or a Secret that says `immutable: true`
_REPLACED = {
    "argocd.argoproj.io/hook": "",
    "argocd.argoproj.io/sync-options": "force=true",
    "helm.sh/hook": "",
    "kustomize.toolkit.fluxcd.io/force": "enabled",
}


@rule(Change, category="immutability")
def check(change: Change) -> Iterator[Finding]:
    """Yield a finding for each field of each object that cannot be changed and is, naming all environments in which it is."""
    forced: tuple[str, ...] | None = None
    for pair in change.altered:
        if pair.before is not None:
            by_field: dict[KeyPath, list[tuple[Environment, Effect]]] = {}
            for env, effect, field in _changed(pair):
                forced = tuple(_forced(change.head)) if forced is None else forced
                if not f"{env.evidence.path}/".startswith(forced):
                    by_field.setdefault(field, []).append((env, effect))
            yield from (_finding(pair, field, found) for field, found in by_field.items())


def _forced(repository: Repository) -> Iterator[str]:
    """The folders that Flux builds and makes anew what it cannot update (`force`), as far as no variable is a part of them."""
    for document in repository.documents.values():
        for root in document.roots:
            spec = root.value.get("spec") if isinstance(root.value, Map) and root.value.get("kind") == "Kustomization" else None
            path = spec.get("path") if isinstance(spec, Map) and spec.get("force") is True else None
            if isinstance(path, str):
                yield path.partition("${")[0].removeprefix("./").lstrip("/").rstrip("/") + "/"


def _changed(pair: Pair) -> Iterator[tuple[Environment, Effect, KeyPath]]:
    """Each environment and effect within a field that cannot be changed, and that field."""
    known = {env.name: env for env in pair.before.environments} if pair.before is not None else {}
    for env in pair.after.environments:
        before = known.get(env.name)
        for effect in effected(before, env) if before is not None else ():
            subject = effect.path[0]
            old, new = (side.values.get(subject) for side in (before, env) if side is not None)
            if isinstance(old, Map) and isinstance(new, Map) and not _made_anew(new):
                field = next((f for f in _fields(subject, old) if effect.path[1 : 1 + len(f)] == f), None)
                if field is not None:
                    yield env, effect, (subject, *field)


def _fields(subject: str, old: Map) -> tuple[KeyPath, ...]:
    kind = subject.partition("/")[0].rstrip(":")
    frozen = _FROZEN if kind in ("ConfigMap", "Secret") and old.get("immutable") is True else ()
    return _FIELDS.get(kind, ()) + frozen if subject.endswith(":") else ()


def _made_anew(node: Map) -> bool:
    """Whether an object says that it may be deleted and created again."""
    metadata = node.get("metadata")
    annotations: Value = metadata.get("annotations") if isinstance(metadata, Map) else None
    if not isinstance(annotations, Map):
        return False
    said = {name: str(annotations[name]).lower() for name in _REPLACED if name in annotations}
    return any(_REPLACED[name] in value for name, value in said.items())


def _finding(pair: Pair, field: KeyPath, found: list[tuple[Environment, Effect]]) -> Finding:
    names = tuple(dict.fromkeys(env.name for env, _ in found))
    env, effect = found[0]
    return Finding(
        f"`{dotted(field)}` cannot be changed once the object exists: the API server refuses the update",
        at=_place(env, effect),
        key=field,
        application=pair.after.name,
        environments=names,
    )


def _place(env: Environment, effect: Effect) -> Location:
    """Where the value stands now, or, if it is gone, the nearest thing above it that is left."""
    return effect.after.setting.location if effect.after is not None else lacking.would_go(env, effect.path)
