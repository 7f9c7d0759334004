"""A rule is a pure function of one model object, and the type of that object is its whole declaration of need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from gitops_lint.finding import Finding
from gitops_lint.severity import Severity

Scope = TypeVar("Scope")
Options = TypeVar("Options")
Check = Callable[[Scope, Options], Iterator[Finding]]


class Body(NamedTuple):
    """What a rule is when it runs. `page` is its module's docstring."""

    scope: type
    options: Callable[[], object]
    check: Check[Any, Any]
    page: str


@dataclass(frozen=True, slots=True)
class Rule(Generic[Scope, Options]):
    """A check with everything that is known about it. `name` is the file's name, in kebab-case, and `about` that of its scope.

    What it is when it runs is loaded when somebody asks.
    """

    name: str
    category: str
    about: str
    severity: Severity
    summary: str  # the first line of the page
    load: Callable[[], Body]
    locked: bool = False

    @property
    def scope(self) -> type[Scope]:
        """The type of what it looks at."""
        return self.load().scope

    @property
    def options(self) -> Callable[[], Options]:
        """What makes its options."""
        return self.load().options  # type: ignore[return-value]  # as `rule` was given

    @property
    def check(self) -> Check[Scope, Options]:
        """What finds something."""
        return self.load().check

    @property
    def page(self) -> str:
        """All about it, in Markdown."""
        return self.load().page


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
        page = sys.modules[module].__doc__ or ""
        asked = check if options is not None else lambda subject, _options: check(subject)
        body = Body(scope, options or NoOptions, asked, page)
        name = module.rpartition(".")[2].replace("_", "-")
        return Rule(name, category, scope.__name__, severity, page.strip().partition("\n")[0], lambda: body)

    return make
