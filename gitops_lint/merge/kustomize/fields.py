"""Which fields kustomize's transformers change in which kinds: tables, and how `configurations` add to them.

Source: kustomize api/internal/plugins/builtinconfig and api/types/fieldspec.go, v5.8.1; the tables themselves are in `builtin`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from gitops_lint.merge.kustomize.kustomization import string
from gitops_lint.merge.kustomize.resource import Id
from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.node import Map, Seq, Value
from gitops_lint.reader.refusal import DEPTH, TOO_DEEP


class Field(NamedTuple):
    """A path in the objects of a kind; `create` says that it is made where it is missing."""

    path: tuple[str, ...]
    kind: str = ""
    group: str = ""
    version: str = ""
    create: bool = False

    def selects(self, id_: Id) -> bool:
        """The field is one of such an object."""
        return self.kind in ("", id_.kind) and self.group in ("", id_.group) and self.version in ("", id_.version)


class Reference(NamedTuple):
    """Fields that hold the name of an object of a kind."""

    kind: str
    fields: tuple[Field, ...]
    group: str = ""
    version: str = ""

    def selects(self, id_: Id) -> bool:
        """An object of this id is of the kind that is named."""
        return self.kind in ("", id_.kind) and self.group in ("", id_.group) and self.version in ("", id_.version)


class Fields(NamedTuple):
    """All tables; the names are those of a `configurations` file."""

    namePrefix: tuple[Field, ...] = ()  # noqa: N815  kustomize's words, here and below
    nameSuffix: tuple[Field, ...] = ()  # noqa: N815
    namespace: tuple[Field, ...] = ()
    commonLabels: tuple[Field, ...] = ()  # noqa: N815
    labels: tuple[Field, ...] = ()
    templateLabels: tuple[Field, ...] = ()  # noqa: N815
    commonAnnotations: tuple[Field, ...] = ()  # noqa: N815
    varReference: tuple[Field, ...] = ()  # noqa: N815
    images: tuple[Field, ...] = ()
    replicas: tuple[Field, ...] = ()
    nameReference: tuple[Reference, ...] = ()  # noqa: N815


def table_of(name: str, fields: tuple[Field, ...]) -> Fields:
    """Tables of which one, that is none of references, holds something."""
    return Fields(**{name: fields}, nameReference=())


_FIRST = [
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
]
_LAST = ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")


def split(path: str) -> tuple[str, ...]:
    r"""The parts of a path; `\/` is a slash in a part. Raises BuildError for one that leads too deep."""
    parts = path.removeprefix("/").replace("\\/", "\0").split("/")
    if len(parts) > DEPTH:
        raise BuildError(f"a path is {TOO_DEEP}")
    return tuple(part.replace("\0", "/") for part in parts)


def rank(about: Field | Reference) -> tuple[int, str]:
    """The order of kyaml/resid/gvk.go `IsLessThan`."""
    kind = about.kind
    order = _FIRST.index(kind) - len(_FIRST) if kind in _FIRST else _LAST.index(kind) + 1 if kind in _LAST else 0
    return order, f"{about.group or '~G'}_{about.version or '~V'}_{kind or '~K'}"


def merged(one: Fields, other: Fields) -> Fields:
    """Both tables, each in order: a field for a kind that comes before the same one for all kinds takes its place.

    Source: api/internal/plugins/builtinconfig/transformerconfig.go `Merge`. Raises BuildError where they say different things of one field.
    """
    return one if one is other or other == Fields() else _merged(one, other)


@lru_cache(maxsize=64)  # what a base configures is merged with the built-in tables for each of its overlays
def _merged(one: Fields, other: Fields) -> Fields:
    plain = {name: tuple(sorted(merged_fields(getattr(one, name), getattr(other, name)), key=rank)) for name in Fields._fields[:-1]}
    return Fields(**plain, nameReference=_merged_references(one.nameReference, other.nameReference))


def merged_fields(mine: Iterable[Field], theirs: Iterable[Field]) -> tuple[Field, ...]:
    """The fields of both, each once. Raises BuildError where they say different things of one field."""
    out = list(mine)
    for field in theirs:
        same = next((f for f in out if f.path == field.path and _covers(field, f)), None)
        if same is None:
            out.append(field)
        elif same.create != field.create:
            raise BuildError(f"configurations disagree about `{'/'.join(field.path)}`")
    return tuple(out)


def _covers(general: Field, special: Field) -> bool:
    return general.kind in ("", special.kind) and general.group in ("", special.group) and general.version in ("", special.version)


def _merged_references(mine: tuple[Reference, ...], theirs: tuple[Reference, ...]) -> tuple[Reference, ...]:
    out = list(mine)
    for reference in theirs:
        key = (reference.kind, reference.group, reference.version)
        for number, known in enumerate(out):
            if (known.kind, known.group, known.version) == key:
                out[number] = known._replace(fields=merged_fields(known.fields, reference.fields))
                break
        else:
            out.append(reference)
    return tuple(sorted(out, key=rank))


def read(root: Value) -> Fields:
    """The tables in a `configurations` file. Raises BuildError for what is none."""
    if root is None:
        return Fields()
    if not isinstance(root, Map):
        raise BuildError("is no transformer configuration")
    known = {name.lower(): name for name in Fields._fields}
    tables: dict[str, tuple[Field, ...]] = {}
    references: tuple[Reference, ...] = ()
    for key, value in root.items():
        name = known.get(key.lower())
        if name is None:
            raise BuildError(f"has a field `{key}`, which a transformer configuration does not know")
        if name == "nameReference":
            references = tuple(
                Reference(_word(item, "kind"), _read_fields(item.get("fieldSpecs")), _word(item, "group"), _word(item, "version"))
                for item in _maps(value, ("kind", "group", "version", "fieldspecs"))
            )
        else:
            tables[name] = _read_fields(value)
    return Fields(**tables, nameReference=references)


def _maps(value: Value, known: tuple[str, ...]) -> list[Map]:
    if value is None:
        return []
    if not isinstance(value, Seq) or not all(isinstance(item, Map) for item in value):
        raise BuildError("is no transformer configuration")
    odd = next((key for item in value for key in item if key.lower() not in known), None)
    if odd is not None:
        raise BuildError(f"has an entry with a field `{odd}`, which a transformer configuration does not know")
    return list(value)


def _read_fields(value: Value) -> tuple[Field, ...]:
    return tuple(
        Field(split(_word(item, "path")), _word(item, "kind"), _word(item, "group"), _word(item, "version"), item.get("create") is True)
        for item in _maps(value, ("path", "kind", "group", "version", "create"))
    )


def _word(node: Map, key: str) -> str:
    return string(node.get(key), key)
