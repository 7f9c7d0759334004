"""How findings speak of a pointer: who uses it, and its text."""

from __future__ import annotations

from gitops_lint.model import Pointer


def who(pointer: Pointer, verb: str = "runs") -> str:
    """`prod runs`, `dev and qa run`, or nothing for a pointer of no environment."""
    names = pointer.environments or ((pointer.environment,) if pointer.environment else ())
    if not names:
        return ""
    return f"{listed(names)} {verb if len(names) == 1 else verb.removesuffix('s')} "


def listed(names: tuple[str, ...]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
