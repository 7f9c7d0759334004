"""Where a HelmRelease's `valuesFrom` leads if it is not built along with the release: to what the cluster deploys otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from weakref import WeakKeyDictionary

from gitops_lint.discovery.flux_graph import Deployed
from gitops_lint.discovery.flux_objects import inner, word
from gitops_lint.files import Files
from gitops_lint.node import Map, Seq
from gitops_lint.trees.protocol import UnreadableError

_KINDS = ("ConfigMap", "Secret")
Name = tuple[str, str]  # a kind and a name
_holding: WeakKeyDictionary[Files, dict[Name, tuple[str, ...]]] = WeakKeyDictionary()


def elsewhere(files: Files, paths: Iterable[str], deployed: Iterable[Deployed], reached: dict[str, tuple[Deployed, ...]]) -> Iterator[str]:
    """The files of objects that releases in `paths` take values from and that their cluster deploys from other folders.

    Nothing is known of a name that two files of the cluster have, nor where several clusters deploy the releases.
    """
    clusters = {each.cluster for each in deployed}
    own = frozenset(paths)
    if len(clusters) != 1:
        return
    for name in sorted({name for path in own for name in _wanted(files, path)}):
        found = [path for path in _held(files, name) if any(each.cluster in clusters for each in reached.get(path, ()))]
        if len(found) == 1 and found[0] not in own:
            yield found[0]


def _wanted(files: Files, path: str) -> Iterator[Name]:
    if "HelmRelease" not in files.kinds(path) or not _mentions(files, path, "valuesFrom"):
        return
    for root in files.document(path).roots:
        refs = inner(root.value, "spec").get("valuesFrom")
        for entry in refs if isinstance(refs, Seq) else ():
            if word(entry, "kind") in _KINDS and word(entry, "name"):
                yield word(entry, "kind"), word(entry, "name")


def _held(files: Files, name: Name) -> tuple[str, ...]:
    """The files that hold an object of this kind and name."""
    known = _holding.setdefault(files, {})
    if name not in known:
        known[name] = tuple(path for path in files.with_kind({name[0]}) if _mentions(files, path, name[1]) and _holds(files, path, name))
    return known[name]


def _holds(files: Files, path: str, name: Name) -> bool:
    nodes = (root.value for root in files.document(path).roots if isinstance(root.value, Map))
    return any((word(node, "kind"), word(inner(node, "metadata"), "name")) == name for node in nodes)


def _mentions(files: Files, path: str, text: str) -> bool:
    try:
        return text.encode() in files.data(path)
    except UnreadableError:
        return False
