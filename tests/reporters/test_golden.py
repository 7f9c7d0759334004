"""The example report in every format, as it was last looked at; `python -m tests.reporters.update` writes it anew."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from gitops_lint.report import Report
from gitops_lint.reporters import FORMATS, named
from gitops_lint.reporters.options import Options
from tests.reporters.example import EXAMPLE, GATED

GOLDEN = Path(__file__).parent / "golden"
CASES = {
    **{name: (name, EXAMPLE, Options(width=80)) for name in FORMATS if name != "html"},
    "text-narrow-color": ("text", EXAMPLE, Options(color=True, hyperlinks=True, root="/repo", width=30, all=True, verbose=True)),
    **{f"{name}-statistics": (name, EXAMPLE, Options(all=True, statistics=True)) for name in ("text", "json", "markdown")},
    "gitlab-gated": ("gitlab", GATED, Options()),
}


def rendered(name: str, report: Report, options: Options) -> str:
    out = io.StringIO()
    named(name).render(report, out, options)
    return out.getvalue()


@pytest.mark.parametrize("case", CASES)
def test_as_before(case: str) -> None:
    assert rendered(*CASES[case]) == (GOLDEN / f"{case}.txt").read_text(encoding="utf-8")


def test_text_needs_nothing_heavy() -> None:
    probe = "import sys; from gitops_lint.reporters import text; print(*{'json', 'urllib.parse', 'xml.etree'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
