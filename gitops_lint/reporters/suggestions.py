"""Fixes as other tools can apply them: exact spans with their new text, where a fix is made of nothing else."""

from __future__ import annotations

from gitops_lint.finding import Fix, Replace
from gitops_lint.redact import redact


def replacements(fix: Fix | None) -> tuple[Replace, ...]:
    """The edits of a fix that only replaces text and writes no credential; none otherwise."""
    edits = fix.edits if fix is not None else ()
    plain = tuple(edit for edit in edits if isinstance(edit, Replace) and redact(edit.new) == edit.new)
    return plain if len(plain) == len(edits) else ()
