"""What the OpenAPI definitions under `crds` add to the tables: names, labels and annotations that custom objects hold.

Source: kustomize api/internal/accumulator/loadconfigfromcrds.go, v5.8.1.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.merge.kustomize.fields import Field, Fields, Reference, merged, table_of
from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.node import Map, Value

_TYPED = ("kind", "apiVersion", "metadata")
_TABLES = {
    "x-kubernetes-annotation": "commonAnnotations",
    "x-kubernetes-label-selector": "commonLabels",
    "x-kubernetes-identity": "namePrefix",
}
_VERSION, _KIND, _NAME = (f"x-kubernetes-object-ref-{word}" for word in ("api-version", "kind", "name-key"))
_FIELDS = 10_000  # that one file may lead to


def read(root: Value) -> Fields:
    """The tables that a file of definitions makes. Raises BuildError for a file that holds something else."""
    if not isinstance(root, Map) or not all(isinstance(value, Map) or value is None for value in root.values()):
        raise BuildError("holds no OpenAPI definitions by name, which is what `crds` takes")
    out = Fields()
    for name in root:
        if all(word in _properties(root, name) for word in _TYPED):
            for number, table in enumerate(_tables(root, name)):
                if number > _FIELDS:
                    raise BuildError("its definitions lead to too many fields")
                out = merged(out, table)
    return out


def _properties(root: Map, name: str) -> dict[str, Value]:
    node: Value = root.get(name)
    for word in ("schema", "properties"):
        node = next((value for key, value in node.items() if key.lower() == word), None) if isinstance(node, Map) else None
    return node if isinstance(node, Map) else {}


def _tables(root: Map, name: str) -> Iterator[Fields]:
    kind = name.rpartition(".")[2]
    queue: list[tuple[str, tuple[str, ...], frozenset[str]]] = [(name, (), frozenset([name]))]
    for here, path, trail in queue:  # grows on the way
        for key, value in _properties(root, here).items():
            if not isinstance(value, Map):
                continue
            at = (*path, key)
            for mark, table in _TABLES.items():
                if isinstance(value.get(mark), str):
                    yield table_of(table, (Field(at, kind),))
            if isinstance(value.get(_VERSION), str) and isinstance(value.get(_KIND), str):
                named = value.get(_NAME) if isinstance(value.get(_NAME), str) else "name"
                yield Fields(nameReference=(Reference(value[_KIND], (Field((*at, str(named)), kind),), version=value[_VERSION]),))
            target = value.get("$ref")
            if isinstance(target, str) and target in root:
                if target in trail or len(queue) > _FIELDS:
                    raise BuildError("its definitions lead back to themselves")
                queue.append((target, at, trail | {target}))
