"""What lies below an environment's own values file by convention: the chart's defaults and the files that its siblings share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from gitops_lint.discovery.content import chart_name, is_object
from gitops_lint.discovery.names import CONTAINERS, ENV, SHARED
from gitops_lint.files import Files

_BESIDE_A_CHART = CONTAINERS | {"values", "config", "configs", "helm-values", "helm_values"}


def shared_layers(pattern: str, files: Files, root: str) -> list[str]:
    """The files that all environments of a pattern share, the lowest first; the chart's own values.yaml is not among them.

    They stand where an environment's file would, under no environment's name or one such as `common`: beside the siblings, or above.
    """
    defaults = f"{root}/values.yaml" if root not in ("", ".") else "values.yaml" if root else ""
    out = []
    for path in _shared_names(pattern):
        if path in files and path != defaults and path not in out and not is_object(files, path):
            out.append(path)
    return out


def _shared_names(pattern: str) -> Iterator[str]:
    folder, _, name = pattern.rpartition("/")
    if ENV in name and ENV not in folder:
        yield from _beside(folder, name)
        return
    above, _, below = pattern.partition("/" + ENV)
    if ENV not in name and not below.startswith("/"):
        return
    above, rest = (above, below.strip("/")) if not pattern.startswith(ENV) else ("", pattern.partition("/")[2])
    prefix = above + "/" if above else ""
    if above.rpartition("/")[2] in CONTAINERS:
        outer = above.rpartition("/")[0]
        yield (outer + "/" if outer else "") + rest
    yield prefix + rest
    for word in SHARED:
        yield f"{prefix}{word}/{rest}"
    for word in SHARED:
        yield f"{prefix}{word}.{rest.rpartition('.')[2]}"


def _beside(folder: str, name: str) -> Iterator[str]:
    """The shared files of `values-{env}.yaml` and its like, which stand beside them."""
    prefix = folder + "/" if folder else ""
    stem, _, suffix = name.partition(ENV)
    bare = stem.rstrip("-_.") + suffix if stem else suffix.lstrip("-_.")
    extension = name.rpartition(".")[2]
    if bare != extension:
        yield prefix + bare
    elif folder:
        yield f"{folder}.{extension}"
    for plain in ("values", *SHARED):
        yield f"{prefix}{plain}.{extension}"
    for word in SHARED:
        yield prefix + name.replace(ENV, word)


class Charts:
    """The charts of a tree, by the folder that holds their Chart.yaml."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._all = {path.rpartition("/")[0] for path in files.names if path.rpartition("/")[2] == "Chart.yaml"}
        self._below: dict[str, list[str]] = defaultdict(list)
        for folder in sorted(self._all):
            if folder:
                self._below[folder.rpartition("/")[0]].append(folder)

    def __contains__(self, folder: str) -> bool:
        return folder in self._all

    def name(self, folder: str) -> str:
        """What a chart calls itself; its folder's name if it does not."""
        found = chart_name(self._files, "Chart.yaml" if folder in ("", ".") else f"{folder}/Chart.yaml")
        return found or folder.rpartition("/")[2]

    def inside(self, folder: str) -> list[str]:
        """The charts directly in a folder."""
        return self._below.get(folder, [])

    def near(self, folder: str, words: tuple[str, ...] = ()) -> str:
        """The chart that values files in a folder are for: `.` for one at the top of the tree, empty if there is none.

        It holds the folder, or lies in it, or beside it if the folder does nothing but collect environments. Of several that lie there,
        `words`, such as a release, choose; without any, the one that shares no word with another's is taken only if it is the only one.
        """
        at = folder
        for _ in range(4):
            if at in self._all:
                return at or "."
            if not at:
                break
            at = at.rpartition("/")[0]
        found = self._chosen(folder, words)
        if not found and folder.rpartition("/")[2] in _BESIDE_A_CHART:
            found = self._chosen(folder.rpartition("/")[0], words)
        return found

    def _chosen(self, folder: str, words: tuple[str, ...]) -> str:
        charts = self._below.get(folder, [])
        named = [chart for chart in charts if any(word and word in chart.rpartition("/")[2] for word in words)]
        fitting = named if words and (named or len(charts) > 1) else charts
        return fitting[0] if len(fitting) == 1 else ""
