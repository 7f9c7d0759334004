from __future__ import annotations

import io
from pathlib import Path

import pytest

from gitops_lint import terminal
from gitops_lint.cli import watching
from gitops_lint.cli.main import main
from gitops_lint.model import Document
from gitops_lint.terminal import Progress, color, hyperlinks, progress, width


@pytest.mark.parametrize(
    ("option", "environ", "tty", "expected"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("always", {"NO_COLOR": "1", "TERM": "dumb"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),  # "when present and not an empty string"
        ("auto", {"NO_COLOR": "0"}, True, False),  # "regardless of its value"
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": "3"}, False, True),
        ("auto", {"FORCE_COLOR": "0"}, True, False),
        ("auto", {"FORCE_COLOR": ""}, False, False),
        ("auto", {"CLICOLOR_FORCE": "1"}, False, True),
        ("auto", {"CLICOLOR_FORCE": "0"}, True, True),
        ("auto", {"CLICOLOR_FORCE": "0"}, False, False),
        ("auto", {"CLICOLOR": "0"}, True, False),
        ("auto", {"CLICOLOR": "1"}, False, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {"TERM": "dumb", "FORCE_COLOR": "1"}, True, True),
        ("auto", {"TERM": "xterm-256color"}, True, True),
    ],
)
def test_color(option: str, environ: dict[str, str], tty: bool, expected: bool) -> None:  # noqa: FBT001
    assert color(option, environ, tty=tty) is expected


@pytest.mark.parametrize(
    ("environ", "tty", "expected"),
    [
        ({}, True, False),
        ({"TERM_PROGRAM": "WezTerm"}, True, True),
        ({"TERM_PROGRAM": "WezTerm"}, False, False),
        ({"TERM": "xterm-kitty"}, True, True),
        ({"VTE_VERSION": "6003"}, True, True),
        ({"VTE_VERSION": "4205"}, True, False),
        ({"WT_SESSION": "x"}, True, True),
        ({"TERM_PROGRAM": "vscode", "CI": "true"}, True, False),
        ({"FORCE_HYPERLINK": "1"}, False, True),
        ({"FORCE_HYPERLINK": "0", "TERM": "xterm-kitty"}, True, False),
    ],
)
def test_hyperlinks(environ: dict[str, str], tty: bool, expected: bool) -> None:  # noqa: FBT001
    assert hyperlinks(environ, tty=tty) is expected


@pytest.mark.parametrize(
    ("environ", "columns", "expected"),
    [
        ({}, None, 100),
        ({}, 80, 80),
        ({"COLUMNS": "72"}, 80, 72),
        ({"COLUMNS": "x"}, 80, 80),
        ({"COLUMNS": "0"}, 80, 80),
        ({}, 5, 30),
        ({}, 900, 200),
    ],
)
def test_width(environ: dict[str, str], columns: int | None, expected: int) -> None:
    assert width(environ, columns) == expected


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environ", "stream", "shown"),
    [
        ({}, Terminal(), True),
        ({}, io.StringIO(), False),
        ({"CI": "true"}, Terminal(), False),
        ({"CI": "false"}, Terminal(), True),
        ({"PRE_COMMIT": "1"}, Terminal(), False),
        ({"TERM": "dumb"}, Terminal(), False),
    ],
)
def test_progress_is_for_those_who_watch(environ: dict[str, str], stream: io.StringIO, shown: bool) -> None:  # noqa: FBT001
    made = progress(environ, stream)
    made._next = 0  # noqa: SLF001  a long run
    made.say("1 of 2")
    made.done()
    assert stream.getvalue() == ("\r\x1b[K1 of 2\r\x1b[K" if shown else "")


def test_a_short_run_says_nothing() -> None:
    stream = Terminal()
    made = Progress(stream, shown=True)
    made.say("1 of 2")
    made.done()
    assert not stream.getvalue()


def test_a_long_run_counts_what_it_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("dev", "qa", "prod"):
        (tmp_path / f"values-{name}.yaml").write_text("a: 1\nb: 2\n")
    stream = Terminal()
    monkeypatch.setattr(terminal, "progress", lambda *_: Progress(stream, shown=True, delay=0, every=0))
    assert main(["check", "--no-cache", str(tmp_path)]) == 0
    shown = stream.getvalue()
    assert "reading: 1 file" in shown
    assert "reading: 3 files" in shown
    assert shown.endswith("\r\x1b[K")
    assert "reading" not in capsys.readouterr().out
    assert main(["check", "--no-cache", "--quiet", str(tmp_path)]) == 0
    assert stream.getvalue() == shown


def test_nobody_watches_a_pipe() -> None:
    watching.begin(Progress(Terminal(), shown=False))
    assert watching.counted(read) is read


def read(_data: bytes, path: str) -> Document:
    return Document(path)
