"""The baseline: what was there when the linter came, one identity per line, sorted, so that it merges cleanly and hides nothing new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from gitops_lint.contract import Use, reduced
from gitops_lint.finding import Finding
from gitops_lint.report import identities

_AT_REST = "missing-key"
_OF_CHANGE = frozenset({"partial-addition", "partial-removal", "incomplete-environment"})
NAME = ".gitops-lint-baseline"
_HEADER = "# What `gitops-lint baseline` found and accepted; one finding's identity per line.\n"


@dataclass
class Baseline:
    """The identities of a baseline file by line, and those that a run met."""

    path: str
    lines: dict[str, int]
    met: set[str] = field(default_factory=set)

    def subtract(self, finding: Finding) -> Finding | None:
        """The finding without what the baseline accepts; None where nothing is left."""
        met = [[identity for identity in names if identity in self.lines] for names in zip(*_spellings(finding), strict=True)]
        self.met.update(identity for known in met for identity in known)
        if not any(met):
            return finding
        if all(met) or finding.facts is None:
            return None if all(met) else finding
        accepted = iter(map(bool, met))  # in the order of `identities`: by environment, then by leaf
        kept = []
        for lack in finding.facts.lack:
            leaves = tuple(leaf for leaf in lack.leaves or ("",) if not next(accepted))
            kept += [lack._replace(leaves=leaves)] if leaves else []
        return reduced(finding, tuple(kept))

    def uses(self) -> Iterator[Use]:
        """What became of each line."""
        for identity, line in self.lines.items():
            yield Use(identity, self.path, line, identity in self.met)


def _spellings(finding: Finding) -> list[tuple[str, ...]]:
    """A finding's identities; those of a rule of change also as the rule at rest has them, which finds the same once it is merged."""
    mine = [identities(finding)]
    return [*mine, identities(replace(finding, rule=_AT_REST))] if finding.rule in _OF_CHANGE else mine


def read(data: bytes, path: str = NAME) -> Baseline:
    """The baseline that a file holds; blank lines and comments count for nothing."""
    rows = ((number, row.strip()) for number, row in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), 1))
    return Baseline(path, {row: number for number, row in rows if row and not row.startswith("#")})


def written(findings: Iterable[Finding]) -> bytes:
    """The file that accepts these findings."""
    return listed(identity for finding in findings for identity in identities(finding))


def listed(accepted: Iterable[str]) -> bytes:
    """The file that holds these identities."""
    rows = sorted(set(accepted))
    return (_HEADER + "".join(f"{row}\n" for row in rows)).encode("utf-8", "surrogateescape")
