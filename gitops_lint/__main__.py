"""The entry: answers what needs no work at once, and hands on the rest."""

import os
import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    # `python -m` puts the current directory first, which may be a stranger's checkout with a `click.py` in it.
    del sys.path[0]


def main(argv: list[str] | None = None) -> int:
    """Run the command line `argv`, by default the process's own, and give its exit status."""
    words = sys.argv[1:] if argv is None else argv
    try:
        status = _status(words)
    except KeyboardInterrupt:  # before there was anything that would have told
        status = 130
    if argv is None:
        _leave(status)
    return status


def _status(words: list[str]) -> int:
    if "_GITOPS_LINT_COMPLETE" in os.environ:  # a shell asks how a word goes on: click answers, whatever the words are
        return _run(words)
    if words == ["--version"]:
        from gitops_lint import __version__, streams  # noqa: PLC0415  nothing is imported before it is known to be needed

        return streams.replay(0, f"gitops-lint, version {__version__}\n".encode(), b"")
    if words[:1] == ["check"]:
        from gitops_lint import boot  # noqa: PLC0415  as above

        place = boot.find_place(words)
        recalled = boot.recall(place)
        return boot.record(place, words, _run) if recalled is None else recalled
    return _run(words)


def _leave(status: int) -> None:
    """End the process without tidying up: taking thousands of trees apart takes as long as reading them took."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        status = status or 2  # nobody has seen the report
    os._exit(status)


def _run(words: list[str]) -> int:
    import gc  # noqa: PLC0415  as above

    gc.disable()  # a run ends before its garbage matters, and looking for it takes a sixth of the time
    try:
        if words[:1] == ["check"]:
            from gitops_lint.cli import quick  # noqa: PLC0415  as above

            status = quick.run(words[1:])
            if status is not None:
                return status
        from gitops_lint.cli.main import main as run  # noqa: PLC0415  as above

        return run(words)
    finally:
        gc.enable()


if __name__ == "__main__":
    sys.exit(main())
