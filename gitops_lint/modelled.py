"""A whole tree as objects, each part made when somebody asks: for what shows, compares and writes, where `engine` finds."""

from __future__ import annotations

from collections.abc import Iterable

from gitops_lint import assembling
from gitops_lint.extract.collect import collect
from gitops_lint.extract.relevant import worthwhile
from gitops_lint.files import Files
from gitops_lint.model import Document, Environment, Repository
from gitops_lint.settings import Settings


def build(files: Files, settings: Settings) -> Repository:
    """Everything that the files say: applications with their environments, and the pointers in them, made when somebody asks."""
    applications = assembling.applications(files, settings)

    def environments() -> list[Environment]:
        return [env for app in applications for env in app.environments]

    built = Repository(
        applications,
        lambda: _documents(environments(), files),
        lambda: collect(environments(), built.documents.values(), files.entries, settings.vocabulary()),
        paths=tuple(files.names),
    )
    return built


def _documents(environments: Iterable[Environment], files: Files) -> dict[str, Document]:
    """The documents that some environment is made of, and those that hold version pointers of their own, by path."""
    found: dict[str, Document] = {}
    for layer in (layer for env in environments for layer in env.layers if layer.path in files):
        known = found.setdefault(layer.path, layer.document)
        if not known.roots and known.error is None:
            found[layer.path] = layer.document  # what is data to one environment may be YAML to another
    others = (files.document(path) for path in files.names if path not in found and worthwhile(path, files))
    found |= {document.path: document for document in others if document.error is None}
    return dict(sorted(found.items()))
