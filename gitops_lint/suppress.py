"""What people have said about findings in comments: `# gitops-lint: ignore[rule] reason` and `# gitops-lint: only[env] reason`.

A comment speaks for the line it ends, or, alone on its line, for the next line that is none itself. `ignore` silences a rule there. `only`
says which environments have the key that is set there; a finding about that key or one below it does not ask others to have it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from gitops_lint.contract import holds_for
from gitops_lint.finding import Finding, Lack
from gitops_lint.node import Location, unpack
from gitops_lint.stages import Stages
from gitops_lint.suppression import Suppression

_ABOUT_ONLY = ("missing-key",)  # the rule whose findings `only` is mostly for
_SPEECH = re.compile(r"\s*(ignore|only)\s*\[([^\]]*)\]\s*(.*)")


@dataclass
class Comments:
    """The suppression comments of some documents, by the place they speak for; `used` collects those that silenced something."""

    by_place: dict[tuple[str, int], list[Suppression]] = field(default_factory=dict)
    used: set[Suppression] = field(default_factory=set)
    reasons: bool = False  # only those that say why count

    def at(self, location: Location) -> Iterator[Suppression]:
        """What is said about a line, as far as it counts."""
        said = self.by_place.get((location.path, location.line), ())
        yield from (one for one in said if one.reason or not self.reasons)

    def unused(self, idle: Collection[str] = ()) -> Iterator[Suppression]:
        """Those that silenced nothing, in file order; not those about a rule or category of `idle`, which nobody has asked."""
        every = {said for speeches in self.by_place.values() for said in speeches}
        for said in sorted(every - self.used, key=lambda s: (s.at.path, s.at.line)):
            about = said.names if said.verb == "ignore" else _ABOUT_ONLY
            if not any(name in idle for name in about):
                yield said._replace(void=self.reasons and not said.reason)


class Speech(NamedTuple):
    """A comment by what it says and about which key, wherever in its file that is."""

    path: str
    key: str
    said: str


Spoken = Mapping[str, Sequence[tuple[int, str]]]  # what comments say, by path, each with its packed position


def read(spoken: Spoken, lines: Callable[[str], list[str]], trusted: Callable[[Speech], bool] = lambda _said: True) -> Comments:
    """The comments of documents, those that are `trusted`; `lines` gives a file's lines."""
    comments = Comments()
    for path, every in spoken.items():
        text = lines(path)
        target = -1
        for position, said in every:
            line, column = unpack(position)
            target = _target(text, max(line, target))
            parsed = _parse(path, line, column, said, text)
            if parsed is not None and trusted(Speech(path, _key(text, target), said.strip())):
                comments.by_place.setdefault((path, target + 1), []).append(parsed)
    return comments


def speeches(spoken: Spoken, lines: Callable[[str], list[str]]) -> Iterator[Speech]:
    """Every comment of some documents."""
    for path, every in spoken.items():
        text = lines(path)
        target = -1
        for position, said in every:
            target = _target(text, max(unpack(position)[0], target))
            yield Speech(path, _key(text, target), said.strip())


def _key(text: list[str], line: int) -> str:
    """The key, or the list item, that a line sets."""
    return text[line].partition("#")[0].partition(": ")[0].strip().rstrip(":") if line < len(text) else ""


def _parse(path: str, line: int, column: int, said: str, text: list[str]) -> Suppression | None:
    match = _SPEECH.match(said)
    if match is None:
        return None
    names = tuple(filter(None, (name.strip() for name in match[2].split(","))))
    end = len(text[line].rstrip()) if line < len(text) else column
    at = Location(path, line + 1, column + 1, line + 1, end + 1)
    span = _span(text, at)
    return Suppression(match[1], names, match[3].strip(), at, written=_written(text, span), span=span)


def _span(text: list[str], at: Location) -> Location | None:
    """Where a comment stands with the blanks before it, and with its line's end if it is alone on the line."""
    if at.line > len(text):
        return None
    line = text[at.line - 1]
    begin = len(line[: at.column - 1].rstrip())
    if begin or at.line == len(text):
        return at._replace(column=begin + 1, end_column=len(line.rstrip("\r")) + 1)
    return at._replace(column=1, end_line=at.line + 1, end_column=1)


def _written(text: list[str], span: Location | None) -> str:
    if span is None:
        return ""
    line = text[span.line - 1] + "\n"
    return line[span.column - 1 :] if span.end_line > span.line else line[span.column - 1 : span.end_column - 1]


def _target(text: list[str], line: int) -> int:
    """The line that a comment on `line` speaks for: its own, or the next that is no comment, where nothing stands before it."""
    while line < len(text) and text[line].lstrip().startswith("#"):
        line += 1
    return line


def apply(finding: Finding, comments: Comments, above: Iterable[Location], stages: Stages) -> Finding | None:
    """The finding without what comments excuse; None where nothing is left. `above` are the places above the finding's key."""
    places = (finding.at, *(r.at for r in finding.related), *above)
    for place in places:
        for said in comments.at(place):
            if said.verb == "ignore" and (finding.rule in said.names or finding.category in said.names):
                comments.used.add(said)
                return None
            if said.verb == "only" and finding.facts is not None:
                comments.used.add(said)
                kept = _excused(finding, said.names, stages)
                if kept is None:
                    return None
                finding = kept
    return finding


def _excused(finding: Finding, names: tuple[str, ...], stages: Stages) -> Finding | None:
    """The finding without the environments that `only` does not name."""
    if finding.facts is None:
        return finding
    known = {*(name for name, _ in finding.facts.have), *(entry.environment for entry in finding.facts.lack)}
    lack: tuple[Lack, ...] = tuple(entry for entry in finding.facts.lack if holds_for(names, entry.environment, stages, known))
    if not lack:
        return None
    return replace(finding, facts=finding.facts._replace(lack=lack), environments=tuple(entry.environment for entry in lack))
