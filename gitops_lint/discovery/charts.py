"""Which chart some values files are for, where nothing declares it: the one they stand in, or beside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from collections.abc import Set as AbstractSet

from gitops_lint.discovery.content import chart_words, top_keys
from gitops_lint.discovery.names import CONTAINERS
from gitops_lint.files import Files

_BESIDE_A_CHART = CONTAINERS | {"values", "config", "configs", "helm-values", "helm_values"}
_ALIKE = 0.5  # the share of an environment's keys that a chart chosen among several has to know


class Charts:
    """The charts of a tree, by the folder that holds their Chart.yaml; one at the top of the tree is `.`."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._all = {path.rpartition("/")[0] for path in files.names if path.rpartition("/")[2] == "Chart.yaml"}
        self._below: dict[str, list[str]] = defaultdict(list)
        self._called: dict[str, list[str]] = defaultdict(list)
        for folder in sorted(self._all - {""}):
            self._below[folder.rpartition("/")[0]].append(folder)
            self._called[folder.rpartition("/")[2]].append(folder)

    def name(self, folder: str) -> str:
        """What a chart calls itself; its folder's name if it does not."""
        names, _ = chart_words(self._files, _in(folder, "Chart.yaml"))
        return names or folder.rpartition("/")[2]

    def inside(self, folder: str) -> list[str]:
        """The charts directly in a folder."""
        return self._below.get(folder, [])

    def near(self, folder: str, keys: AbstractSet[bytes], words: Collection[str] = (), *, certain: bool = True) -> str:
        """The chart that values files in a folder are for; empty if there is none.

        It holds the folder, or lies in it, or beside it if the folder does nothing but collect environments. Of several that lie there
        it is the one called like one of `words`, such as a release, or else the one that knows most of `keys`, the keys at the top of an
        environment's file. Else the only chart of the tree that is called like the folder (`charts/shop` for `apps/shop`), if it knows
        one of the keys. Unless it is `certain` that the files hold values, the chart has to know one of them anyway.
        """
        beside = self.inside(folder.rpartition("/")[0]) if folder.rpartition("/")[2] in _BESIDE_A_CHART else []
        for charts in (self._holding(folder), self.inside(folder), beside):
            found = self._chosen(charts, keys, words)
            if found and (certain or self._known(found, keys)):
                return found
        return next((chart for chart in self._namesakes(folder) if self._known(chart, keys)), "")

    def _holding(self, folder: str) -> list[str]:
        """The nearest chart that a folder lies in, at most three levels above."""
        at = folder
        for _ in range(4):
            if at in self._all:
                return [at or "."]
            if not at:
                break
            at = at.rpartition("/")[0]
        return []

    def _namesakes(self, folder: str) -> list[str]:
        """For each part of a folder's path, the last first, the chart that alone is called so."""
        named = (self._called.get(part, []) for part in reversed(folder.split("/")))
        return [charts[0] for charts in named if len(charts) == 1]

    def _chosen(self, charts: list[str], keys: AbstractSet[bytes], words: Collection[str]) -> str:
        named = [chart for chart in charts if any(word in chart.rpartition("/")[2] for word in words)]
        if len(named or charts) == 1:
            return (named or charts)[0]
        known = sorted(((self._known(chart, keys), chart) for chart in named or charts), reverse=True)
        best = known[0] if known else (0, "")
        alone = len(known) > 1 and best[0] > known[1][0] and best[0] >= _ALIKE * len(keys)
        return best[1] if alone else ""

    def _known(self, chart: str, keys: AbstractSet[bytes]) -> int:
        """How many of some keys a chart has a default or a sub-chart for."""
        _, charts = chart_words(self._files, _in(chart, "Chart.yaml"))
        return len(keys & (top_keys(self._files, _in(chart, "values.yaml")) | charts)) if keys else 0


def _in(folder: str, name: str) -> str:
    return name if folder in ("", ".") else f"{folder}/{name}"
