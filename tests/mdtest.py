"""Cases written in Markdown: a heading is a case, a named block is a file, a comment is what the linter must say about its line.

    ## A key that prod lacks

    `values-dev.yaml`:

    ```yaml
    cache: {ttl: 60}
    ```

    `values-prod.yaml`:

    ```yaml
    cache: {} # error: [missing-key] "`cache.ttl` is set in dev"
    ```

Several names before a block are several files. `base` before a name gives the file before the change, or, for a rule about time, 100
days before the last commit; `fixed` what the fixes make of it, and a block under `config:` is the configuration. An expectation is a
severity, a column if it matters, a rule in brackets and a part of the message; several may stand on one line; alone on a line they are
about the next one. All are taken out before the file is read. A line of prose such as `> error: [nothing-checked] "no environment"`
expects a finding wherever it is. What other rules find does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from gitops_lint.finding import Finding

_EXPECTATION = re.compile(r'(error|warning|info):(?: (\d+))? \[([a-z0-9-]+)\](?: "((?:[^"\\]|\\.)*)")?')
_COMMENTS = re.compile(rf"#\s*{_EXPECTATION.pattern}(?:\s*#\s*{_EXPECTATION.pattern})*\s*$")
_LABEL = re.compile(r"(?:`?(base|fixed)\b`? ?)?(?:`([^`]+)`)?:|`?(config)`?:")
_FENCE = re.compile(r"(`{3,}|~{3,})")


class Expected(NamedTuple):
    """A finding that must be there; line and column 0 mean anywhere."""

    severity: str
    rule: str
    text: str
    path: str = ""
    line: int = 0
    column: int = 0

    def met_by(self, finding: Finding) -> bool:
        return (
            (self.severity, self.rule) == (str(finding.severity), finding.rule)
            and self.text in finding.message
            and (not self.line or (self.path, self.line) == finding.at[:2])
            and self.column in (0, finding.at.column)
        )

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else "anywhere"
        return f'{place}: {self.severity}: [{self.rule}] "{self.text}"'


@dataclass
class Case:
    """One heading's worth of a page; `files` are bytes by path."""

    title: str
    line: int
    files: dict[str, bytes] = field(default_factory=dict)
    base: dict[str, bytes] = field(default_factory=dict)
    fixed: dict[str, bytes] = field(default_factory=dict)
    config: bytes | None = None
    expected: list[Expected] = field(default_factory=list)


def parse(page: str) -> list[Case]:
    """The cases of a page: its headings that have files below them."""
    cases = [Case("", 1)]
    labels: list[re.Match[str]] = []
    lines = iter(enumerate(page.split("\n"), 1))
    for number, line in lines:
        if line.startswith("#"):
            cases.append(Case(line.lstrip("# "), number))
        elif fence := _FENCE.match(line):
            block = list(_block(lines, fence[1]))
            for label in labels:
                _file(cases[-1], label, block)
            labels = []
        elif line.startswith("> ") and (found := _EXPECTATION.fullmatch(line[2:].strip())):
            cases[-1].expected.append(_expectation(found))
        elif line.strip():
            labels = list(_labels(line.strip()))
    return [case for case in cases if case.files]


def _labels(line: str) -> Iterator[re.Match[str]]:
    """The names of the block that follows: `values-qa.yaml`, base `values-qa.yaml`: is two files of the same content."""
    found = [_LABEL.fullmatch(f"{part}:") for part in line.removesuffix(":").split(", ")] if line.endswith(":") else []
    if None not in found:
        yield from filter(None, found)


def verdict(case: Case, rule: str, findings: Iterable[Finding]) -> str:
    """What is missing and what is too much among the findings of `rule` and of the rules that the case names; empty if all is well."""
    judged = {rule, *(expected.rule for expected in case.expected)}
    left = [finding for finding in findings if finding.rule in judged]
    out = []
    for expected in sorted(case.expected, key=lambda e: -e.line):
        met = next((finding for finding in left if expected.met_by(finding)), None)
        if met is None:
            out.append(f"missing: {expected}")
        else:
            left.remove(met)
    out += [f"unexpected: {f.at.path}:{f.at.line}:{f.at.column}: {f.severity}: [{f.rule}] {f.message}" for f in left]
    return "\n".join(out)


def _block(lines: Iterator[tuple[int, str]], fence: str) -> Iterator[str]:
    for _, line in lines:
        if line.rstrip() == fence:
            return
        yield line


def _file(case: Case, label: re.Match[str], block: list[str]) -> None:
    kind, path, config = label.groups()
    if config:
        case.config = _joined(block)
    elif kind == "fixed":
        case.fixed[path or next(reversed(case.files))] = _joined(block)
    elif kind == "base":
        case.base[path] = _joined(block)
    elif path:
        case.files[path] = _joined(_without_expectations(case, path, block))


def _without_expectations(case: Case, path: str, block: list[str]) -> list[str]:
    kept: list[str] = []
    for line in block:
        comments = _COMMENTS.search(line)
        text = line[: comments.start()].rstrip() if comments else line
        own = comments is not None and not text
        if comments:
            at = len(kept) + 1
            case.expected += [_expectation(found, path, at) for found in _EXPECTATION.finditer(comments[0])]
        if not own:
            kept.append(text)
    return kept


def _expectation(found: re.Match[str], path: str = "", line: int = 0) -> Expected:
    severity, column, rule, text = found.groups()
    return Expected(severity, rule, re.sub(r"\\(.)", r"\1", text or ""), path, line, int(column or 0))


def _joined(block: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in block).encode()
