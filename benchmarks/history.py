"""What the gate costs a team: ordinary commits judged twice, without configuration and under the policy that `init --learn` proposes.

Usage: python benchmarks/history.py MIRROR [--repos OWNER/NAME ...] [--commits 60] [--verbose]

MIRROR/<owner>+<name>/repo are bare git directories with history. The newest first-parent commits that touch YAML are replayed, the oldest
first; the policy is learnt at the parent of the first one, and kept. `groundless` are commits that change values only (no key path came or
went, no file either, all of them parse) in which the gate reports a parity finding nevertheless. `at rest` are the errors and warnings
about differences, but misplaced and misspelt keys, that are left in the very commit that was learnt from. The goals: groundless 0, at
rest 0; once learnt, new errors in at most 5 % of the commits and new warnings in at most 25 %. The exit status is 1 if one is missed.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from gitops_lint import engine, gate, modelled, reader
from gitops_lint.cache import Cache
from gitops_lint.cli import learning
from gitops_lint.cli.opening import Begun
from gitops_lint.config.load import load
from gitops_lint.discovery import ignored
from gitops_lint.files import Files
from gitops_lint.finding import Finding
from gitops_lint.model import Document
from gitops_lint.node import Map, Seq, Value
from gitops_lint.settings import Settings
from gitops_lint.severity import Severity
from gitops_lint.survey import Survey
from gitops_lint.trees.open import commit_tree
from gitops_lint.trees.protocol import TreeError

SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)
MISTAKES = 1  # the row of the decision table that no contract excuses
MOST = {"error": 0.05, "warning": 0.25}
POLICIES = ("plain", "learnt")


def git(folder: Path, *arguments: str) -> str:
    """What git prints."""
    command = ["git", "-C", str(folder), "-c", "core.quotepath=off", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, errors="surrogateescape").stdout


class Past:
    """A repository's commits, each read when it is asked for; the last few are kept, since one commit's head is the next one's base."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._surveys: dict[str, dict[str, Survey]] = {}  # by settings and commit
        self._documents: dict[str, Document] = {}

    def survey(self, revision: str, settings: Settings) -> Survey:
        """A commit as it is surveyed under some settings. Raises TreeError."""
        commit = git(self.folder, "rev-parse", revision).strip()
        known = self._surveys.setdefault(repr(settings), {})
        if commit not in known:
            files, last = self.files(commit), next(reversed(known.values()), None)
            files.like = last.tree if last is not None else None
            known[commit] = engine.survey(files, settings, last.remembered if last is not None else None)
            files.like = None  # or every commit would keep the one before it, and its git process
            for old in list(known)[:-3]:
                del known[old]
        return known[commit]

    def files(self, commit: str) -> Files:
        """The files of a commit, of which those that were there before are not parsed again."""
        return Files(commit_tree(str(self.folder), commit), self._parse, skip=ignored.excluded(Settings()))

    def _parse(self, data: bytes, path: str) -> Document:
        name = f"{hashlib.sha256(data).hexdigest()}:{path}"
        if name not in self._documents:
            self._documents[name] = reader.read(data, path)
        return self._documents[name]

    def learnt(self, revision: str) -> Settings:
        """The settings that `init --learn` would have proposed at a commit."""
        commit = git(self.folder, "rev-parse", revision).strip()
        git(self.folder, "update-ref", "--no-deref", "HEAD", commit)
        files = self.files(commit)
        begun = Begun(files.tree, Settings(), files, Cache(None))
        text = "\n".join(learning.lines(learning.learnt(begun, str(self.folder), modelled.build(files, Settings()))))
        return load(text.encode(), "learnt")


class Verdict(NamedTuple):
    """What one policy says of one commit."""

    new: list[Finding]
    groundless: bool


def commits(folder: Path, most: int) -> list[str]:
    """The newest commits of the main line that touch YAML, the oldest of them first."""
    which = ("--first-parent", "-m", "--min-parents=1", f"-{most}", "--diff-filter=AMD")
    found = git(folder, "log", *which, "--format=%H", "--", "*.yaml", "*.yml")
    return list(dict.fromkeys(found.split()))[::-1]


def shape(value: Value) -> frozenset[tuple[str, ...]]:
    """Every key path of a value, list items by name or position."""
    found: set[tuple[str, ...]] = set()
    stack: list[tuple[tuple[str, ...], Value]] = [((), value)]
    while stack:
        path, node = stack.pop()
        found.add(path)
        if isinstance(node, Map):
            stack += [((*path, key), child) for key, child in node.items()]
        elif isinstance(node, Seq):
            names = (str(child.get("name", i)) if isinstance(child, Map) else str(i) for i, child in enumerate(node))
            stack += [((*path, f"[{name}]"), child) for name, child in zip(names, node, strict=True)]
    return frozenset(found)


def values_only(folder: Path, commit: str, base: Files, head: Files) -> bool:
    """Whether a commit changes values in YAML files and nothing else."""
    for row in git(folder, "diff", "--name-status", "--no-renames", f"{commit}^", commit).splitlines():
        status, path = row.split("\t", 1)
        if status != "M" or not path.endswith((".yaml", ".yml")) or path not in base or path not in head:
            return False
        old, new = base.document(path), head.document(path)
        if old.error or new.error or [shape(r.value) for r in old.roots] != [shape(r.value) for r in new.roots]:
            return False
    return True


def parity(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Those that are about a difference between environments."""
    return (f for f in findings if f.facts is not None and f.facts.kind not in ("type", "empty"))


def replay(past: Past, commit: str, policies: Iterable[Settings]) -> Iterator[Verdict]:
    """What each policy says of a commit."""
    same = None
    for settings in policies:
        base, head = past.survey(f"{commit}^", settings), past.survey(commit, settings)
        same = values_only(past.folder, commit, base.tree, head.tree) if same is None else same
        new = [finding for finding in gate.weigh(base, head, settings).findings if finding.new]
        yield Verdict(new, same and any(parity(new)))


def at_rest(past: Past, revision: str, settings: Settings) -> list[Finding]:
    """What is left of the errors and warnings about differences at the commit that was learnt from."""
    found = engine.weigh(past.survey(revision, settings), settings).findings
    return [f for f in parity(found) if f.severity >= Severity.WARNING and f.grade != MISTAKES]


def measured(source: Path, most: int, tell: Callable[[str], None]) -> dict[str, Counter[str]]:
    """The counts of a repository, by policy."""
    counts = {policy: Counter[str]() for policy in POLICIES}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(["git", "clone", "-q", "--shared", "--no-checkout", str(source), name], check=True)
        past, replayed = Past(folder), commits(folder, most)
        if not replayed:
            return counts
        start = f"{replayed[0]}^"
        policies = dict(zip(POLICIES, (Settings(), past.learnt(start)), strict=True))
        for policy, settings in policies.items():
            left = at_rest(past, start, settings)
            counts[policy]["at rest"] += len(left)
            if policy == "learnt":
                counts[policy][settings.parity] += 1
                for finding in left:
                    tell(f"  left at rest: {finding.application}: {finding.message}")
        for commit in replayed:
            for policy, verdict in zip(POLICIES, replay(past, commit, policies.values()), strict=True):
                add(counts[policy], verdict)
                for finding in verdict.new:
                    if finding.severity is Severity.ERROR and policy == "learnt":
                        tell(f"  {commit[:10]} {policy} {finding.rule} row {finding.grade}: {finding.application}: {finding.message}")
                if verdict.groundless:
                    tell(f"  {commit[:10]} {policy} groundless: {[f.message for f in parity(verdict.new)][:3]}")
    return counts


def add(count: Counter[str], verdict: Verdict) -> None:
    """Count a verdict."""
    count["commits"] += 1
    count["findings"] += len(verdict.new)
    count["groundless"] += verdict.groundless
    for severity in SEVERITIES:
        count[str(severity)] += any(finding.severity is severity for finding in verdict.new)


@cache
def _names() -> tuple[str, ...]:
    return ("commits", *map(str, SEVERITIES), "groundless", "findings", "at rest")


def line(what: str, count: Counter[str]) -> str:
    """One line of the table."""
    habit = "staged" if count["staged"] == 1 and not count["together"] else ""
    return f"{what:62}" + " ".join(f"{name} {count[name]:<5}" for name in _names()) + habit


def missed(total: dict[str, Counter[str]]) -> Iterator[str]:
    """The goals that were not reached."""
    learnt = total["learnt"]
    for policy, count in total.items():
        if count["groundless"]:
            yield f"{policy}: {count['groundless']} groundless"
    if learnt["at rest"]:
        yield f"learnt: {learnt['at rest']} errors or warnings at rest"
    for severity, most in MOST.items():
        share = learnt[severity] / max(1, learnt["commits"])
        if share > most:
            yield f"learnt: new {severity}s in {share:.1%} of the commits, more than {most:.0%}"


def main() -> int:
    """Replay, print, compare with the goals."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mirror", type=Path)
    parser.add_argument("--repos", nargs="*")
    parser.add_argument("--commits", type=int, default=60)
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    total = {policy: Counter[str]() for policy in POLICIES}
    for source in sorted(arguments.mirror.glob("*/repo")):
        repository = source.parent.name.replace("+", "/", 1)
        if arguments.repos and repository not in arguments.repos:
            continue
        try:
            counts = measured(source, arguments.commits, print if arguments.verbose else lambda _line: None)
        except (TreeError, subprocess.CalledProcessError) as error:
            print(f"{repository}: left out: {error}", file=sys.stderr)
            continue
        for policy, count in counts.items():
            if count["commits"]:
                print(line(f"{repository} {policy}", count), flush=True)
            total[policy] += count
    for policy, count in total.items():
        print(line(f"all {policy}", count))
    failures = list(missed(total))
    print("\n".join(failures) or "all goals reached")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
