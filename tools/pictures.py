"""Take the pictures in docs/images of what the tool shows, with a Chromium.

usage: python -m tools.pictures
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
LINES = 44  # of the terminal
_SGR = re.compile(r"\x1b\[([0-9;]*)m")
_STYLE = """
html { background: #16181d } body { margin: 0; padding: 18px 22px; background: #16181d; color: #dfe3ea }
pre { margin: 0; font: 14px/1.45 "DejaVu Sans Mono", monospace; white-space: pre-wrap }
.c1 { font-weight: bold; color: #fff } .c1-31 { color: #ff7b72; font-weight: bold } .c1-33 { color: #f2b84b; font-weight: bold }
.c1-34 { color: #6cb0ff } .c1-36 { color: #6fd3e8; font-weight: bold }
"""


def painted(text: str) -> str:
    """Terminal text as HTML, its colours as classes."""
    out, position, opened = [], 0, False
    for match in _SGR.finditer(text):
        out.append(escape(text[position : match.start()]))
        position = match.end()
        if opened:
            out.append("</span>")
        opened = match[1] not in ("", "0")
        if opened:
            out.append(f'<span class="c{match[1].replace(";", "-")}">')
    out.append(escape(text[position:]))
    return "".join(out)


def output(command: list[str], folder: Path = ROOT) -> str:
    """What a command prints, run in a folder."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120).stdout  # noqa: S603  ours


def checked(example: str, *options: str) -> str:
    """What a check of an example prints, which is copied to where no repository is."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT / example, copy)
        return output([sys.executable, "-m", "gitops_lint", "check", "--no-cache", *options], copy)


def terminal() -> str:
    """A page that looks like a terminal after `gitops-lint check` in the example shop."""
    lines = checked("examples/shop", "--color", "always").splitlines()
    shown = lines if len(lines) <= LINES else [*lines[: LINES - 2], "…", lines[-1]]
    prompt = '<span class="c1-36">$</span> gitops-lint check'
    return f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style><pre>{prompt}\n" + painted("\n".join(shown)) + "</pre>"


def report() -> str:
    """The page that `--format html` writes of the examples."""
    return checked("examples", "--format", "html", "--all")


def picture(page: str, name: str, size: str, scheme: int) -> None:
    """Show a page in a window of a size, in the dark (0) or the light (1) scheme."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("pictures: no Chromium")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.html"
        path.write_text(page, encoding="utf-8")
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder}/profile"]
        look = [f"--window-size={size}", f"--blink-settings=preferredColorScheme={scheme}", f"--screenshot={IMAGES / name}"]
        output([browser, *options, *look, path.as_uri()])


if __name__ == "__main__":
    IMAGES.mkdir(parents=True, exist_ok=True)
    picture(terminal(), "terminal.png", "1060,945", 0)
    picture(report(), "report.png", "1280,1150", 1)
    picture(report(), "report-narrow-dark.png", "500,1000", 0)
