"""What charts and other generators from outside are given: what they make of it is not evaluated, what goes in can be compared.

Source for the values: kustomize api/internal/builtins/HelmChartInflationGenerator.go and api/types/helmchartargs.go, v5.8.1.
"""

from __future__ import annotations

from gitops_lint.merge.kustomize.edit import Origin, copied, put_new
from gitops_lint.merge.kustomize.kustomization import string
from gitops_lint.merge.kustomize.resource import Resource, text
from gitops_lint.merge.kustomize.strategic import How, patched
from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.merge.kustomize.work import Input, Use, Visit, Work, file
from gitops_lint.node import Map, Seq

_VALUES = ("valuesFile", "valuesInline", "additionalValuesFiles", "valuesMerge", "values")
_HEAD = ("apiVersion", "kind", "metadata")
_PLAIN = How(lambda _node, _key: False)


def add_chart(visit: Visit, entry: Map, work: Work) -> str:
    """Note what a chart is given, as `HelmChart/name:`; give its name. Raises BuildError for values that cannot be read."""
    name = text(entry.get("releaseName") or entry.get("name") or entry.get("chartName"))
    work.inputs.append(Input(f"HelmChart/{name}:", _chart(visit, entry, work)))
    return name


def add_generator(visit: Visit, config: Resource, work: Work) -> None:
    """Note what a generator is given, under its kind and name. Raises BuildError."""
    if config.id.kind == "HelmChartInflationGenerator":
        add_chart(visit, config.node, work)
    else:
        work.inputs.append(Input(f"{config.id.kind}/{config.id.name}:", config.node))


def _chart(visit: Visit, entry: Map, work: Work) -> Map:
    out = copied(entry)
    for key in (*_VALUES, *_HEAD):
        out.pop(key, None)
    values = _values(visit, entry, work)
    if values is not None:
        put_new(out, "values", values, Origin(values.path, values.at, values.at))
    return out


def _values(visit: Visit, entry: Map, work: Work) -> Map | None:
    """The values file with the inline values over it, or under it, or instead of it, and the additional files over all."""
    held = entry.get("valuesInline")
    inline = held if isinstance(held, Map) else None
    mode = string(entry.get("valuesMerge"), "valuesMerge") or "override"
    written = string(entry.get("valuesFile"), "valuesFile")
    base = _file(visit, written, work) if written and (inline is None or mode != "replace") else None
    out = _over(inline, base) if mode == "merge" else _over(base, inline)
    additional = entry.get("additionalValuesFiles")
    for path in additional if isinstance(additional, Seq) else ():
        out = _over(out, _file(visit, string(path, "additionalValuesFiles"), work))
    return out


def _file(visit: Visit, written: str, work: Work) -> Map | None:
    path = file(visit, written)
    work.uses.append(Use(path, "objects"))
    document = visit.site.files.document(path)
    if document.error is not None:
        raise BuildError(f"cannot be read: {document.error.message}", path, document.error.line)
    root = document.roots[0].value if document.roots else None
    return root if isinstance(root, Map) else None


def _over(under: Map | None, upper: Map | None) -> Map | None:
    if under is None or upper is None:
        return upper if under is None else under
    return patched(under, upper, _PLAIN)
