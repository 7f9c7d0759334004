"""A controller changes the deployed version in the cluster, and not in git.

## Why

Argo CD Image Updater writes to the Application itself unless it is told `write-back-method: git`; Keel and OpenShift's image triggers
change the workload. What runs is then in no commit: it cannot be reviewed, compared between environments, or rolled back to.

## Example

`argocd/shop.yaml`:

```yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop
  annotations:
    # warning: [version-outside-git] "Argo CD Image Updater changes the version in the cluster"
    argocd-image-updater.argoproj.io/image-list: ghcr.io/acme/shop
spec:
  source: {repoURL: "https://github.com/acme/shop", path: deploy, targetRevision: v1.0.0}
```

## How to fix

Let the controller commit: `argocd-image-updater.argoproj.io/write-back-method: git`, or Flux's image automation, or a merge request.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.extract.walk import is_object, places, subject, text
from gitops_lint.finding import Finding
from gitops_lint.keypath import KeyPath
from gitops_lint.model import Document
from gitops_lint.node import Map, value_location
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_UPDATER = "argocd-image-updater.argoproj.io/"
_OTHERS = {
    "keel.sh/policy": "Keel changes the version in the cluster",
    "image.openshift.io/triggers": "OpenShift's image triggers change the version in the cluster",
}
_LISTED = _UPDATER + "image-list"
_ANNOTATIONS = frozenset((_LISTED, *_OTHERS))


@rule(Document, category="immutability", severity=Severity.WARNING)
def check(document: Document) -> Iterator[Finding]:
    """Report the annotations and objects that hand the version over to a controller."""
    for root in document.roots:
        if is_object(root.value):
            for place in places(root.value, subject(root.value)):
                if not _ANNOTATIONS.isdisjoint(place.node) and place.parent in ("annotations", "podAnnotations"):
                    yield from _annotated(place.path, place.node)
                elif "method" in place.node and place.parent == "writeBackConfig":
                    yield from _configured(place.path, place.node)


def _annotated(path: KeyPath, node: Map) -> Iterator[Finding]:
    if _LISTED in node and not text(node, _UPDATER + "write-back-method").startswith("git"):
        message = "Argo CD Image Updater changes the version in the cluster: without `write-back-method: git` it commits nothing"
        yield Finding(message, at=value_location(node, _LISTED), key=(*path, _LISTED))
    for key, message in _OTHERS.items():
        if text(node, key) not in ("", "never", "[]"):
            yield Finding(f"{message}, and commits nothing", at=value_location(node, key), key=(*path, key))


def _configured(path: KeyPath, node: Map) -> Iterator[Finding]:
    if text(node, "method") == "argocd":
        message = "Argo CD Image Updater changes the version in the cluster, and commits nothing"
        yield Finding(message, at=value_location(node, "method"), key=(*path, "method"))
