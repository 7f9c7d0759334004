"""The version pointers of environments and documents: everything that names something that is fetched when it is deployed."""

from __future__ import annotations

from gitops_lint.extract.collect import collect, document_pointers, joined, pointers
from gitops_lint.extract.relevant import relevant

__all__ = ["collect", "document_pointers", "joined", "pointers", "relevant"]
