"""Templates as ApplicationSets use them, filled in as far as their parameters are known; what is not known stays as it is written."""

from __future__ import annotations

import re
from collections.abc import Callable

from gitops_lint.discovery.templating_blocks import fill
from gitops_lint.discovery.templating_values import Known, UnresolvedError, look_up, printed
from gitops_lint.node import Map, Opaque, Seq, Value

HOLE = re.compile(r"\{\{.*?(?:\}\}|\Z)", re.DOTALL)  # one that never ends takes all of the text: looking for each one's end would not end
Render = Callable[[str], str]


def renderer(params: Known, *, go: bool) -> Render:
    """What fills in a text: Go templates with `go`, else `{{name}}` by plain substitution (applicationset/utils/utils.go, v3.6.0-dev)."""
    return (lambda text: fill(text, params)) if go else (lambda text: substituted(text, params))


def substituted(text: str, params: Known) -> str:
    """The text with each `{{a.b}}` replaced by the parameter of that very name, or by what stands at `b` inside `a`."""
    return HOLE.sub(lambda found: _parameter(found[0], params), text)


def _parameter(written: str, params: Known) -> str:
    if not written.endswith("}}"):
        return written
    key = written[2:-2].strip()
    try:
        return printed(_flat(params, key.split(".")))
    except UnresolvedError:
        return written


def _flat(value: Known, parts: list[str]) -> Known:
    """What a flattened map has under a dotted name, whose parts may be keys with dots in them and indices of lists."""
    if isinstance(value, dict):
        size = next((size for size in range(len(parts), 0, -1) if ".".join(parts[:size]) in value), 0)
        if size:
            return _flat(value[".".join(parts[:size])], parts[size:])
    if isinstance(value, list) and parts and parts[0].isdecimal() and int(parts[0]) < len(value):
        return _flat(value[int(parts[0])], parts[1:])
    return look_up(value, parts)


def rendered(node: Value, render: Render) -> Value:
    """A block with all of its texts, keys included, filled in; every key and item keeps the place where its template is written."""
    if isinstance(node, str):
        return _text(node, render)
    if isinstance(node, Map):
        return _map(node, render)
    if isinstance(node, Seq):
        out = Seq(node.path, node.at)
        out.extend(rendered(item, render) for item in node)
        out.value_at = list(node.value_at)
        out.written = node.written
        out.of = node.of
        return out
    return node


def _map(node: Map, render: Render) -> Map:
    out = Map(node.path, node.at)
    for key, value in node.items():
        name = str(_text(key, render))
        out[name] = rendered(value, render)
        source = node.of.get(key, node) if node.of is not None else node
        out.key_at[name] = source.key_at.get(key, source.at)
        out.value_at[name] = source.value_at.get(key, source.at)
        if source.written and key in source.written:
            out.written = {**(out.written or {}), name: source.written[key]}
    return out


def _text(text: str, render: Render) -> str:
    if "{{" not in text:
        return text
    done = render(text)
    return Opaque(done) if "{{" in done else done
