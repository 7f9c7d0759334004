"""The entry: answers what needs no work at once, and hands on the rest."""

import os
import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    # `python -m` puts the current directory first, which may be a stranger's checkout with a `click.py` in it.
    del sys.path[0]


def main(argv: list[str] | None = None) -> int:
    """Run the command line `argv`, by default the process's own, and give its exit status."""
    words = sys.argv[1:] if argv is None else argv
    status = _answer(words)
    if status is None:
        return _run(words)
    if argv is None:
        os._exit(status)  # all is written, and tidying up would take as long as the answer took
    return status


def _answer(words: list[str]) -> int | None:
    """The exit status of what can be answered at once; None for what has to be run."""
    if words == ["--version"]:
        from gitops_lint import __version__, streams  # noqa: PLC0415  nothing is imported before it is known to be needed

        return streams.replay(0, f"gitops-lint, version {__version__}\n".encode(), b"")
    if words[:1] == ["check"]:
        from gitops_lint import boot  # noqa: PLC0415  as above

        return boot.recall(words)
    return None


def _run(words: list[str]) -> int:
    from gitops_lint import boot  # noqa: PLC0415  as above
    from gitops_lint.cli.main import main as run  # noqa: PLC0415  as above

    return boot.record(words, run) if words[:1] == ["check"] else run(words)


if __name__ == "__main__":
    sys.exit(main())
