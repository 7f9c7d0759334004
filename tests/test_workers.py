from __future__ import annotations

import marshal
import os
import subprocess
import sys
import time
from dataclasses import fields, replace
from pathlib import Path

import pytest

from gitops_lint import engine, plain, surveying, workers
from gitops_lint.finding import Facts, Finding, Fix, Lack, Related, Remove, Replace, Set
from gitops_lint.model import Role
from gitops_lint.node import Location, Opaque
from gitops_lint.settings import Settings
from gitops_lint.severity import Severity
from gitops_lint.trees.open import work_tree

EXAMPLES = Path(__file__).parents[1] / "examples"
AT = Location("apps/dev.yaml", 3, 5, 3, 9)
LACK = Lack("prod", 5, protected=True, leaves=("x", "y"))
FULL = Finding(
    "`a` is what it is",
    AT,
    ("a", "[b]"),
    "shop",
    ("dev", "prod"),
    (Related(AT, "here"), Related(AT, "set in dev", "dev")),
    aliases=("b",),
    facts=Facts("env-var", user_named=True, have=(("dev", 0), ("qa", None)), lack=(LACK,), ranked=True, marks=("hazy",)),
    fix=Fix("mend it", (Set("a", ("b",), 1.5), Remove("a", ("c",), 1), Replace("a", AT, "x", "y")), safe=True),
    severity=Severity.WARNING,
    grade=3,
    confidence=0.5,
    notes=("one", "two"),
)


@pytest.mark.parametrize("finding", [FULL, Finding("little", AT)])
def test_a_finding_comes_back_as_it_went(finding: Finding) -> None:
    back = plain.finding(plain.flat(finding))
    assert back == finding
    assert [type(getattr(back, f.name)) for f in fields(Finding)] == [type(getattr(finding, f.name)) for f in fields(Finding)]
    assert back.facts is None or isinstance(back.facts.lack[0], Lack)


def test_what_only_looks_like_text_becomes_text() -> None:
    value = plain.plain((Opaque("${X}"), Role.OWN, Severity.ERROR, AT, True, None, 1.5))
    assert marshal.loads(marshal.dumps(value)) == ("${X}", "environment", int(Severity.ERROR), tuple(AT), True, None, 1.5)  # noqa: S302


def test_findings_are_told_apart() -> None:
    assert plain.flat(FULL) != plain.flat(replace(FULL, at=AT._replace(line=4)))


@pytest.mark.skipif(workers.available() == 1, reason="one process only")
@pytest.mark.parametrize("processes", [2, 3, 5])
def test_every_task_is_done_once_and_in_order(processes: int) -> None:
    done = workers.each(list(range(200)), lambda task: (task, os.getpid()), parallel=True, processes=processes)
    assert [task for task, _ in done] == list(range(200))


@pytest.mark.skipif(workers.available() == 1, reason="one process only")
def test_what_a_worker_fails_to_do_is_done_here() -> None:
    parent = os.getpid()

    def work(task: int) -> int:
        if os.getpid() != parent:
            os._exit(3)
        return task

    assert workers.each(list(range(50)), work, parallel=True, processes=3) == list(range(50))


def test_an_error_of_a_task_is_an_error() -> None:
    def work(task: int) -> int:
        return 1 // (task - 20)

    with pytest.raises(ZeroDivisionError):
        workers.each(list(range(50)), work, parallel=True, processes=2)


def test_the_number_of_processes_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surveying, "_WORTH_A_FORK", 1)
    found = []
    for count in (1, 2, 3):
        monkeypatch.setattr(workers, "available", lambda count=count: count)
        found.append(engine.lint(work_tree(str(EXAMPLES)), Settings()).findings)
    assert found[0]
    assert found == [found[0]] * 3


@pytest.mark.skipif(workers.available() == 1, reason="one process only")
def test_a_worker_ends_with_its_parent(tmp_path: Path) -> None:
    told = tmp_path / "workers"
    script = f"""
import os, signal, time
from gitops_lint import workers
parent = os.getpid()
def work(task):
    if os.getpid() == parent:
        time.sleep(1)
        os.kill(parent, signal.SIGKILL)
    open({str(told)!r}, "a").write(str(os.getpid()) + " ")
    while True:
        time.sleep(0.1)
workers.each([1, 2], work, parallel=True, processes=2)
"""
    subprocess.run([sys.executable, "-c", script], check=False, timeout=60)
    process = int(told.read_text())
    deadline = time.monotonic() + 10
    while Path(f"/proc/{process}").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not Path(f"/proc/{process}").exists() or "Z" in Path(f"/proc/{process}/stat").read_text()
