"""What lies below an environment's own values file by convention: the files that its siblings share."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.discovery.content import is_object
from gitops_lint.discovery.names import CONTAINERS, ENV, SHARED
from gitops_lint.files import Files


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
