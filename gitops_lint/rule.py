"""A rule is a pure function of one model object, and the type of that object is its whole declaration of need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from gitops_lint.finding import Finding
from gitops_lint.severity import Severity

Scope = TypeVar("Scope")
Options = TypeVar("Options")
Check = Callable[[Scope, Options], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule(Generic[Scope, Options]):
    """A check with everything that is known about it. `name` is the file's name, in kebab-case."""

    name: str
    category: str
    scope: type[Scope]
    severity: Severity
    options: Callable[[], Options]
    check: Check[Scope, Options]
    page: str  # the module's docstring
    locked: bool = False

    @property
    def summary(self) -> str:
        """The first line of the page."""
        return self.page.strip().partition("\n")[0]


class NoOptions:
    """What a rule without options is given."""


def rule(
    scope: type[Scope], *, category: str, severity: Severity = Severity.ERROR, options: type[Options] | None = None
) -> Callable[[Callable[..., Iterator[Finding]]], Rule[Scope, Any]]:
    """Make a rule of a `check(object)` or, when it has `options`, of a `check(object, options)` function.

    `severity` is the default of its findings; those that carry `facts` are graded instead (design §5).
    """

    def make(check: Callable[..., Iterator[Finding]]) -> Rule[Scope, Any]:
        import sys  # noqa: PLC0415  only to find the docstring

        module = check.__module__
        return Rule(
            name=module.rpartition(".")[2].replace("_", "-"),
            category=category,
            scope=scope,
            severity=severity,
            options=options or NoOptions,
            check=check if options is not None else lambda subject, _options: check(subject),
            page=sys.modules[module].__doc__ or "",
        )

    return make
