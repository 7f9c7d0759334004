"""How a command ends: its exit status, and what went wrong in one line."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable

from gitops_lint.cli.failure import Failure

INTERRUPTED = 130  # as a shell says it of a process that was interrupted


def ended(run: Callable[[], object]) -> int:
    """Run a command that gives its exit status; whatever it raises is told in one line, and gives 2."""
    try:
        status = run()
    except Failure as error:
        return _failed(str(error))
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # a crash must not look like findings, whose status is 1
        if os.environ.get("GITOPS_LINT_TRACEBACK"):
            raise
        return _failed(_told(error) or f"internal error ({_place(error)}); run again with GITOPS_LINT_TRACEBACK=1 and report it")
    return status if isinstance(status, int) else 0


def _failed(why: str) -> int:
    if sys.stderr is not None:
        from gitops_lint.redact import redact  # noqa: PLC0415  only what fails has to be told
        from gitops_lint.reporters.escape import show  # noqa: PLC0415  as above: names in it are a stranger's, and logs are read by programs

        try:
            print(f"gitops-lint: {show(redact(why))}", file=sys.stderr, flush=True)  # noqa: T201  it is what the user is told
        except (OSError, ValueError):
            return 2  # nobody listens
    return 2


def _place(error: Exception) -> str:
    """The kind of an error and the line of ours that it comes from; not its message, which may quote a secret."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" at {os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace is not None else ""  # noqa: PTH119
    from gitops_lint.judging import CRASHED  # noqa: PLC0415  as above

    notes = (note for note in getattr(error, "__notes__", ()) if note.startswith(CRASHED))
    return ", ".join((f"{type(error).__name__}{where}", *notes))


def _told(error: Exception) -> str:
    """What to say of an error that is no mistake of ours: a repository that broke on the way, a full disk; nothing for any other."""
    from gitops_lint.trees.entry import TreeError  # noqa: PLC0415  no command has to read it for that

    if isinstance(error, TreeError):
        return str(error)
    unwritten = isinstance(error, OSError) and error.filename is None and error.errno in (errno.ENOSPC, errno.EIO, errno.EBADF)
    return f"cannot write to standard output: {error.strerror}" if unwritten and isinstance(error, OSError) else ""
