"""What findings looked like in an earlier report, which is what they look like in this one if nothing that is shown has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from gitops_lint.finding import Finding
from gitops_lint.plain import plain

Shown: TypeAlias = tuple[Any, ...]  # by rule, message, place and way: everything else that is shown of a finding, and how it looks


class Earlier:
    """The looks of findings by what is shown of them; `blob` says which content a file has, and nothing where that is not known."""

    def __init__(self, known: Mapping[Any, Shown], blob: Callable[[str], str]) -> None:
        self._known = known
        self._blob = blob
        self.shown: dict[Any, Shown] = {}  # what this report shows
        self.fresh = 0  # how many of them nobody has seen

    def look(self, finding: Finding, way: tuple[bool | int | str, ...], render: Callable[[], str]) -> str:
        """How a finding looks when it is shown in a `way`, as `render` says if it is not known."""
        name = (finding.rule, finding.message, finding.at, way)
        blobs = tuple(map(self._blob, (finding.at.path, *(other.at.path for other in finding.related))))
        rest = (finding.severity, finding.label, finding.help, finding.notes, finding.related, blobs)
        held = self._known.get(name)
        if held is not None and held[:-1] == rest:
            self.shown[plain(name)] = held
            return str(held[-1])
        text = render()
        if all(blobs):
            self.fresh += 1
            self.shown[plain(name)] = (*plain(rest), text)
        return text


def nothing_known() -> Earlier:
    """Without an earlier report."""
    return Earlier({}, lambda _path: "")
