"""The version pointers of environments and documents: everything that names something that is fetched when it is deployed."""

from __future__ import annotations

from gitops_lint.extract.collect import collect, document_pointers, joined, pointers
from gitops_lint.extract.relevant import candidate, relevant, worthwhile

__all__ = ["candidate", "collect", "document_pointers", "joined", "pointers", "relevant", "worthwhile"]
