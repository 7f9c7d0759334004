"""The entry: answers what needs no work at once, and hands on the rest."""

import os
import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    # `python -m` puts the current directory first, which may be a stranger's checkout with a `click.py` in it.
    del sys.path[0]


def main(argv: list[str] | None = None) -> int:
    """Run the command line `argv`, by default the process's own, and give its exit status."""
    words = sys.argv[1:] if argv is None else argv
    if words == ["--version"]:
        from gitops_lint import __version__, streams  # noqa: PLC0415  nothing is imported before it is known to be needed

        status = streams.replay(0, f"gitops-lint, version {__version__}\n".encode(), b"")
    elif words[:1] == ["check"]:
        from gitops_lint import boot  # noqa: PLC0415  as above

        place = boot.find_place(words)
        recalled = boot.recall(place)
        if recalled is None:
            return boot.record(place, words, _run)
        status = recalled
    else:
        return _run(words)
    if argv is None:
        os._exit(status)  # all is written, and tidying up would take as long as the answer took
    return status


def _run(words: list[str]) -> int:
    from gitops_lint.cli.main import main as run  # noqa: PLC0415  as above

    return run(words)


if __name__ == "__main__":
    sys.exit(main())
