"""A scratch repository with a cache of its own, programs that are run in it, and what they take: processor time, wall time, memory."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import DEVNULL, Popen
from typing import NamedTuple

CORPUS = Path(__file__).parents[1] / ".." / "shared" / "corpus" / "redhat-appstudio+infra-deployments"
BIN = Path(sys.executable).parent
GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "core.autocrlf=false")


class Cost(NamedTuple):
    """Seconds of all processors together, seconds on the wall, and the memory of the largest process in bytes."""

    cpu: float
    wall: float
    memory: int
    status: int

    def least(self, other: Cost) -> Cost:
        """The better of each: a busy machine only ever makes them worse."""
        return Cost(min(self.cpu, other.cpu), min(self.wall, other.wall), max(self.memory, other.memory), other.status)


class Scratch:
    """A git repository in a folder that is thrown away."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "repository"
        self.cache = folder / "cache"
        self.root.mkdir(parents=True)

    def copied(self, source: Path) -> Scratch:
        """The repository with the files of a folder."""
        shutil.copytree(source, self.root, symlinks=True, dirs_exist_ok=True)
        return self.committed()

    def committed(self) -> Scratch:
        """The repository with everything in a commit."""
        for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--no-verify", "--message", "begin"]):
            self.run(*GIT, *words)
        return self

    def yaml(self) -> list[Path]:
        """Its YAML files."""
        return sorted(path for path in self.root.rglob("*") if path.suffix in (".yaml", ".yml") and path.is_file())

    def run(self, *words: str | Path) -> Cost:
        """What a program takes, and how it ended."""
        environment = {**os.environ, "GITOPS_LINT_CACHE_DIR": str(self.cache)}
        start = time.perf_counter()
        process = Popen([str(word) for word in words], cwd=self.root, env=environment, stdout=DEVNULL, stderr=DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * 1024, process.returncode)

    def lint(self, *words: str) -> Cost:
        """What ours takes."""
        return self.run(BIN / "gitops-lint", "check", *words)

    def forget(self) -> None:
        """Throw the cache away."""
        shutil.rmtree(self.cache, ignore_errors=True)


def best(work: Callable[[], Cost], rounds: int) -> Cost:
    """The least of several rounds."""
    cost = work()
    for _ in range(rounds - 1):
        cost = cost.least(work())
    return cost


def synthetic(scratch: Scratch, applications: int) -> Scratch:
    """Applications with common values and those of three environments, some of which lack something."""
    for number in range(applications):
        folder = scratch.root / "apps" / f"shop{number:04}"
        folder.mkdir(parents=True)
        common = "".join(
            f"{part}:\n  replicas: 2\n  image: {{repository: ghcr.io/acme/{part}, tag: 1.{number}}}\n" for part in ("web", "api", "job")
        )
        (folder / "values.yaml").write_text(common)
        for stage in ("dev", "qa", "prod"):
            lines = [f"host: {stage}.acme.example", "env:", *(f"  - {{name: KEY_{key}, value: '{key}{stage}'}}" for key in range(12))]
            lines += ["cache:", "  ttl: 60"] if number % 10 or stage != "prod" else []
            (folder / f"values-{stage}.yaml").write_text("\n".join(lines) + "\n")
    return scratch.committed()
