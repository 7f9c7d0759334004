"""A kustomization whose lists of paths and patches are keyed by what they name, so that siblings can be compared item by item."""

from __future__ import annotations

import re

from gitops_lint.node import Map, Seq, Value

_LISTS = frozenset(
    (
        *("resources", "bases", "components", "crds", "configurations"),
        *("patches", "patchesStrategicMerge", "patchesJson6902"),
        *("generators", "transformers", "validators"),
    )
)
_OPTIONAL = ("apiVersion", "kind", "metadata")  # they may be left out, and change nothing
_DECORATION = re.compile(r"\?ref=.*$|/$|\.(?:ya?ml|json)$")
_INLINE = re.compile(r"^[ \t]*(kind|name):[ \t]*(\S+)", re.MULTILINE)


def keyed(value: Map, words: re.Pattern[str]) -> Map:
    """The kustomization with each list of entries as a map: `resources[../base]`, `patches[replicas]`, `patches[Deployment/shop]`.

    `./`, a trailing `/`, a file's suffix and `?ref=` are no part of an entry's name, and `words`, which name the environment, become
    `{env}`. Lists of other things are left as they are; `apiVersion` and `kind` are left out.
    """
    out = Map(value.path, value.at)
    out.key_at, out.value_at, out.written = value.key_at, value.value_at, value.written
    for key, item in value.items():
        if key not in _OPTIONAL:
            out[key] = _entries(item, words) if key in _LISTS and isinstance(item, Seq) else item
    return out


def _entries(items: Seq, words: re.Pattern[str]) -> Map:
    out = Map(items.path, items.at)
    for index, item in enumerate(items):
        name = words.sub("{env}", _name(item) or f"#{index + 1}")
        unique, number = name, 2
        while f"[{unique}]" in out:
            unique, number = f"{name}#{number}", number + 1
        out[f"[{unique}]"] = item
        out.key_at[f"[{unique}]"] = out.value_at[f"[{unique}]"] = items.value_at[index]
    return out


def _name(item: Value) -> str:
    """What an entry names: a path, a patch's file, its target, or the object that an inline patch is about."""
    if isinstance(item, str):
        return _inline(item) if "\n" in item else _plain(item)
    if not isinstance(item, Map):
        return ""
    path, target, patch = item.get("path"), item.get("target"), item.get("patch")
    if isinstance(path, str) and path:
        return _plain(path)
    if isinstance(target, Map) and ("kind" in target or "name" in target):
        return "/".join(str(target[key]) for key in ("kind", "name") if key in target)
    return _inline(patch) if isinstance(patch, str) else ""


def _plain(path: str) -> str:
    """A path or URL without what does not change where it leads."""
    found, previous = path.removeprefix("./"), ""
    while found != previous:
        found, previous = _DECORATION.sub("", found), found
    return found or path


def _inline(text: str) -> str:
    found = dict(reversed(_INLINE.findall(text)))
    return "/".join(found[key] for key in ("kind", "name") if key in found)
