"""Argo CD's way to a chart's values: files, then the inline block, then parameters by name; and the files that edit a source.

The order is `valueFiles` (the last wins), `values` or `valuesObject`, `parameters` (docs/user-guide/helm.md, util/helm/cmd.go).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitops_lint.merge.strvals import SYNTAX, SetError, Setting, apply, parsed
from gitops_lint.merge.tables import edited, merge, put, remove
from gitops_lint.node import Map, Seq, Value

_FIXED = ("repoURL", "path", "chart", "targetRevision")  # which an override file cannot change (docs/user-guide/parameters.md)


def values(
    files: Iterable[Map | None], *, text: Map | None = None, block: Map | None = None, parameters: Seq | None = None
) -> tuple[Map, list[str]]:
    """The user's values of an Application and what is wrong with its parameters; `text` is `values`, parsed, `block` is `valuesObject`.

    `values` counts only where there is no `valuesObject`.
    """
    return with_parameters(merge([*files, text if block is None else block]), parameters if parameters is not None else Seq())


def with_parameters(values: Map, parameters: Seq) -> tuple[Map, list[str]]:
    """`values` with `helm.parameters` set on them, and why some could not be set: those with `forceString` come after all others.

    One that is `literal`, the text of a file, is taken as it is.
    """
    wrong: list[str] = []
    for origin, position, setting in _settings(parameters, wrong):
        try:
            values = apply(values, setting, origin, position)
        except SetError as error:
            wrong.append(str(error))
    return values, wrong


def _settings(parameters: Seq, wrong: list[str]) -> Iterator[tuple[Map, int, Setting]]:
    named = {str(item.get("name")): item for item in parameters if isinstance(item, Map) and item.get("name")}
    for item in sorted(named.values(), key=lambda item: item.get("forceString") is True):
        value = item.get("value")
        text = "" if value is None else (item.written or {}).get("value") or str(value)
        try:
            plain = text.translate(SYNTAX) if item.get("literal") is True else _escaped(text)
            for setting in parsed(f"{item['name']}={plain}", as_string=item.get("forceString") is True):
                yield item, item.value_at.get("value", item.at), setting
        except SetError as error:
            wrong.append(str(error))


def _escaped(text: str) -> str:
    """Commas are no separators, except in a list (cmd.go cleanSetParameters)."""
    if text.startswith("{") and text.endswith("}"):
        return text
    out = ""
    for char in text:
        out += "\\," if char == "," and not out.endswith("\\") else char
    return out


def patched(source: Map, patch: Map) -> Map:
    """A source as `.argocd-source.yaml` or `.argocd-source-<app>.yaml` changes it: by JSON merge patch, and never where it comes from."""
    allowed = edited(patch)
    for key in _FIXED:
        if key in allowed:
            remove(allowed, key)
    return merge_patch(source, allowed)


def merge_patch(target: Map, patch: Map) -> Map:
    """RFC 7396: maps merge, null removes, anything else replaces."""
    out = edited(target)
    for key, value in patch.items():
        if value is None:
            if key in out:
                remove(out, key)
            continue
        put(out, key, _patched(out.get(key), value), patch)
    return out


def _patched(old: Value, new: Value) -> Value:
    if not isinstance(new, Map):
        return new
    return merge_patch(old if isinstance(old, Map) else Map(new.path, new.at), new)
