"""A run's result put into a report, and the report written in every format that was asked for."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from gitops_lint import __version__, streams, terminal
from gitops_lint.cli import watching
from gitops_lint.cli.against import Against
from gitops_lint.cli.changed import changed
from gitops_lint.cli.failure import Failure
from gitops_lint.didyoumean import suggest
from gitops_lint.earlier import Earlier, nothing_known
from gitops_lint.engine import Result
from gitops_lint.files import YAML
from gitops_lint.model import Change, Repository
from gitops_lint.report import Base, Entry, Matrix, Report, Summary
from gitops_lint.reporters import FORMATS, named
from gitops_lint.reporters.options import Options
from gitops_lint.reporters.statistics import SUPPORTED
from gitops_lint.rule import Rule
from gitops_lint.rules import catalogue
from gitops_lint.settings import Settings
from gitops_lint.severity import Severity
from gitops_lint.trees.protocol import Tree, UnreadableError

_WITH_VERSIONS = frozenset({"html", "markdown"})
_WITH_PAGES = frozenset({"sarif"})


class Target(NamedTuple):
    """A format, and the file it goes to; no file means standard output."""

    format: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is written where, and how it looks."""

    targets: tuple[Target, ...]
    options: Options

    @property
    def versions(self) -> bool:
        """Whether some format shows which version runs where."""
        return any(target.format in _WITH_VERSIONS for target in self.targets)

    @property
    def pages(self) -> bool:
        """Whether some format says all about a rule."""
        return any(target.format in _WITH_PAGES for target in self.targets)

    @classmethod
    def of(cls, options: Mapping[str, object]) -> Choice:
        """The choice that a command's options make. Raises Failure for a format that is none."""
        if options.get("statistics") and not options["quiet"] and str(options["formats"]) in FORMATS.keys() - SUPPORTED:
            raise Failure(f"`--statistics` has no place in the format `{options['formats']}`; it has in {', '.join(sorted(SUPPORTED))}")
        outputs = options["outputs"]
        assert isinstance(outputs, tuple)  # noqa: S101  click's multiple options are tuples
        printed = () if options["quiet"] else (Target(_format(str(options["formats"]))),)
        files = tuple(_target(str(text)) for text in outputs)
        fail_on = Severity[str(options["fail_on"]).upper()]
        return cls(printed + files, _look(options, fail_on))


def _look(options: Mapping[str, object], fail_on: Severity) -> Options:
    """How the report looks here, decided once: what the user said, then the environment, then the terminal."""
    tty = sys.stdout is not None and sys.stdout.isatty()
    return Options(
        color=terminal.color(str(options["color"]), os.environ, tty=tty),
        hyperlinks=terminal.hyperlinks(os.environ, tty=tty),
        width=terminal.width(os.environ, os.get_terminal_size(sys.stdout.fileno()).columns if tty else None),
        root=os.getcwd(),  # noqa: PTH109  links lead to files on this machine
        all=bool(options["everything"]),
        verbose=bool(options["verbose"]),
        fail_on=fail_on,
        statistics=bool(options.get("statistics")),
    )


def _format(name: str) -> str:
    if name not in FORMATS:
        raise Failure(f"no format `{name}`{suggest(name, FORMATS)}")
    return name


def _target(text: str) -> Target:
    name, colon, path = text.partition(":")
    if not colon or not path:
        raise Failure(f"`--output {text}` is not FORMAT:FILE, like `sarif:report.sarif`")
    return Target(_format(name), path)


class Frame(NamedTuple):
    """What a report says beside findings: the `base` that the change was compared with, what formats show, looks that are known."""

    base: Against | None = None
    versions: bool = False
    pages: bool = False
    earlier: Earlier = nothing_known()


_PLAIN = Frame()


def report(result: Result, tree: Tree, settings: Settings, frame: Frame = _PLAIN) -> Report:
    """The report of a run."""
    base = frame.base
    repository = result.repository
    skipped = sum(path.endswith(YAML) for path in tree.names().keys() - set(repository.paths))

    def source(path: str) -> bytes | None:
        try:
            return tree.read(path)
        except (UnreadableError, KeyError):
            return None

    return Report(
        findings=result.findings,
        version=__version__,
        summary=Summary(
            applications=len(repository.applications),
            environments=len(result.environments),
            found=repository.files_found + skipped,
            read=repository.files_found - repository.files_failed,
            failed=repository.files_failed,
            skipped=skipped,
            suppressed=result.suppressed,
        ),
        unverified=repository.unverified,
        not_run=tuple(sorted((*result.not_run, *(_not_run(settings) if base is None else ())))),
        catalogue=tuple(_entry(rule, pages=frame.pages) for rule in catalogue(settings)),
        base=Base(base.revision, base.source) if base is not None else None,
        environments=result.environments,
        source=source,
        changed=changed(tree, base.tree) if base is not None else None,
        matrix=_matrix(repository) if frame.versions else None,
        earlier=frame.earlier,
    )


def _entry(rule: Rule[Any, Any], *, pages: bool) -> Entry:
    return Entry(rule.name, rule.category, rule.summary, rule.page if pages else "", rule.severity)


def _matrix(repository: Repository) -> Matrix:
    from gitops_lint.matrix import matrix  # noqa: PLC0415  most reports show none

    return matrix(repository)


def _not_run(settings: Settings) -> tuple[tuple[str, str], ...]:
    """The rules that need a base."""
    return tuple((rule.name, "no base: it judges a change") for rule in catalogue(settings) if rule.about == Change.__name__)


def write(finished: Report, choice: Choice) -> None:
    """Write the report everywhere. Raises Failure if that cannot be done, so that nobody takes silence for a clean run."""
    watching.over()
    for target in choice.targets:
        text = io.StringIO()
        plain = replace(choice.options, color=False, hyperlinks=False)
        named(target.format).render(finished, text, plain if target.path else choice.options)
        data = text.getvalue().encode("utf-8", "backslashreplace")
        try:
            _save(target.path, data) if target.path else _print(data)
        except OSError as error:
            raise Failure(f"cannot write the report to `{target.path or 'standard output'}`: {error.strerror}") from error


def _print(data: bytes) -> None:
    if sys.stdout is None:
        raise OSError(9, "it is closed")
    sys.stdout.flush()
    streams.whole(sys.stdout.buffer.write, data)
    sys.stdout.buffer.flush()


def _save(name: str, data: bytes) -> None:
    """Write a whole file or nothing; what is there and no file, `/dev/stdout` say, is written to and never replaced."""
    from pathlib import Path  # noqa: PLC0415, TID251  a report goes where the user says, and mostly nowhere else

    path = Path(name)
    if path.exists() and not path.is_file():
        with path.open("wb") as device:
            device.write(data)
        return
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
