"""How findings speak of a pointer: who uses it, and its text."""

from __future__ import annotations

from gitops_lint.finding import Finding, Related
from gitops_lint.pointer import Motion, Pointer
from gitops_lint.severity import Severity


def who(pointer: Pointer, verb: str = "runs") -> str:
    """`prod runs`, `dev and qa run`, or nothing for a pointer of no environment."""
    names = pointer.environments or ((pointer.environment,) if pointer.environment else ())
    if not names:
        return ""
    return f"{listed(names)} {verb if len(names) == 1 else verb.removesuffix('s')} "


def listed(names: tuple[str, ...]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def moves(pointer: Pointer) -> str:
    """Why a pointer moves, to follow its text in a sentence."""
    return pointer.reason if pointer.motion is Motion.MOVING else "less fixed than is required here"


def about(pointer: Pointer, message: str, severity: Severity, remedy: str) -> Finding:
    """A finding about a pointer, at its place; OFF leaves the severity to the rule."""
    return Finding(
        message,
        at=pointer.at,
        key=pointer.key,
        application=pointer.application,
        environments=pointer.environments,
        related=tuple(Related(at, "the repository is set here") for at in pointer.related),
        label=pointer.reason if pointer.motion is Motion.MOVING else "",
        help=remedy,
        severity=severity,
        note=severity is Severity.INFO,
    )
