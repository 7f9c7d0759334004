"""Bytes to trees with exact positions, as Kubernetes reads them. The only package that parses."""

from __future__ import annotations

from gitops_lint.reader.document import read, read_unmasked
from gitops_lint.reader.envfile import read_env
from gitops_lint.reader.scalars import go_format

__all__ = ["go_format", "read", "read_env", "read_unmasked"]
