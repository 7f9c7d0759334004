"""ApplicationSets turned into the Applications that they make, as far as files can tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gitops_lint.discovery.applicationset_generators import Scene, expand
from gitops_lint.discovery.templating import rendered, renderer
from gitops_lint.discovery.templating_holes import Bindings
from gitops_lint.discovery.templating_values import Known
from gitops_lint.files import Files
from gitops_lint.merge.argocd import merge_patch
from gitops_lint.merge.sources import embedded
from gitops_lint.merge.tables import overlay
from gitops_lint.model import Unverified
from gitops_lint.node import Map, Value, unpack

_EMPTY: tuple[object, ...] = (None, "", 0, False, {}, [])


class Declared(NamedTuple):
    """An Application: its object, the parameters it was made from, who declares it, and where."""

    application: Map
    params: dict[str, Known]
    by: str  # `ApplicationSet` or `Application`, and its name
    path: str
    line: int
    bound: Bindings
    home: tuple[str, int]  # the file and line of the object that declares it
    overlay: str = ""  # the folder of the kustomize overlay that alone makes the object so

    @property
    def name(self) -> str:
        """What the object that declares it is called."""
        return self.by.partition("`")[2].rstrip("`")


class Made(NamedTuple):
    """What becomes of an ApplicationSet: applications, what could not be evaluated, and whether they live as long as a merge request."""

    applications: tuple[Declared, ...]
    unverified: tuple[Unverified, ...]
    short_lived: bool = False


def applications(root: Map, files: Files) -> Made:
    """Every Application that the ApplicationSet in `root` makes. What depends on a cluster keeps its holes, `{{.name}}`."""
    spec = root.get("spec")
    if not isinstance(spec, Map):
        return Made((), ())
    scene = Scene(files, spec.get("goTemplate") is True)
    found = expand(spec.get("generators"), scene)
    by = f"ApplicationSet `{name(root) or '?'}`"
    home = (root.path, unpack(root.at)[0] + 1)
    out = []
    for each in found:
        template = spec.get("template")
        whole = overlay(template if isinstance(template, Map) else Map(root.path, root.at), _telling(each.template))
        made = rendered(whole, renderer(each.values, go=scene.go))
        if isinstance(made, Map):
            out.append(Declared(_patched(made, spec, each.values, scene), each.values, by, each.path, each.line, each.bound, home))
    if not out and not scene.unverified and not scene.short_lived and scene.found_nothing:
        scene.doubt(root, "the ApplicationSet's git generator finds nothing in this repository")
    return Made(tuple(out), tuple(dict.fromkeys(scene.unverified)), scene.short_lived)


def _telling(template: Map) -> Map:
    """A generator's template without what it leaves empty, which the ApplicationSet's fills in (generator_spec_processor.go)."""
    out = Map(template.path, template.at)
    for key, value in template.items():
        kept = _telling(value) if isinstance(value, Map) else value
        if kept not in _EMPTY:
            out[key] = kept
            out.key_at[key], out.value_at[key] = template.key_at.get(key, template.at), template.value_at.get(key, template.at)
    out.written, out.of = template.written, template.of
    return out


def _patched(made: Map, spec: Map, params: dict[str, Known], scene: Scene) -> Map:
    """The application with `templatePatch` over it, which only Go templates have; a patch that cannot be read leaves it as it is."""
    text = spec.get("templatePatch")
    if not scene.go or not isinstance(text, str):
        return made
    filled = renderer(params, go=True)(text)
    holder = Map(spec.path, spec.at)
    holder.update({"templatePatch": filled})
    holder.value_at = dict(spec.value_at)
    document = embedded(scene.files, holder, "templatePatch")
    patch = document.roots[0].value if document.roots else None
    if document.error is not None or not isinstance(patch, Map):
        scene.unverified.append(
            Unverified(spec.path, unpack(spec.value_at.get("templatePatch", spec.at))[0] + 1, "`templatePatch` cannot be evaluated")
        )
        return made
    return merge_patch(made, patch)


def single(root: Map) -> Declared:
    """An Application that stands in a file as it is."""
    by = f"Application `{name(root) or '?'}`"
    home = (root.path, unpack(root.at)[0] + 1)
    return Declared(root, {}, by, *home, {}, home)


def name(root: Map) -> str:
    """`metadata.name`."""
    metadata = root.get("metadata")
    found = metadata.get("name") if isinstance(metadata, Map) else None
    return str(found) if isinstance(found, str | int) else ""


def sources(application: Map) -> Iterator[Map]:
    """Where an Application gets its manifests from: its dry source, or its sources, or its one source (types.go, v3.6.0-dev)."""
    spec = application.get("spec")
    if not isinstance(spec, Map):
        return
    hydrator, several = spec.get("sourceHydrator"), spec.get("sources")
    dry: Value = hydrator.get("drySource") if isinstance(hydrator, Map) else None
    for source in [dry] if isinstance(dry, Map) else several if isinstance(several, list) and several else [spec.get("source")]:
        if isinstance(source, Map):
            yield source
