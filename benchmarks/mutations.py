"""Break real repositories in small ways, and see whether the linter says so: a key deleted, misspelled, moved, or of another type.

Usage: python benchmarks/mutations.py TREES [--each N] [--seed N] [--verbose]

TREES holds work trees, one in each folder. In each, keys that all peers of an environment have are taken at random and broken in that
environment's own file: the key's lines are deleted; a letter of its name is left out; its line is put beside its parent; its text becomes
a number. The broken tree is judged as a change of the whole one, and at rest. Found is what names the key, a part or a parent of it, and
that environment alone, and is not said of the whole tree. What the environment still has from another layer does not count. Printed: by
way of breaking and by layout, how many were found as a change and at rest, and how many of them as a warning or an error. Exit status 1
if a tenth of the deleted keys or more went unseen.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

from gitops_lint import engine, gate, modelled, reader
from gitops_lint.discovery import ignored
from gitops_lint.files import Files
from gitops_lint.finding import Finding
from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.lacking import trail
from gitops_lint.model import Application, Environment, Role, Setting
from gitops_lint.node import Map, Opaque, Seq
from gitops_lint.settings import Settings
from gitops_lint.severity import Severity
from gitops_lint.trees.memory import MemoryTree

WAYS = ("deleted", "misspelled", "moved", "retyped")
GOAL = 0.9
LARGEST = 1_000_000  # bytes of a file
READ = (".yaml", ".yml", ".json", ".env", ".gotmpl", ".tpl", ".properties", ".lock", ".toml")
IDENTITY = frozenset({"apiVersion", "kind", "name", "metadata", "id", "key", "host", "path", "port", "containerPort", "mountPath"})
SHORTEST = 6  # letters of a name that may be misspelled
Tree = dict[str, bytes]


class Key(NamedTuple):
    """A key that all peers have: the environment whose own file it is broken in, and where it stands there."""

    application: Application
    environment: Environment
    path: KeyPath
    setting: Setting


class Verdict(NamedTuple):
    """What was said of a broken key: the highest severity as a change and at rest, 0 for nothing."""

    way: str
    layout: str
    change: int
    rest: int
    told: str


def tree_of(folder: Path) -> Tree:
    """The files of a work tree that may be of interest."""
    out = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        wanted = name.endswith(READ) or "." not in path.name
        if not name.startswith(".git/") and wanted and path.is_file() and not path.is_symlink() and path.stat().st_size < LARGEST:
            out[name] = path.read_bytes()
    return out


def files_of(tree: Tree) -> Files:
    """The tree as the engine wants it, without what an earlier run knows."""
    return Files(MemoryTree(tree), reader.read, skip=ignored.excluded(Settings()))


def keys(application: Application) -> Iterator[Key]:
    """Every key in a file of one environment's own that its peers have, too."""
    for comparison in application.comparisons:
        readers = Counter(layer.path for env in application.environments for layer in {layer.path: layer for layer in env.layers}.values())
        for env in comparison.environments:
            own = {
                layer.path for layer in env.layers if layer.role is Role.OWN and readers[layer.path] == 1 and not layer.document.encrypted
            }
            for path, setting in settings_of(env):
                others = [other for other in comparison.environments if other is not env]
                if (
                    setting.location.path in own
                    and not setting.location.path.endswith(".json")
                    and all(has(other, path) for other in others)
                ):
                    yield Key(application, env, path, setting)


def settings_of(env: Environment) -> Iterator[tuple[KeyPath, Setting]]:
    """The keys of an environment's maps, with their paths; none that say what a thing is."""
    waiting: list[tuple[KeyPath, Map]] = [((), env.values)]
    while waiting:
        at, node = waiting.pop()
        for key, value in node.items():
            path = (*at, key)
            if path not in env.disabled and key not in IDENTITY and not key.endswith(":") and len(node) > 1:
                yield path, Setting(env, node, key)
            if isinstance(value, Map):
                waiting.append((path, value))


def has(env: Environment, path: KeyPath) -> bool:
    """Whether an environment has a key."""
    return len(list(trail(env, env.values, path))) == len(path)


def block(lines: list[str], number: int) -> tuple[int, int] | None:
    """The lines of the key that begins in a line: itself and all that is deeper, if it is alone there."""
    line = lines[number]
    indent = deep(line)
    end = number + 1
    while end < len(lines) and (not lines[end].strip() or deep(lines[end]) > indent or lines[end].startswith((" " * indent + "- ", "#"))):
        end += 1
    while not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#"):
        end -= 1
    return (number, end) if re.match(r"\s*[\w.\-/\"']+:(\s|$)", line) else None


def deep(line: str) -> int:
    """How far a line is indented."""
    return len(line) - len(line.lstrip(" "))


def broken(way: str, tree: Tree, key: Key) -> Tree | None:
    """The tree with one key broken; None if that cannot be done here."""
    at = key.setting.location
    lines = tree[at.path].decode(errors="surrogateescape").split("\n")
    name, value = str(key.setting.key), key.setting.value
    span = block(lines, at.line - 1)
    if span is None or not lines[span[0]].strip().lstrip("\"'").startswith(name):
        return None
    begin, end = span
    if way == "deleted":
        lines[begin:end] = []
    elif way == "misspelled":
        middle = len(name) // 2
        if len(name) < SHORTEST or isinstance(value, Map | Seq):
            return None
        lines[begin] = lines[begin].replace(name, name[:middle] + name[middle + 1 :], 1)
    elif way == "moved":
        parent = next((n for n in range(begin - 1, -1, -1) if lines[n].strip() and deep(lines[n]) < deep(lines[begin])), -1)
        if parent < 0 or lines[parent].lstrip().startswith(("-", "#")) or end != begin + 1:
            return None
        lines[parent:end] = [" " * deep(lines[parent]) + lines[begin].lstrip(" "), *lines[parent:begin]]
    else:
        if not isinstance(value, str) or isinstance(value, Opaque) or end != begin + 1 or re.fullmatch(r"[\d.]+\w{0,2}|true|false", value):
            return None
        lines[begin] = lines[begin].split(":", 1)[0] + ": 12345"
    text = "\n".join(lines)
    return {**tree, at.path: text.encode(errors="surrogateescape")} if valid(text) else None


def valid(text: str) -> bool:
    """Whether a text is YAML."""
    try:
        return any(event for event in yaml.parse(text, getattr(yaml, "CLoader", yaml.Loader)))
    except yaml.YAMLError:
        return False


def about(finding: Finding, key: Key) -> bool:
    """Whether a finding names a key, or what it is part of, and just its environment."""
    if finding.rule == "ambiguous-scalar" and finding.at[:2] == key.setting.location[:2]:
        return True  # a number where Kubernetes takes text says what it is without the siblings
    named = {dotted(finding.key), *finding.aliases}
    mine = dotted(key.path)
    near = any(name and (name == mine or mine.startswith((name + ".", name + "[")) or name.startswith(mine + ".")) for name in named)
    below = any(
        leaf == mine or leaf.startswith(mine + ".") for lack in (finding.facts.lack if finding.facts else ()) for leaf in lack.leaves
    )
    return (near or below) and finding.application == key.application.name and set(finding.environments) == {key.environment.name}


def judged(way: str, whole: Tree, tree: Tree, key: Key, settled: frozenset[str]) -> Verdict | None:
    """What is said of a broken tree; None if the environment has the key all the same."""
    head = files_of(tree)
    if way != "retyped":
        after = modelled.build(head, Settings())
        app = next((app for app in after.applications if app.name == key.application.name), None)
        env = next((env for env in app.environments if env.name == key.environment.name), None) if app is not None else None
        if env is None or has(env, key.path):
            return None
    change = [f for f in gate.judge(files_of(whole), files_of(tree), Settings()).findings if f.new and about(f, key)]
    rest = [f for f in engine.run(head, Settings()).findings if about(f, key) and f.message not in settled]
    told = "; ".join(f"{f.rule} {f.severity}" for f in (*change[:1], *rest[:1]))
    return Verdict(way, key.environment.system, worst(change), worst(rest), told)


def worst(findings: list[Finding]) -> int:
    """The highest severity, 0 of nothing."""
    return max((int(finding.severity) for finding in findings), default=0)


def replayed(folder: Path, each: int, dice: random.Random, *, verbose: bool) -> Iterator[Verdict]:
    """Keys of one repository, broken one by one."""
    tree = tree_of(folder)
    files = files_of(tree)
    repository = modelled.build(files, Settings())
    settled = frozenset(finding.message for finding in engine.run(files_of(tree), Settings()).findings)
    pool = [found for app in repository.applications if (found := list(keys(app)))]
    done: Counter[str] = Counter()
    for _ in range(each * 8):
        if not pool or min(done[way] for way in WAYS) >= each:
            return
        key = dice.choice(dice.choice(pool))
        for way in WAYS:
            changed = broken(way, tree, key) if done[way] < each else None
            found = judged(way, tree, changed, key, settled) if changed is not None else None
            if found is not None:
                done[way] += 1
                if verbose or not (found.change and found.rest):
                    place = f"{key.setting.location.path}:{key.setting.location.line}"
                    print(f"  {way} {folder.name} {key.environment.name} {place} {dotted(key.path)}: {found.told or 'nothing'}")
                yield found


def told(title: str, verdicts: list[Verdict]) -> str:
    """A line of the table."""
    least = int(Severity.WARNING)
    counts = [
        sum(test(v) for v in verdicts)
        for test in (lambda v: v.change > 0, lambda v: v.change >= least, lambda v: v.rest > 0, lambda v: v.rest >= least)
    ]
    return f"{title:32} {len(verdicts):4}  change {counts[0]:4} ({counts[1]} warning+)  at rest {counts[2]:4} ({counts[3]} warning+)"


def main() -> int:
    """Replay and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trees", type=Path)
    parser.add_argument("--each", type=int, default=4, help="of each repository, so many keys broken in each way")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", help="names of folders")
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    dice = random.Random(args.seed)  # noqa: S311  no secret
    every: list[Verdict] = []
    for folder in sorted(path for path in args.trees.iterdir() if path.is_dir() and (not args.only or path.name in args.only)):
        every += replayed(folder, args.each, dice, verbose=args.verbose)
    for way in WAYS:
        print(told(way, [v for v in every if v.way == way]))
        for layout in sorted({v.layout for v in every}):
            print(told(f"  {layout}", [v for v in every if (v.way, v.layout) == (way, layout)]))
    deleted = [v for v in every if v.way == "deleted"]
    seen = sum(v.change > 0 and v.rest > 0 for v in deleted)
    print(f"of {len(deleted)} deleted keys {seen} were found both ways")
    return 0 if deleted and seen > GOAL * len(deleted) else 1


if __name__ == "__main__":
    sys.exit(main())
