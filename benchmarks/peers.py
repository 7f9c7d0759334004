"""What yamllint and check-jsonschema take for the same files, doing less: ours is to be ten times as fast as either.

Usage: python benchmarks/peers.py [FOLDER]

Ten times as fast is the goal; exit status 1 if it is not even as fast. The other tools are run once, ours three
times with nothing remembered.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from scratch import BIN, CORPUS, Scratch, best, synthetic

TIMES = 10


def main() -> int:
    """Print the ratios; the exit status."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS
    with tempfile.TemporaryDirectory() as name:
        scratch = Scratch(Path(name))
        scratch = scratch.copied(source) if source.exists() else synthetic(scratch, 250)
        taken = [str(path.relative_to(scratch.root)) for path in scratch.yaml()]
        schema = Path(name) / "schema.json"
        schema.write_text("{}")
        ours = best(lambda: scratch.lint("--no-cache"), 3)
        print(f"{len(taken)} YAML files; gitops-lint takes {ours.cpu:.2f} s of processor, {ours.wall:.2f} s on the wall")
        kept = True
        for words in (("yamllint", "-d", "relaxed"), ("check-jsonschema", "--schemafile", str(schema))):
            if not (BIN / words[0]).exists():
                print(f"{words[0]:18} is not installed")
                continue
            other = scratch.run(BIN / words[0], *words[1:], *taken)
            ratio = max(other.cpu / ours.cpu, other.wall / ours.wall)
            kept &= ratio >= 1
            print(f"{words[0]:18} {other.cpu:7.2f} s of processor, {ratio:5.1f} x ours; the goal is {TIMES} x")
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main())
