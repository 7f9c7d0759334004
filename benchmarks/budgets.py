"""The budgets of start-up and of whole runs, each as a ratio to something measured in the same run, and peers on the same files beside it.

Usage: python benchmarks/budgets.py [--strict] [FOLDER]

With --strict the exit status is 1 if a budget is passed. Times are the best of several; a busy machine makes all of them worse.
"""

from __future__ import annotations

import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import DEVNULL, run
from typing import NamedTuple

CORPUS = Path(__file__).parents[1] / ".." / "shared" / "corpus" / "redhat-appstudio+infra-deployments"
BIN = Path(sys.executable).parent
EVENTS = """
import sys, yaml
from pathlib import Path
from yaml._yaml import CParser
for path in Path(sys.argv[1]).rglob("*.y*ml"):
    following = CParser(path.read_bytes()).get_event
    try:
        while following() is not None: pass
    except yaml.YAMLError: pass
"""


class Budget(NamedTuple):
    """What was measured, in seconds, beside what it may cost: so many times the other thing."""

    what: str
    taken: float
    unit: str
    of: float
    most: float

    @property
    def ratio(self) -> float:
        """How many times the other thing it took."""
        return self.taken / self.of


def best(work: Callable[[], object], rounds: int) -> float:
    """The shortest of several times."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


class Bench:
    """A repository made of the corpus, a cache of its own, and programs that are run in it."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        self.root = scratch / "repository"
        self.cache = scratch / "cache"
        shutil.copytree(folder, self.root, symlinks=True)
        for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--no-verify", "--message", "begin"]):
            self.call("git", "-c", "user.name=a", "-c", "user.email=a@b.example", *words)
        self.files = sorted(path for path in self.root.rglob("*") if path.suffix in (".yaml", ".yml") and path.is_file())

    def call(self, *words: str | Path) -> int:
        """Run a program in the repository and give its exit status."""
        environment = {**os.environ, "GITOPS_LINT_CACHE_DIR": str(self.cache)}
        return run(words, cwd=self.root, env=environment, stdout=DEVNULL, stderr=DEVNULL, check=False).returncode

    def lint(self, *words: str) -> int:
        """Run ours."""
        return self.call(BIN / "gitops-lint", "check", *words)

    def cold(self) -> int:
        """Run ours with nothing remembered."""
        shutil.rmtree(self.cache, ignore_errors=True)
        return self.lint()

    def changed(self) -> int:
        """Run ours after one file has changed."""
        touched = next(path for path in self.files if path.name == "kustomization.yaml")
        touched.write_text(touched.read_text() + f"# {time.perf_counter_ns()}\n")
        return self.lint()


def measured(bench: Bench) -> list[Budget]:
    """The budgets that a repository can be held to."""
    bare = best(lambda: bench.call(sys.executable, "-c", "pass"), 15)
    events = best(lambda: bench.call(sys.executable, "-c", EVENTS, "."), 2) - bare
    module = best(lambda: bench.call(sys.executable, "-m", "gitops_lint", "--version"), 15)
    script = best(lambda: bench.call(BIN / "gitops-lint", "--version"), 15)
    cold = best(bench.cold, 2)
    warm = best(bench.lint, 10)
    changed = best(bench.changed, 5)
    return [
        Budget("--version, as a module", module, "python -c pass", bare, 1.5),
        Budget("--version, as a script", script, "python -c pass", bare, 1.5),
        Budget("check, nothing changed", warm, "python -c pass", bare, 8),
        Budget("check, one file changed", changed, "python -c pass", bare, 12),
        Budget("check, nothing remembered", cold, "libyaml's events of all YAML", events, 2),
    ]


def peers(bench: Bench, ours: float) -> None:
    """Print what others take for the same files."""
    names = [str(path.relative_to(bench.root)) for path in bench.files]
    schema = Path(__file__).parents[1] / "schemas" / "config.schema.json"
    for words in (["yamllint", "-d", "relaxed", *names], ["check-jsonschema", "--schemafile", str(schema), *names]):
        if (BIN / words[0]).exists():
            taken = best(lambda words=words: bench.call(BIN / words[0], *words[1:]), 1)  # type: ignore[misc]
            print(f"{words[0]:28} {taken:8.2f} s   {taken / ours:6.1f} × what ours takes with nothing remembered")
        else:
            print(f"{words[0]:28} is not installed")


def main() -> int:
    """Print all ratios; the exit status."""
    words = [word for word in sys.argv[1:] if word != "--strict"]
    folder = Path(words[0]) if words else CORPUS
    if not folder.exists():
        print("skipped: the corpus is not beside this checkout")
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(folder, Path(scratch))
        print(f"{folder.name}: {len(bench.files)} YAML files")
        budgets = measured(bench)
        for budget in budgets:
            verdict = "" if budget.ratio <= budget.most else "   PAST THE BUDGET"
            print(f"{budget.what:28} {budget.taken:8.3f} s   {budget.ratio:6.2f} × {budget.unit}, budget {budget.most}{verdict}")
        print(f"{'memory of the largest run':28} {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:8.0f} MB")
        peers(bench, budgets[-1].taken)
    return int("--strict" in sys.argv and any(budget.ratio > budget.most for budget in budgets))


if __name__ == "__main__":
    sys.exit(main())
