"""Where an Argo CD Application's manifests and values come from: which folders and files of this repository, in which order.

Precedence and paths: argo-cd docs/user-guide/{helm,multiple_sources,parameters,build-environment}.md, util/io/path/resolved.go, v3.6.0-dev.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gitops_lint.blueprint import Source
from gitops_lint.discovery.applicationset import Declared, name, sources
from gitops_lint.discovery.applicationset_places import doublestar
from gitops_lint.discovery.templating_holes import holes
from gitops_lint.files import Files
from gitops_lint.merge.argocd import patched
from gitops_lint.merge.chart import document_values
from gitops_lint.merge.sources import embedded
from gitops_lint.merge.tables import edited
from gitops_lint.model import Role, Unverified
from gitops_lint.node import Map, Seq, Value, item_location, unpack
from gitops_lint.pointers.remote_url import normal
from gitops_lint.trees.protocol import UnreadableError

_ENOUGH = 5  # a base whose patches choose the environment names many folders that are not there
_GLOB = re.compile(r"[*?\[]")
_VARIABLE = re.compile(r"\$(?:\{(ARGOCD_APP_\w+)\}|(ARGOCD_APP_(?:NAMESPACE|NAME|PROJECT_NAME)))")


class Part(NamedTuple):
    """One source of an Application. `values` are the layers over the chart's own, lowest first; a part without any is just a folder."""

    folder: str  # in this tree; `.` is the top, empty is elsewhere
    chart: str  # what the chart is called; empty where there is none
    values: tuple[Source, ...] = ()
    hazy: tuple[Unverified, ...] = ()
    source: Map = Map()


class Here(NamedTuple):
    """What tells this repository from others: the addresses that Applications know it by."""

    urls: frozenset[str]

    def holds(self, url: str) -> bool:
        """Whether an address is this repository's; one that is only known to a cluster may be."""
        return normal(url) in self.urls or "{{" in url


def here(declared: Iterable[Declared], files: Files) -> Here:
    """The addresses that are this repository's: paths that Applications give for them are in the tree.

    Paths that a git generator found in the tree prove nothing, unless there is only one address.
    """
    there: Counter[str] = Counter()
    absent: Counter[str] = Counter()
    generated: set[str] = set()
    seen: set[tuple[str, str]] = set()
    for each in declared:
        for url, path in _paths(each.application):
            if not url or (url, path) in seen:
                continue
            seen.add((url, path))
            if _from_tree(each):
                generated.add(url)
            elif path in files or files.under(path):
                there[url] += 1
            else:
                absent[url] += 1
    ours = {url for url, count in there.items() if count * _ENOUGH >= absent[url]}
    if not ours and len(generated) == 1 and not absent.keys() & generated:
        ours = generated
    if not ours:
        return Here(frozenset())
    best = max(sorted(ours), key=lambda url: there[url])
    return Here(frozenset(url for url in ours | generated if _repository(url) == _repository(best)))


def _repository(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2].lower()


def _from_tree(declared: Declared) -> bool:
    path = declared.params.get("path")
    return "path.basename" in declared.params or (isinstance(path, dict) and "basename" in path)


def _paths(application: Map) -> Iterator[tuple[str, str]]:
    """The addresses of an Application, each with the folders and files that it wants of them, as far as they are known."""
    refs = _references(application)
    for source in sources(application):
        url, path = normal(str(source.get("repoURL"))), str(source.get("path") or "").strip("/").removeprefix("./")
        if path not in ("", ".") and not source.get("chart") and not holes(path):
            yield url, path
        for entry in _texts(_helm(source).get("valueFiles")):
            ref, _, rest = entry.partition("/")
            if ref in refs and not holes(rest) and not _GLOB.search(rest):
                yield normal(refs[ref]), rest


def _references(application: Map) -> dict[str, str]:
    return {f"${s['ref']}": str(s.get("repoURL")) for s in sources(application) if isinstance(s.get("ref"), str)}


def parts(declared: Declared, files: Files, here: Here) -> Iterator[Part]:
    """The sources of an Application that concern this repository."""
    refs = _references(declared.application)
    for source in sources(declared.application):
        ours = here.holds(str(source.get("repoURL"))) and not source.get("chart")
        folder = posixpath.normpath(str(source.get("path") or ".")).lstrip("/") or "." if ours else ""
        source = _overridden(source, folder, declared, files)  # noqa: PLW2901
        helm = _helm(source)
        if ours and not source.get("path") and "ref" in source and not helm:
            continue
        chart = f"{folder}/Chart.yaml".removeprefix("./") in files if folder else False
        called = str(source.get("chart") or "").rpartition("/")[2] or (folder.rpartition("/")[2] if chart else "")
        resolved = _Resolved(declared, source, folder, files, here, refs)
        values = [*_value_files(resolved), *_inline(helm, files), *_from_files(resolved)] if chart or not ours else []
        own = [value for value in values if isinstance(value, Source)]
        if ours or own:
            yield Part(folder, called, tuple(own), tuple(value for value in values if isinstance(value, Unverified)), source)


class _Resolved(NamedTuple):
    """What is needed to find a value file."""

    declared: Declared
    source: Map
    folder: str
    files: Files
    here: Here
    refs: dict[str, str]


def _overridden(source: Map, folder: str, declared: Declared, files: Files) -> Map:
    """The source as the files beside it change it, for every application and for this one."""
    application = name(declared.application)
    metadata = declared.application.get("metadata")
    namespace = metadata.get("namespace") if isinstance(metadata, Map) else None
    for file in (".argocd-source.yaml", f".argocd-source-{application}.yaml", f".argocd-source-{namespace}_{application}.yaml"):
        path = f"{folder}/{file}".removeprefix("./")
        if folder and path in files:
            patch = next((root.value for root in files.document(path).roots), None)
            source = patched(source, patch) if isinstance(patch, Map) else source
    return source


def _helm(source: Map) -> Map:
    helm = source.get("helm")
    return helm if isinstance(helm, Map) else Map(source.path, source.at)


def _texts(value: Value) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, Seq) else []


def _value_files(at: _Resolved) -> Iterator[Source | Unverified]:
    """The value files in order. One that is listed by name keeps its place even where a glob finds it too."""
    helm = _helm(at.source)
    optional = helm.get("ignoreMissingValueFiles") is True
    value = helm.get("valueFiles")
    listed = value if isinstance(value, Seq) else Seq()
    found = [(_located(entry, at), item_location(listed, index)) for index, entry in enumerate(listed) if isinstance(entry, str)]
    named = {path for path, _ in found if isinstance(path, str) and not _GLOB.search(path)}
    taken: set[str] = set()
    own_defaults = f"{at.folder}/values.yaml".removeprefix("./") if at.folder else ""
    for path, place in found:
        if isinstance(path, Unverified):
            yield path
            continue
        globbed = bool(_GLOB.search(path))
        for file in _matching(path, at.files) if globbed else [path]:
            if file in taken or (globbed and file in named) or file == own_defaults:
                continue
            taken.add(file)
            yield Source(file, Role.COMMON, optional=optional, named=None if at.declared.params else place)


def _matching(path: str, files: Files) -> list[str]:
    """The files that a glob finds, in lexical order."""
    wanted = doublestar(path)
    folder = _GLOB.split(path)[0].rpartition("/")[0]
    return [each for each in files.under(folder) if wanted.match(each) is not None]


def _located(entry: str, at: _Resolved) -> str | Unverified:
    """The path of a value file in this tree, or why there is none."""
    entry = _VARIABLE.sub(lambda found: _variable(found, at.declared.application), entry)
    line = unpack(at.source.at)[0] + 1
    if "://" in entry:
        return Unverified(at.source.path, line, f"the value file `{entry}` is read from an address")
    if entry.startswith("$"):
        return _referred(entry, line, at)
    if not at.folder:
        defaults = "info" if entry.removeprefix("./") == "values.yaml" else "warning"  # which the chart has read without being told
        return Unverified(at.source.path, line, f"the value file `{entry}` is in a chart of another repository", defaults)
    path = posixpath.normpath(entry.lstrip("/") if entry.startswith("/") else f"{at.folder}/{entry}")
    if path.startswith(".."):
        return Unverified(at.source.path, line, f"the value file `{entry}` is outside of the repository", "error")
    return path


def _referred(entry: str, line: int, at: _Resolved) -> str | Unverified:
    """The path of a value file that another source of the Application holds: `$ref/…`."""
    ref, _, rest = entry.partition("/")
    url = at.refs.get(ref)
    if url is None:
        return Unverified(at.source.path, line, f"the value file `{entry}` is in a source that is not declared", "error")
    if not at.here.holds(url):
        return Unverified(at.source.path, line, f"the value file `{entry}` is in another repository")
    return posixpath.normpath(rest)


def _variable(found: re.Match[str], application: Map) -> str:
    metadata, spec = application.get("metadata"), application.get("spec")
    destination = spec.get("destination") if isinstance(spec, Map) else None
    known = {
        "ARGOCD_APP_NAME": metadata.get("name") if isinstance(metadata, Map) else None,
        "ARGOCD_APP_NAMESPACE": destination.get("namespace") if isinstance(destination, Map) else None,
        "ARGOCD_APP_PROJECT_NAME": spec.get("project") if isinstance(spec, Map) else None,
    }
    return str(known.get(found[1] or found[2]) or found[0])


def _inline(helm: Map, files: Files) -> Iterator[Source | Unverified]:
    """The blocks over the value files: `valuesObject`, or else `values`; then parameters."""
    block, text = helm.get("valuesObject"), helm.get("values")
    if not isinstance(block, Map) and isinstance(text, str) and text.strip():
        holder = _holder(helm, "values")
        block, why = document_values(embedded(files, holder, "values"))
        if why:
            yield Unverified(holder.path, unpack(holder.value_at.get("values", holder.at))[0] + 1, f"`values` cannot be read: {why}")
    if isinstance(block, Map) and block:
        yield Source(block.path, Role.INLINE, value=block)
    parameters = helm.get("parameters")
    if isinstance(parameters, Seq) and parameters:
        yield Source(parameters.path, Role.INLINE, value=parameters)


def _holder(node: Map, key: str) -> Map:
    """The map that was read from a file and holds `key`."""
    while node.of is not None and node.of.get(key, node) is not node:
        node = node.of[key]
    return node


def _from_files(at: _Resolved) -> Iterator[Source | Unverified]:
    """`fileParameters`: keys that are set to the text of a file (`--set-file`), above all other parameters."""
    listed = _helm(at.source).get("fileParameters")
    if not isinstance(listed, Seq):
        return
    out = Seq(listed.path, listed.at)
    for item in (item for item in listed if isinstance(item, Map) and isinstance(item.get("path"), str)):
        path = _located(item["path"], at)
        text = _text(path, at.files) if isinstance(path, str) else None
        if text is None:
            reason = f"the file `{item['path']}`, which a parameter is set to, cannot be read"
            yield path if isinstance(path, Unverified) else Unverified(item.path, unpack(item.at)[0] + 1, reason, "error")
            continue
        made = edited(item)
        made.update({"value": text, "forceString": True, "literal": True})
        made.value_at = {**made.value_at, "value": item.value_at.get("path", item.at)}
        out.append(made)
        out.value_at.append(item.at)
    if out:
        yield Source(out.path, Role.INLINE, value=out)


def _text(path: str, files: Files) -> str | None:
    try:
        return files.tree.read(path).decode() if path in files else None
    except (UnreadableError, UnicodeDecodeError):
        return None
