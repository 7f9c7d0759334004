"""Several things that one environment lacks, said in one finding: each is among its aliases, and each of their leaves among its facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gitops_lint.category import TUNING
from gitops_lint.finding import Facts, Finding
from gitops_lint.keypath import KeyPath, common, dotted

_NAMED = 4  # keys that a message names; the rest are counted
_UNSAID = "unsaid"  # the mark of an environment that nothing but a name speaks for


def named(paths: Sequence[KeyPath]) -> str:
    """`a`, `b` and 3 more."""
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return f"{', '.join(f'`{dotted(path)}`' for path in paths[:_NAMED])}{more}"


def bundled(parts: Sequence[Finding], marks: tuple[str, ...]) -> Finding:
    """The findings of one environment's lacks as one, about what all of their keys are below, with the facts of the weightiest."""
    shared = common([part.key for part in parts])
    inside = (dotted(shared[1:]),) if len(shared) > 1 and shared[0].endswith(":") else ()
    aliases = tuple(dict.fromkeys((*inside, *(name for part in parts for name in (dotted(part.key), *part.aliases)))))
    facts = _facts(parts, shared)
    kept = tuple(mark for mark in facts.marks if mark == _UNSAID)
    return replace(parts[0], key=shared, aliases=aliases, facts=facts._replace(marks=(*marks, *kept)), fix=None)


def _facts(parts: Sequence[Finding], shared: KeyPath) -> Facts:
    facts = [part.facts for part in parts if part.facts is not None]
    leaves = tuple(
        dotted((*part.key[len(shared) :], *((leaf,) if leaf else ()))) if len(shared) < len(part.key) else leaf
        for part in parts
        if part.facts is not None
        for leaf in part.facts.lack[0].leaves
    )
    weightiest = max(facts, key=lambda fact: (fact.category not in TUNING, fact.user_named))
    return weightiest._replace(lack=(facts[0].lack[0]._replace(leaves=leaves),))
