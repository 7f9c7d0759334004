"""The names that teams give their stages, and the order in which changes travel through them.

The table is the conventional one; a configuration replaces it. A word that is not in it is no stage by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage by its canonical name, its other names, and its rank: changes travel from low to high."""

    name: str
    aliases: tuple[str, ...]
    rank: int
    protected: bool = False


CONVENTIONAL = (
    Stage("local", ("localhost",), -1),
    Stage("dev", ("develop", "development", "sandbox", "sbox", "sbx", "playground", "scratch", "experimental"), 0),
    Stage("test", ("tst", "testing", "ithc", "sit", "q0", "q1", "q2", "q3", "q4", "q5"), 1),
    Stage("int", ("integ", "integration"), 1),
    Stage("qa", ("quality", "uat", "acc", "acceptance", "rec"), 2),
    Stage("staging", ("stg", "stage", "aat", "perf", "perftest", "load"), 3),
    Stage("preprod", ("pre-prod", "pre-production", "preproduction", "pprd", "ppd", "pre", "demo"), 4),
    Stage("prod", ("prd", "production", "live", "ptl"), 5, protected=True),
)


class Stages:
    """The stages of a repository, looked up by any of their names."""

    def __init__(self, stages: Iterable[Stage] = CONVENTIONAL) -> None:
        self.all = tuple(stages)
        self._by_word = {word: stage for stage in self.all for word in (stage.name.lower(), *(a.lower() for a in stage.aliases))}

    def named(self, word: str) -> Stage | None:
        """The stage that `word`, taken whole, names."""
        return self._by_word.get(word.lower())

    def words(self) -> Iterator[str]:
        """Every known name, lower case, the longest first, so that `pre-prod` is found before `prod`."""
        return iter(sorted(self._by_word, key=lambda w: (-len(w), w)))

    def within(self, text: str) -> Stage | None:
        """The one stage that `text` names as a token of its own (`prod` in `shop-prod-eu`, not in `non-prod`, never in `product`)."""
        found = {stage.name: stage for stage in self._tokens(text)}
        return next(iter(found.values())) if len(found) == 1 else None

    def _tokens(self, text: str) -> Iterator[Stage]:
        parts = re.split(r"[^A-Za-z0-9]+", text.lower())
        for number, part in enumerate(parts):
            before = parts[number - 1] if number else ""
            if before in ("non", "not", "no"):
                continue
            joined = self._by_word.get(f"{before}-{part}") if before else None
            stage = joined or self._by_word.get(part) or self._by_word.get(part.rstrip("0123456789"))
            if stage is not None and not (number + 1 < len(parts) and f"{part}-{parts[number + 1]}" in self._by_word):
                yield stage
