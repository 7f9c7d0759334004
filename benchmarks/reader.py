"""Time to read a repository's YAML, as a multiple of the time that libyaml's bare events take in the same process.

Usage: python benchmarks/reader.py [FOLDER]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import yaml
from yaml._yaml import CParser

from gitops_lint.reader import read

CORPUS = Path(__file__).parents[1] / ".." / "shared" / "corpus" / "redhat-appstudio+infra-deployments"
ROUNDS = 5


def events(contents: list[bytes]) -> None:
    """Run libyaml over the contents and throw its events away."""
    for data in contents:
        following = CParser(data).get_event
        try:
            while following() is not None:
                pass
        except yaml.YAMLError:
            continue


def trees(contents: list[bytes]) -> None:
    """Read the contents and throw the documents away."""
    for data in contents:
        read(data, "")


def seconds(work: Callable[[list[bytes]], None], contents: list[bytes]) -> float:
    """The processor time that a piece of work takes."""
    start = time.process_time()
    work(contents)
    return time.process_time() - start


def main() -> None:
    """Print the ratio."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS
    contents = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.suffix in (".yaml", ".yml", ".json") and path.is_file()]
    if not contents and folder == CORPUS:
        print("skipped: the corpus is not beside this checkout")
        return
    if not contents:
        sys.exit("no YAML files there")
    bare = min(seconds(events, contents) for _ in range(ROUNDS))
    full = min(seconds(trees, contents) for _ in range(ROUNDS))
    size = sum(map(len, contents)) / 1e6
    print(f"{len(contents)} files, {size:.1f} MB, {len(contents) / full:.0f} files/s")
    print(f"events {bare:.3f} s, read {full:.3f} s: {full / bare:.2f} times as long")


if __name__ == "__main__":
    main()
