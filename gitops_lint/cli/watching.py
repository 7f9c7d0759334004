"""How far a long run is: a line that counts the files that were read, for those who watch, and that goes before the report comes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from gitops_lint import terminal
from gitops_lint.model import Document
from gitops_lint.reporters.tally import plural

Parse = Callable[[bytes, str], Document]

_shown: list[terminal.Progress] = []  # the line of the run under way; a process runs one command


def begin(line: terminal.Progress | None = None) -> None:
    """From now on `counted` counts, if somebody watches; `line` is where, by default standard error."""
    over()
    # Not `sys.stderr`, which may be recorded, to be printed again by the next run.
    line = line or terminal.progress(os.environ, sys.__stderr__)
    if line.shown:
        _shown.append(line)


def counted(parse: Parse) -> Parse:
    """The same function, whose calls are counted where they are watched; not those of forked workers, who would write over each other."""
    if not _shown:
        return parse
    line, owner, done = _shown[-1], os.getpid(), 0

    def parsed(data: bytes, path: str) -> Document:
        nonlocal done
        done += 1
        if os.getpid() == owner:
            line.say(f"reading: {plural(done, 'file')}")
        return parse(data, path)

    return parsed


def over() -> None:
    """Take the line away: something else is to be printed."""
    while _shown:
        _shown.pop().done()
