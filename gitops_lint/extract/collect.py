"""From environments and documents to pointers, each said once and with what is known of the place that it stands in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from gitops_lint.extract.argo import sources
from gitops_lint.extract.builds import builds
from gitops_lint.extract.charts import dependencies, helmfile, inflated
from gitops_lint.extract.declared import Declared, declared, versions
from gitops_lint.extract.embedded import embedded
from gitops_lint.extract.fertile import HERE, Fertile, everywhere, fertile
from gitops_lint.extract.flux import objects
from gitops_lint.extract.images import images
from gitops_lint.extract.kustomizations import image_entries, is_kustomization, kustomization
from gitops_lint.extract.pipelines import includes, lighthouse
from gitops_lint.extract.relevant import is_pipeline
from gitops_lint.extract.surroundings import LOCKS, Surroundings, is_skaffold, trace
from gitops_lint.extract.walk import UNREAD, Place, is_object, places, subject
from gitops_lint.keypath import KeyPath
from gitops_lint.model import Document, Environment
from gitops_lint.node import Map, Value
from gitops_lint.pointer import Pointer
from gitops_lint.stages import Stages

_BUILT_JUST_BEFORE = frozenset(("with", "matrix"))  # where actions are told which image to make
Met = dict[tuple[int, KeyPath], list[Pointer]]  # by the identity of a tree and its path, as long as the trees are held


def pointers(
    environment: Environment, known: Declared | None = None, worth: Fertile = everywhere, met: Met | None = None
) -> Iterator[Pointer]:
    """Every pointer in the effective values of an environment, with the environment's name, stage, rank and protection.

    What is `met` in one environment is not looked at again in another that shares it.
    """
    known = known or declared(layer.document for layer in environment.layers)
    met = {} if met is None else met
    for found in _of_values(environment, known, worth, met):
        yield replace(
            found,
            application=environment.application,
            environment=environment.name,
            environments=(environment.name,),
            stage=environment.stage,
            rank=environment.rank,
            protected=environment.protected,
        )


def _of_values(environment: Environment, known: Declared, worth: Fertile, met: Met) -> Iterator[Pointer]:
    """The pointers of an environment's effective values. What siblings share are whole objects, and what stands at the top of values."""
    if worth(environment.values) == HERE:
        yield from _at(Place((), environment.values), known)
    skip = frozenset(environment.disabled)
    for key, value in environment.values.items():
        if key in UNREAD or not worth(value):
            continue
        same = (id(value), (key,))
        if same in met and not skip:
            yield from met[same]
            continue
        found = [one for place in places(value, (key,), skip, worth) if worth(place.node) == HERE for one in _at(place, known)]
        if not skip:
            met[same] = found
        yield from found


def document_pointers(
    document: Document, stages: Stages | None = None, *, of_environment: bool = False, worth: Fertile = everywhere
) -> Iterator[Pointer]:
    """Every pointer in a document, with the stage that its path names.

    `of_environment` says that environments are made of it, so that what they take from it is in their effective values; what is left are
    the pointers that no values show: a kustomization's bases, a chart's dependencies, a pipeline's includes.
    """
    known = Declared() if of_environment else declared((document,))
    found = [one for root in document.roots for one in _in_root(document.path, root.value, known, None if of_environment else worth)]
    stage = (stages or Stages()).within(document.path.rpartition("/")[0]) if found else None
    for one in found:
        yield one if stage is None else replace(one, stage=stage.name, rank=stage.rank, protected=stage.protected)


def collect(
    environments: Iterable[Environment], documents: Iterable[Document], names: Collection[str] = (), stages: Stages | None = None
) -> tuple[Pointer, ...]:
    """All pointers of a tree: those of the environments, then those that stand elsewhere in the documents.

    `names` are the tree's paths, which tell locks, and what leads back to this repository.
    """
    environments = list(environments)
    layered = {layer.path for environment in environments for layer in environment.layers}
    documents = list(documents)
    known = declared(documents)
    worth = everywhere if known.lines or known.keys else fertile()
    met: Met = {}
    found = [pointer for environment in environments for pointer in pointers(environment, known, worth, met)]
    loose = [
        pointer
        for document in documents
        for pointer in document_pointers(document, stages, of_environment=document.path in layered, worth=worth)
    ]
    return gathered(found, loose, Surroundings.of(map(trace, documents), names))


def gathered(found: Iterable[Pointer], loose: Iterable[Pointer], around: Surroundings) -> tuple[Pointer, ...]:
    """The pointers of environments, and of those that stand loose in documents the ones that no environment has."""
    placed = list(found)
    seen = {pointer.at[:3] for pointer in placed}
    placed += [around.replaced(pointer) for pointer in loose if pointer.at[:3] not in seen]
    return around.placed(placed)


def joined(found: Iterable[Pointer]) -> list[Pointer]:
    """One pointer for each place and text: those that several environments share name them all, and take the strictest's facts."""
    out: dict[tuple[object, ...], Pointer] = {}
    for one in found:
        same = (one.application, one.at, one.kind, one.text)
        other = out.get(same)
        if other is not None:
            strictest = max(other, one, key=lambda pointer: (pointer.protected, -1 if pointer.rank is None else pointer.rank))
            out[same] = replace(strictest, environments=tuple(dict.fromkeys((*other.environments, *one.environments))))
        else:
            out[same] = one
    return list(out.values())


def _at(place: Place, known: Declared) -> Iterator[Pointer]:
    said = {pointer.at: pointer for pointer in versions(place, known)} if known.lines or known.keys else {}
    yield from said.values()
    yield from (pointer for pointer in images(place) if pointer.at not in said)
    yield from sources(place)
    if is_object(place.node):
        yield from objects(place)
        yield from inflated(place)
        yield from builds(place)
    if place.parent in ("spec", "kustomize"):
        yield from image_entries(place)
    yield from lighthouse(place)


def _in_root(path: str, value: Value, known: Declared, worth: Fertile | None) -> Iterator[Pointer]:
    """The pointers of a document; without `worth`, only those that no values show."""
    if not isinstance(value, Map) or (path.endswith(".json") and not _of_tools(value)) or is_skaffold(value):
        return
    name = path.rpartition("/")[2]
    if name in LOCKS:
        yield from dependencies(value)
    elif is_kustomization(path) and "toolkit.fluxcd" not in str(value.get("apiVersion")):
        yield from kustomization(value)
    elif is_pipeline(path):  # before helmfile: a workflow may be called `helmfile_apply.yaml`
        yield from includes(path, value)
    elif name.startswith("helmfile") or "/helmfile.d/" in f"/{path}" or ("releases" in value and "repositories" in value):
        yield from helmfile(value)
    if worth is None and is_object(value):
        yield from _declaring(Place(subject(value), value))
    if worth is not None and name not in LOCKS:
        yield from _unevaluated(path, value, known, worth)


def _declaring(place: Place) -> Iterator[Pointer]:
    """What an object points at that declares an environment, or makes its objects: it is itself none of those that values show."""
    yield from inflated(place)
    yield from objects(place)
    if str(place.node.get("kind")) in ("Application", "ApplicationSet"):
        for below in places(place.node, place.path):
            yield from sources(below)


def _unevaluated(path: str, value: Map, known: Declared, worth: Fertile) -> Iterator[Pointer]:
    told = _BUILT_JUST_BEFORE if is_pipeline(path) else frozenset()
    for place in places(value, subject(value), worth=worth):
        if worth(place.node) == HERE and told.isdisjoint(place.path):
            yield from _at(place, known)
    for key, text in embedded(path, value):
        yield from (found for place in places(text, key) for found in images(place))


def _of_tools(value: Map) -> bool:
    """Whether a JSON document is an object, or a kustomization or the like: any other was written by a program, for a program."""
    return is_object(value) or not {"resources", "images", "image", "repoURL", "srcRepoURL"}.isdisjoint(value)
