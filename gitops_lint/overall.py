"""What the rules are asked about that look at more than one application or file, by their scope."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from gitops_lint.discovery.order import Order
from gitops_lint.discovery.precedences import precedences
from gitops_lint.extract.codeowners import Owners, owners
from gitops_lint.extract.collect import joined
from gitops_lint.extract.deployed import Deployed, ungoverned
from gitops_lint.extract.sops import Guarded, guarded
from gitops_lint.files import Files
from gitops_lint.model import Repository
from gitops_lint.pointer import Pointer, Template
from gitops_lint.precedence import Precedence
from gitops_lint.settings import Settings

Subjects = Mapping[type, Callable[[], Iterable[object]]]


def subjects(repository: Repository, files: Files, declared: Sequence[Order], settings: Settings) -> Subjects:
    """Each made when somebody asks; `declared` are the orders of promotion that the repository declares."""
    return {
        Pointer: lambda: joined(repository.pointers),
        Template: lambda: repository.templates,
        Repository: lambda: [repository],
        Guarded: lambda: guarded(files),
        Owners: lambda: owners(repository, files),
        Precedence: lambda: precedences(repository, declared),
        Deployed: lambda: ungoverned(repository, files, settings),
    }
