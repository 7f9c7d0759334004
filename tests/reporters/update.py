"""Write the golden files anew: `python -m tests.reporters.update`, then look at the difference."""

from __future__ import annotations

from tests.reporters.test_golden import CASES, GOLDEN, rendered

if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for case, arguments in CASES.items():
        (GOLDEN / f"{case}.txt").write_text(rendered(*arguments), encoding="utf-8", newline="\n")
