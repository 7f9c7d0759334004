"""Where units are made: an application, or a file, is looked at by everything that looks at one of its kind alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from gitops_lint import contract, plain, recalled
from gitops_lint.assembling import origin
from gitops_lint.compare import leaves
from gitops_lint.contract import Pledge
from gitops_lint.extract.collect import Met, document_pointers, pointers
from gitops_lint.extract.declared import Declared, declared
from gitops_lint.extract.deployed import Deployed, deployed, governed, unread
from gitops_lint.extract.fertile import Fertile, everywhere, fertile
from gitops_lint.extract.relevant import candidate, worthwhile
from gitops_lint.extract.surroundings import Trace, trace
from gitops_lint.files import Files
from gitops_lint.finding import Edit, Finding, Replace, Set
from gitops_lint.judging import LARGEST, judged
from gitops_lint.keypath import dotted
from gitops_lint.lacking import trail
from gitops_lint.model import Application, Document, Environment, Layer
from gitops_lint.node import Location
from gitops_lint.plain import Plain
from gitops_lint.pointer import Pointer
from gitops_lint.policy import Policy
from gitops_lint.redact import redact, secret_name
from gitops_lint.report import sealed
from gitops_lint.settings import Settings
from gitops_lint.severity import Severity
from gitops_lint.units import FileUnit, Unit
from gitops_lint.watched import Account

_FINDINGS = 2_000  # of one rule about one application, environment or file
_POINTERS = 5_000  # in one application or file
_DECLARING = ("Application", "ApplicationSet", "Stage", "PromotionTask", "ClusterPromotionTask", "PromotionTemplate")


def declared_keys(files: Files) -> dict[str, str]:
    """The keys of values that objects of the tree declare to be versions, each with what says so."""
    return declared(files.document(path) for path in files.with_kind(_DECLARING) if candidate(path)).keys


class Desk:
    """Where units are made: the files, and what the rules are told. What one unit has shown of a file holds for the next."""

    def __init__(self, files: Files, settings: Settings, policy: Policy, keys: Mapping[str, str]) -> None:
        self.files = files
        self.settings = settings
        self.policy = policy
        self.stages = settings.vocabulary()
        self._keys = dict(keys)  # those of values that are declared to be versions
        self._worth = everywhere if keys else fertile()
        self._met: Met = {}
        self._made: dict[str, tuple[Document, FileUnit]] = {}

    def unit(self, application: Application) -> tuple[Account, Unit, dict[str, FileUnit]]:
        """What an application depends on and gives, and what those of its files give that were not looked at before."""
        view = origin(application).view
        documents = {layer.path: layer.document for env in application.environments for layer in env.layers if layer.path in self.files}
        spoken = any(document.comments for document in documents.values())
        pointers, too_many = _few(self._pointers(application, documents.values()))
        findings = [*too_many, *(self.policy.judged(sealed(finding)) for finding in self._findings(application, view))]
        told = [_told(finding, application if spoken else None) for finding in findings]
        made = {path: unit for path, unit in ((path, self._fresh(document)) for path, document in documents.items()) if unit is not None}
        private = _private(findings, pointers)
        clauses = frozenset(self._clauses(application))
        environments = tuple(map(recalled.flat, application.environments))
        opaque = plain.plain(tuple(unread(application, view))) if self.policy.of(Deployed) else ()
        pointing = tuple(map(plain.flat_pointer, pointers))
        return view.account(), Unit(environments, tuple(told), pointing, clauses, tuple(documents), private, opaque), made

    def loose(self, path: str) -> FileUnit | None:
        """What a file of no environment gives; None for one that is not worth reading, or is no YAML."""
        if not worthwhile(path, self.files):
            return None
        document = self.files.document(path)
        return None if document.error is not None else self._file(document, of_environment=False)

    def own(self, path: str) -> FileUnit:
        """What a file gives that environments are made of."""
        return self._file(self.files.document(path), of_environment=True)

    def _fresh(self, document: Document) -> FileUnit | None:
        known = self._made.get(document.path)
        if known is not None and known[0] is document:
            return None
        made = self._file(document, of_environment=True)
        self._made[document.path] = (document, made)
        return made

    def _file(self, document: Document, *, of_environment: bool) -> FileUnit:
        if document.nodes > LARGEST:
            return _unread(document)
        worth = self._worth_of((document,))
        found, too_many = _few(document_pointers(document, self.stages, of_environment=of_environment, worth=worth))
        findings = [
            *too_many,
            *(self.policy.judged(sealed(finding)) for finding in judged((document,), self.policy.of(Document), _FINDINGS)),
        ]
        return FileUnit(
            None if document.error is None else plain.plain(document.error),
            document.unreadable,
            not document.roots and document.error is None,
            plain.plain(document.comments),
            tuple(map(plain.flat, findings)),
            tuple(map(plain.flat_pointer, found)),
            plain.plain(trace(document)),
            _private(findings, found),
        )

    def _worth_of(self, documents: Iterable[Document]) -> Fertile:
        return everywhere if any(document.setters for document in documents) else self._worth

    def _findings(self, application: Application, view: Files) -> Iterator[Finding]:
        environments = application.environments
        yield from judged((application,), self.policy.of(Application), _FINDINGS)
        yield from judged(environments, self.policy.of(Environment), _FINDINGS)
        layers = {(layer.path, layer.at): layer for env in environments for layer in env.layers}
        yield from judged(layers.values(), self.policy.of(Layer), _FINDINGS)
        if self.policy.of(Deployed):
            yield from judged(deployed(application, view), self.policy.of(Deployed))
            yield from judged(governed(application, view, self.settings), self.policy.of(Deployed))
        mine = (clause for clause in self.settings.contract if contract.applies(clause, application.name))
        yield from judged((Pledge(clause, application, self.stages) for clause in mine), self.policy.of(Pledge), _FINDINGS)

    def _pointers(self, application: Application, documents: Iterable[Document]) -> Iterator[Pointer]:
        documents = list(documents)
        known = Declared(declared(documents).lines, self._keys)
        worth = self._worth_of(documents)
        for environment in application.environments:
            yield from pointers(environment, known, worth, self._met)

    def _clauses(self, application: Application) -> Iterator[int]:
        if self.settings.contract:
            paths = {dotted(path) for env in application.environments for path in leaves(env.values)}
            yield from (clause.line for clause in self.settings.contract if contract.speaks(clause, application.name, paths))


def _few(pointers: Iterator[Pointer]) -> tuple[list[Pointer], list[Finding]]:
    """The first of some pointers, as many as are looked at, and a finding that says so if there are more."""
    kept = list(islice(pointers, _POINTERS))
    if next(pointers, None) is None:
        return kept, []
    message = f"not checked: images, charts and other versions beyond the first {_POINTERS:,} of this file or application"
    return kept, [_unverifiable(message, kept[-1].at, kept[-1].application)]


def _unread(document: Document) -> FileUnit:
    """What a file gives that is too large to be looked at."""
    message = f"not checked: there are {document.nodes:,} keys and values in it, more than the {LARGEST:,} that are looked at"
    found = _unverifiable(message, Location(document.path), "")
    error = None if document.error is None else plain.plain(document.error)
    return FileUnit(
        error,
        document.unreadable,
        empty=False,
        comments=(),
        findings=(plain.flat(found),),
        pointers=(),
        trace=plain.plain(Trace()),
        private=False,
    )


def _unverifiable(message: str, at: Location, application: str) -> Finding:
    found = Finding(message, at, application=application, subject=message)
    return replace(found, rule="unverifiable", category="run", severity=Severity.ERROR)


def _private(findings: Iterable[Finding], pointers: Iterable[Pointer]) -> bool:
    """Whether something here may be a secret's value: an address with a password in it, or an edit that repeats a value."""
    mended = [found for found in findings if found.fix is not None]
    named = any(found.key and secret_name(found.key[-1]) for found in mended)
    texts = (text for found in mended if found.fix is not None for edit in found.fix.edits for text in _texts(edit))
    return named or any(map(_secret, texts)) or any(_secret(pointer.text) for pointer in pointers)


def _texts(edit: Edit) -> Iterator[str]:
    if isinstance(edit, Replace):
        yield from (edit.old, edit.new)
    elif isinstance(edit, Set) and isinstance(edit.value, str):
        yield edit.value


def _secret(text: str) -> bool:
    return redact(text) != text


def _told(finding: Finding, application: Application | None) -> Plain:
    """The finding with the places above its key, if it stands among comments."""
    above = plain.plain(tuple(above_of(application, finding))) if application is not None else ()
    return plain.flat(finding), above


def above_of(application: Application, finding: Finding) -> Iterator[Location]:
    """The places of the keys above a finding's key, in every environment that sets them."""
    names = {name for name, _ in finding.facts.have} if finding.facts is not None else set[str]()
    for env in application.environments:
        if env.name in names:
            for setting in trail(env, env.values, finding.key):
                yield setting.location
