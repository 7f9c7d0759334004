"""The last steps of a build, that kustomize takes once for the outermost kustomization: hashes, references, variables, local objects.

Source: kustomize api/internal/target/kusttarget.go `makeCustomizedResMap`, v5.8.1.
"""

from __future__ import annotations

from gitops_lint.merge.kustomize.edit import copied, dropped
from gitops_lint.merge.kustomize.finishing import asked, noted, refused
from gitops_lint.merge.kustomize.gathering import gather
from gitops_lint.merge.kustomize.generating import name_hash
from gitops_lint.merge.kustomize.lettering import lettered
from gitops_lint.merge.kustomize.referring import update as update_references
from gitops_lint.merge.kustomize.resource import Resource, strings
from gitops_lint.merge.kustomize.site import Site
from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.merge.kustomize.variables import resolve as resolve_variables
from gitops_lint.merge.kustomize.work import Gathered, Memo, Work
from gitops_lint.model import Unverified
from gitops_lint.node import Map

_INTERNAL = "internal.config.kubernetes.io/"
_MARKS = ("config.kubernetes.io/path", "config.kubernetes.io/index")
_LOCAL = "config.kubernetes.io/local-config"


def build(site: Site, folder: str, memo: Memo, *, hashes: bool) -> Gathered:
    """Everything that an overlay deploys. `hashes` adds them to the names of generated objects, as kustomize does.

    Raises BuildError for a folder without a kustomization; anything less is among the faults.
    """
    made = gather(site, folder, (), memo)
    resources, faults = list(made.resources), list(made.faults)
    if hashes:
        resources = [_hashed(resource) if resource.hashed else resource for resource in resources]
    path = site.kustomization(folder).path
    try:
        update_references(resources, made.fields)
        if made.variables:
            resolve_variables(resources, list(made.variables), made.fields.varReference, Work().weigh)
    except BuildError as error:
        faults.append(Unverified(error.path or path, error.line or 1, error.reason))
    kept = tuple(_cleaned(resource) for resource in resources if strings(resource.node, "annotations").get(_LOCAL, "false") == "false")
    outermost = site.kustomization(folder)
    faults.extend(refused(outermost))
    wanted = asked(outermost)
    if wanted:
        kept = tuple(noted(resource, outermost, wanted) for resource in kept)
    return made._replace(resources=kept, faults=tuple(faults))


def _cleaned(resource: Resource) -> Resource:
    """The object without kustomize's own annotations: what is left is text, and nothing left is no annotations at all."""
    return resource.with_node(lettered(_without_marks(resource.node), ("annotations",)))


def _without_marks(node: Map) -> Map:
    """The object without the annotations that tell kustomize's own tools where it was read: kyaml/kio/kioutil/kioutil.go."""
    held = node["metadata"].get("annotations")
    marks = [key for key in held if key in _MARKS or key.startswith(_INTERNAL)] if isinstance(held, Map) else []
    if not isinstance(held, Map) or not marks:
        return node
    out, meta = copied(node), copied(node["metadata"])
    for key in marks:
        held = dropped(held, key)
    meta["annotations"] = held
    out["metadata"] = meta
    return out


def _hashed(resource: Resource) -> Resource:
    out = resource.remembering()
    node, meta = copied(out.node), copied(out.node["metadata"])
    meta["name"] = f"{meta['name']}-{name_hash(out.node)}"
    node["metadata"] = meta
    return out.with_node(node)
