"""Bytes to trees with exact positions, as Kubernetes reads them. The only package that parses.

What parses is imported when something is to be parsed: a run that remembers everything reads nothing.
"""

from __future__ import annotations

from gitops_lint.model import Document
from gitops_lint.reader.scalars import go_format

__all__ = ["go_format", "read", "read_env", "read_unmasked"]


def read(data: bytes, path: str) -> Document:
    """As `document.read`."""
    from gitops_lint.reader import document  # noqa: PLC0415  as said above

    return document.read(data, path)


def read_unmasked(data: bytes, path: str) -> Document:
    """As `document.read_unmasked`."""
    from gitops_lint.reader import document  # noqa: PLC0415  as said above

    return document.read_unmasked(data, path)


def read_env(data: bytes, path: str) -> Document:
    """As `envfile.read_env`."""
    from gitops_lint.reader import envfile  # noqa: PLC0415  as said above

    return envfile.read_env(data, path)
