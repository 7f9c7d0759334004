"""What a terminal can show, decided once from the option, the environment and the stream."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from time import monotonic
from typing import TextIO

WIDTH = 100  # where nobody says how wide it is
_NARROW, _WIDE = 30, 200
_DUMB = ("dumb", "unknown")
# Programs known to draw OSC 8 hyperlinks, by TERM_PROGRAM or TERM; https://github.com/Alhadis/OSC8-Adoption
_LINKING = (
    "iterm.app",
    "wezterm",
    "vscode",
    "ghostty",
    "hyper",
    "tabby",
    "rio",
    "xterm-kitty",
    "xterm-ghostty",
    "alacritty",
    "foot",
    "contour",
)
_VTE = 5000  # the first version of GNOME's terminal widget that draws them


def color(option: str, environ: Mapping[str, str], *, tty: bool) -> bool:
    """Whether to paint: `--color always|never` decides, then NO_COLOR, FORCE_COLOR and CLICOLOR_FORCE, then TERM, CLICOLOR and the stream.

    A variable counts when it is not empty (no-color.org), the forcing ones when they are not `0` either (bixense.com/clicolors).
    """
    if option in ("always", "never"):
        return option == "always"
    if environ.get("NO_COLOR"):
        return False
    if _set(environ, "FORCE_COLOR") or _set(environ, "CLICOLOR_FORCE"):
        return True
    return (
        tty and environ.get("TERM", "") not in _DUMB and environ.get("CLICOLOR") != "0" and environ.get("FORCE_COLOR") not in ("0", "false")
    )


def _set(environ: Mapping[str, str], name: str) -> bool:
    return environ.get(name, "").lower() not in ("", "0", "false")


def hyperlinks(environ: Mapping[str, str], *, tty: bool) -> bool:
    """Whether to write OSC 8 hyperlinks: FORCE_HYPERLINK decides, then whether the program is known to draw them; never for a build log."""
    if "FORCE_HYPERLINK" in environ:
        return _set(environ, "FORCE_HYPERLINK")
    if not tty or environ.get("TERM", "") in _DUMB or quiet(environ):
        return False
    vte = environ.get("VTE_VERSION", "")
    names = (environ.get("TERM_PROGRAM", "").lower(), environ.get("TERM", "").lower())
    return any(name in _LINKING for name in names) or "WT_SESSION" in environ or (vte.isdecimal() and int(vte) >= _VTE)


def width(environ: Mapping[str, str], columns: int | None) -> int:
    """How many columns to fill: COLUMNS, else the terminal's own count, else 100; between 30 and 200."""
    said = environ.get("COLUMNS", "")
    wanted = int(said) if said.isdecimal() and int(said) else columns or WIDTH
    return min(max(wanted, _NARROW), _WIDE)


def quiet(environ: Mapping[str, str]) -> bool:
    """Whether nobody watches: a CI job or a pre-commit hook, which may well run on a pseudo terminal."""
    return _set(environ, "CI") or _set(environ, "PRE_COMMIT") or _set(environ, "GITHUB_ACTIONS")


class Progress:
    """One line on a terminal that says how far a long run is; it writes nothing in the first second, and leaves nothing behind."""

    def __init__(self, stream: TextIO, *, shown: bool, delay: float = 1.0, every: float = 0.1) -> None:
        self._stream = stream
        self.shown = shown
        self._next = monotonic() + delay
        self._every = every
        self._written = False

    def say(self, text: str) -> None:
        """Replace the line. `text` is ours, short, and holds nothing from a repository."""
        if self.shown and (now := monotonic()) >= self._next:
            self._next = now + self._every
            self._written = True
            self._stream.write(f"\r\x1b[K{text}")
            self._stream.flush()

    def done(self) -> None:
        """Take the line away."""
        if self._written:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._written = False


def progress(environ: Mapping[str, str], stream: TextIO | None = None, *, quieter: bool = False) -> Progress:
    """Progress on standard error, shown only on a terminal that somebody watches."""
    stream = stream or sys.stderr
    watched = stream is not None and stream.isatty() and not quiet(environ) and environ.get("TERM", "") not in _DUMB
    return Progress(stream, shown=watched and not quieter)
