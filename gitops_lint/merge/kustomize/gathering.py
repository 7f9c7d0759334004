"""What a kustomization gathers: bases, files, generated objects and components, and then everything that it does to them.

Source: kustomize api/internal/target/kusttarget.go, v5.8.1. One entry that cannot be had is noted and left out; the rest goes on.
"""

from __future__ import annotations

from gitops_lint.merge.kustomize.decoding import misfits
from gitops_lint.merge.kustomize.external import run_generators, run_transformers
from gitops_lint.merge.kustomize.kustomization import string
from gitops_lint.merge.kustomize.site import Site, within
from gitops_lint.merge.kustomize.steps import configure, generate_all, transform
from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.merge.kustomize.variables import bind, declared
from gitops_lint.merge.kustomize.work import Gathered, Memo, Use, Visit, Work, local, restrict

NESTED = 50  # kustomizations below each other; the deepest of 2,044 real ones has 6


def gather(site: Site, folder: str, stack: tuple[str, ...], memo: Memo) -> Gathered:
    """Everything a folder builds. Raises BuildError for a folder that has no kustomization of its own, or far too much."""
    known = memo.get(folder)
    if known is None:
        try:
            known = _gathered(site, folder, stack, memo)
        except BuildError as error:
            known = error
        memo[folder] = known
    if isinstance(known, BuildError):
        raise known
    if stack and site.kustomization(folder).component:
        made = site.kustomization(folder)
        raise BuildError("is a Component, which belongs under `components`", made.path, made.line("kind"))
    return known


def _gathered(site: Site, folder: str, stack: tuple[str, ...], memo: Memo) -> Gathered:
    work = Work(roots={folder})
    _fill(Visit(site, memo, (*stack, folder), site.kustomization(folder)), work)
    return Gathered(
        tuple(work.resources),
        work.fields,
        tuple(work.variables),
        tuple(work.uses),
        tuple(work.faults),
        frozenset(work.roots),
        tuple(work.inputs),
    )


def _fill(visit: Visit, work: Work) -> None:
    made = visit.made
    if len(visit.stack) > NESTED:
        raise BuildError(f"kustomizations are nested deeper than {NESTED}", made.path, 1)
    work.seen = None  # a component comes after other steps
    work.faults.extend(misfits(made.root, made.path))
    for value, line, _ in made.entries("resources", "bases"):
        with work.noting(made.path, line):
            _add_resource(visit, string(value, "resources"), work)
    work.uses.append(Use(made.path, "kustomization"))
    work.seen = None
    configure(visit, work)
    generate_all(visit, work)
    run_generators(visit, work, _folder)
    for value, line, _ in made.entries("components"):
        with work.noting(made.path, line):
            _add_component(visit, string(value, "components"), work)
    transform(visit, work)
    run_transformers(visit, work, _folder)
    for entry, line in made.maps("vars"):
        with work.noting(made.path, line):
            variable = declared(entry, made.path, line)
            work.declare([variable])
            bind(work.resources, variable)


def _add_resource(visit: Visit, text: str, work: Work) -> None:
    path = local(visit, text)
    if path in visit.site.files:
        restrict(visit, path)
        work.uses.append(Use(path, "objects"))
        work.append(visit.site.objects(path))
        return
    work.include(_folder(visit, path, text))


def _folder(visit: Visit, path: str, text: str) -> Gathered:
    _refuse_cycle(path, visit.stack, text)
    base = gather(visit.site, path, visit.stack, visit.memo)
    for root in base.roots:
        _refuse_cycle(root, visit.stack, text)
    return base


def _refuse_cycle(root: str, stack: tuple[str, ...], text: str) -> None:
    for visited in stack:
        if within(visited, root):
            raise BuildError(f"`{text}` leads back to `{visited}`")


def _add_component(visit: Visit, text: str, work: Work) -> None:
    path = local(visit, text)
    if path in visit.site.files:
        raise BuildError(f"`{text}` is a file, not a component's folder")
    _refuse_cycle(path, visit.stack, text)
    component = visit.site.kustomization(path)
    if not component.component:
        raise BuildError(f"`{text}` is no Component")
    work.roots.add(path)
    _fill(Visit(visit.site, visit.memo, (*visit.stack, path), component), work)
