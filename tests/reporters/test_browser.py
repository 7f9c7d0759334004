"""The page in a real browser: it runs by its own policy, filters, searches, is used by keyboard, and bears 5,000 findings."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from gitops_lint.report import Report
from gitops_lint.reporters.options import Options
from tests.reporters.example import EXAMPLE, GATED, MISSING
from tests.reporters.test_golden import rendered

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not BROWSER, reason="no Chromium to show the page in")]
ARGUMENTS = (BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars")
# Runs `steps` one after the other, each after the page's timers, and writes what they returned into the page.
DRIVER = """
const shown = () => [...document.querySelectorAll('.f:not([hidden])')];
const told = (event) => new Event(event, {bubbles: true});
const key = (k) => (document.activeElement || document.body).dispatchEvent(new KeyboardEvent('keydown', {key: k, bubbles: true}));
const type = (t) => { const box = document.getElementById('search'); box.value = t; box.dispatchEvent(told('input')); };
const choose = (name, text) => { const box = document.querySelector(`[name=${name}]`);
  box.value = [...box.options].find((option) => option.text === text).value;
  box.dispatchEvent(told('input')); };
const here = () => document.activeElement?.closest?.('.f');
const steps = [STEPS];
const said = [];
const next = (number) => {
  if (number === steps.length) {
    const pre = document.createElement('pre');
    pre.id = 'said';
    pre.textContent = JSON.stringify(said);
    document.body.append(pre);
    return;
  }
  try { said.push(steps[number]() ?? null); } catch (error) { said.push(String(error)); }
  setTimeout(next, 100, number + 1);
};
next(0);
"""


def browse(page: str, folder: Path, *arguments: str) -> str:
    path = folder / "page.html"
    path.write_text(page, encoding="utf-8")
    command = [*ARGUMENTS, f"--user-data-dir={folder / 'profile'}", *arguments, path.as_uri()]
    return subprocess.run(command, capture_output=True, check=True, timeout=120, text=True).stdout


def drive(report: Report, folder: Path, *steps: str) -> list[Any]:
    """What each step, a JavaScript expression, returned."""
    page = rendered("html", report, Options())
    page = re.sub(r"script-src [^;]*;", "script-src 'unsafe-inline';", page, count=1)  # for the driver; the policy has a test of its own
    driver = DRIVER.replace("STEPS", ",".join(f"() => {step}" for step in steps))
    dom = browse(
        page.replace("</body>", f"<script>{driver}</script></body>"),
        folder,
        f"--virtual-time-budget={1000 + 100 * len(steps)}",
        "--dump-dom",
    )
    found = re.search(r'<pre id="said">(.*?)</pre>', dom)
    assert found, "the page's script did not run to its end"
    return list(json.loads(found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")))


def test_its_own_policy_lets_its_style_and_script_run(tmp_path: Path) -> None:
    dom = browse(rendered("html", EXAMPLE, Options()), tmp_path, "--virtual-time-budget=2000", "--dump-dom")
    assert re.search(r'<small id="count" role="status">3 findings</small>', dom)


def test_filters_and_search(tmp_path: Path) -> None:
    said = drive(
        EXAMPLE,
        tmp_path,
        "shown().length",
        "type('cache')",
        "shown().length",
        "type('cache MISSING')",
        "[shown().length, document.getElementById('count').textContent]",
        "type('no such thing')",
        "[shown().length, document.getElementById('nothing').hidden]",
        "document.querySelector('form').reset()",
        "choose('rule', 'mutable-image-tag')",
        "shown().map((item) => item.classList[1])",
        "document.querySelector('form').reset()",
        "choose('environment', 'dev')",
        "shown().length",
        "document.querySelector('form').reset()",
        "document.querySelector('[value=info]').click()",
        "shown().length",
        "document.querySelector('[data-rule=missing-key]').click()",
        "shown().length",
    )
    assert [item for item in said if item is not None] == [3, 2, [1, "1 of 3 findings"], [0, False], ["warning"], 1, 2, 1]


def test_keyboard(tmp_path: Path) -> None:
    said = drive(
        EXAMPLE,
        tmp_path,
        "{ key('j'); return here().classList[1]; }",
        "{ key('j'); return here().classList[1]; }",
        "{ key('k'); return here().classList[1]; }",
        "{ document.activeElement.click(); return here().querySelector('details').open; }",
        "{ key('/'); return document.activeElement.id; }",
        "{ key('j'); return document.activeElement.id; }",
        "type('latest')",
        "shown().length",
        "key('Escape')",
        "[shown().length, document.activeElement.tagName]",
    )
    assert said == ["error", "warning", "error", True, "search", "search", None, 1, True, [3, "BODY"]]


def test_a_link_to_a_finding_opens_it_and_a_filter_cannot_hide_it(tmp_path: Path) -> None:
    said = drive(
        EXAMPLE,
        tmp_path,
        "type('latest')",
        "location.hash = document.querySelector('.f.error').id",
        "[shown().length, document.querySelector('.f.error details').open]",
    )
    assert said[-1] == [3, True]


def test_new_ones_alone(tmp_path: Path) -> None:
    report = replace(GATED, findings=(MISSING, replace(MISSING, application="web", new=False)))
    assert drive(report, tmp_path, "document.querySelector('[name=new]').click()", "shown().length")[-1] == 1


def test_theme_button(tmp_path: Path) -> None:
    press = "{ document.getElementById('theme').click(); return document.documentElement.dataset.theme; }"
    assert drive(EXAMPLE, tmp_path, press, press) == ["dark", "light"]


def test_five_thousand_findings_stay_usable(tmp_path: Path) -> None:
    many = tuple(replace(MISSING, key=("cache", f"k{number}"), message=f"`cache.k{number}` is missing in prod") for number in range(5000))
    report = replace(EXAMPLE, findings=many)
    folders = [tmp_path / "once", tmp_path / "often"]
    for folder in folders:
        folder.mkdir()
    once = seconds(lambda: drive(report, folders[0], "shown().length"))
    searches = [f"type('k{number}')" for number in range(20)]
    often = seconds(lambda: drive(report, folders[1], *searches, "shown().length"))
    assert drive(report, tmp_path, "type('cache.k4999 prod')", "shown().length")[-1] == 1
    assert often < 5 * once  # twenty searches cost no more than opening the page a few times


def seconds(work: Callable[[], object]) -> float:
    start = monotonic()
    work()
    return monotonic() - start


@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("scheme", [0, 1], ids=["dark", "light"])
def test_it_is_seen_at_every_width_in_dark_and_light(tmp_path: Path, width: int, scheme: int) -> None:
    picture = tmp_path / "page.png"
    options = (f"--window-size={width},900", f"--blink-settings=preferredColorScheme={scheme}", f"--screenshot={picture}")
    browse(rendered("html", EXAMPLE, Options()), tmp_path, *options)
    assert picture.stat().st_size > 10_000


@pytest.mark.parametrize("width", [500, 1280])
def test_nothing_sticks_out(tmp_path: Path, width: int) -> None:
    long = replace(MISSING, message="`" + "very.long.key." * 30 + "`", at=MISSING.at._replace(path="folder/" * 40 + "values.yaml"))
    report = replace(EXAMPLE, findings=(long,))
    page = rendered("html", report, Options()).replace("<details>", "<details open>")
    page = re.sub(r"script-src [^;]*;", "script-src 'unsafe-inline';", page, count=1)
    probe = "<script>document.body.dataset.wide = document.documentElement.scrollWidth - innerWidth</script></body>"
    dom = browse(page.replace("</body>", probe), tmp_path, f"--window-size={width},900", "--dump-dom")
    assert re.search(r'data-wide="(-?\d+)"', dom)
    assert int(re.search(r'data-wide="(-?\d+)"', dom)[1]) <= 0  # type: ignore[index]  # found the line above
