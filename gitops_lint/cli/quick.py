"""`check` with plain options, read without click: a hook that runs on every commit is not to wait for what reads a help text.

What is not understood here at once, a mistake above all, is left to click, which says the same of everything else.
"""

from __future__ import annotations

from gitops_lint import words
from gitops_lint.cli.ending import ended


def run(given: list[str]) -> int | None:
    """Check as these words say, those after `check`, and give the exit status; None if click is to read them."""
    options = words.read(given)
    if options is None:
        return None
    from gitops_lint.cli import watching  # noqa: PLC0415  most of the program, which no mistake in the words needs
    from gitops_lint.cli.checking import check  # noqa: PLC0415  as above

    path = str(options.pop("path"))
    try:
        return ended(lambda: check(path, options))
    finally:
        watching.over()
