"""Generators and transformers that are objects of their own: those that kustomize has built in are run, what others are given is noted."""

from __future__ import annotations

from collections.abc import Callable

from gitops_lint.merge.kustomize.charts import add_generator
from gitops_lint.merge.kustomize.generating import generate
from gitops_lint.merge.kustomize.kustomization import Entry, Kustomization, string
from gitops_lint.merge.kustomize.loading import objects
from gitops_lint.merge.kustomize.plugins import GENERATORS, built_in, generator, transformer
from gitops_lint.merge.kustomize.resource import Resource
from gitops_lint.merge.kustomize.steps import absorb, reader, transform
from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.merge.kustomize.work import Gathered, Use, Visit, Work, local, restrict

Gather = Callable[[Visit, str, str], Gathered]  # what the kustomization of a folder builds: the visit, the folder, how it is written


def run_generators(visit: Visit, work: Work, gather: Gather) -> None:
    """Add what the objects under `generators` make. Nothing is raised: what is not run is among the faults."""
    for entry, configs in _configs(visit, work, "generators", gather):
        for config in configs:
            with work.noting(visit.made.path, entry.line):
                kind = GENERATORS.get(config.id.kind) if built_in(config) else None
                if kind is None:
                    add_generator(visit, config, work)
                    raise BuildError(f"{_told(entry, config)} under `generators` is not run")
                made = generate(kind, generator(config), None, reader(visit, work))
                absorb(work, made._replace(configured=(config.node.path, config.id.kind, config.id.name)))


def run_transformers(visit: Visit, work: Work, gather: Gather) -> None:
    """Do what the objects under `transformers` do. Nothing is raised: what is not run is among the faults."""
    for entry, configs in _configs(visit, work, "transformers", gather):
        for config in configs:
            with work.noting(visit.made.path, entry.line):
                if not built_in(config):
                    raise BuildError(f"{_told(entry, config)} under `transformers` is not run")
                root, fields = transformer(config)
                made = Kustomization(root.path, visit.made.folder, root, {key.lower(): key for key in root}, visit.made.document)
                known, work.fields = work.fields, fields
                transform(visit._replace(made=made), work)
                work.fields = known


def _told(entry: Entry, config: Resource) -> str:
    return str(config.id) if "\n" in str(entry.value) else f"`{entry.value}`"


def _configs(visit: Visit, work: Work, field: str, gather: Gather) -> list[tuple[Entry, tuple[Resource, ...]]]:
    """The objects that entries mean, those that stand in the kustomization itself before those in files and folders."""
    inline: list[tuple[Entry, tuple[Resource, ...]]] = []
    others: list[tuple[Entry, tuple[Resource, ...]]] = []
    for entry in visit.made.entries(field):
        with work.noting(visit.made.path, entry.line):
            text = string(entry.value, field)
            if "\n" in text or text.lstrip().startswith("{"):
                document = visit.site.inline(text, entry.origin)
                inline.append((entry, objects(document, lambda: visit.site.lines(visit.made.path))))
            else:
                others.append((entry, _elsewhere(visit, work, text, gather)))
    _refuse_doubles(visit, work, field, inline + others)
    return inline + others


def _refuse_doubles(visit: Visit, work: Work, field: str, configs: list[tuple[Entry, tuple[Resource, ...]]]) -> None:
    seen = set()
    for entry, config in ((entry, config) for entry, found in configs for config in found):
        with work.noting(visit.made.path, entry.line):
            if config.id.unique in seen:
                raise BuildError(f"{config.id} stands twice under `{field}`")
        seen.add(config.id.unique)


def _elsewhere(visit: Visit, work: Work, text: str, gather: Gather) -> tuple[Resource, ...]:
    path = local(visit, text)
    if path in visit.site.files:
        restrict(visit, path)
        work.uses.append(Use(path, "patch"))
        return visit.site.objects(path)
    made = gather(visit, path, text)
    work.uses = list(dict.fromkeys((*work.uses, *made.uses)))
    work.faults.extend(fault for fault in made.faults if fault not in work.faults)
    return made.resources
