"""How well the verdicts on labelled pointers agree with the labels."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.pointers.labelled import CORPUS, in_corpus, labels, score


def main() -> None:
    """Print the number of labels by kind and verdict, and precision and recall of `moving`."""
    rows = labels()
    print(
        f"labelled: {sum(row.kind != 'none' for row in rows)} pointers, and {sum(row.kind == 'none' for row in rows)} that look like some"
    )
    for (kind, verdict), count in sorted(Counter((row.kind, row.verdict) for row in rows).items()):
        print(f"  {kind:8} {verdict:8} {count:4}")
    if not CORPUS.is_dir():
        print("the corpus is not beside this checkout")
        return
    result = score(in_corpus(rows))
    print(f"precision {result.precision:.3f} recall {result.recall:.3f}")
    for expected, found in result.wrong:
        print(f"  labelled {expected}, found {found}")


if __name__ == "__main__":
    main()
