"""A kustomization file: found in its folder, decoded as Go decodes JSON into a struct, and given field by field."""

from __future__ import annotations

from typing import NamedTuple
from weakref import WeakKeyDictionary

from gitops_lint.files import Files
from gitops_lint.merge.kustomize.edit import Origin, origin_of
from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.model import Document
from gitops_lint.node import Map, Seq, Value, item_location, key_location

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_FIELDS = frozenset(
    name.lower()
    for name in [
        "apiVersion",
        "kind",
        "metadata",
        "openapi",
        "namePrefix",
        "nameSuffix",
        "namespace",
        "commonLabels",
        "labels",
        "commonAnnotations",
        "patchesStrategicMerge",
        "patchesJson6902",
        "patches",
        "images",
        "imageTags",
        "replacements",
        "replicas",
        "vars",
        "sortOptions",
        "resources",
        "components",
        "crds",
        "bases",
        "configMapGenerator",
        "secretGenerator",
        "helmGlobals",
        "helmCharts",
        "helmChartInflationGenerator",
        "generatorOptions",
        "configurations",
        "generators",
        "transformers",
        "validators",
        "buildMetadata",
    ]
)
_TYPE = ("apiversion", "kind")
_UNSET: tuple[Value, ...] = (None, "")  # what leaves a field as it is when nothing is said


class Entry(NamedTuple):
    """An item of a list in a kustomization file: its value and the line it starts at."""

    value: Value
    line: int
    origin: Origin


class Kustomization(NamedTuple):
    """A decoded kustomization file. `folder` is what its paths are relative to."""

    path: str
    folder: str
    root: Map
    fields: dict[str, str]  # lower case -> as written
    document: Document

    @property
    def component(self) -> bool:
        """It is a Component, to be applied to what is there already."""
        return self.root.get(self.fields.get("kind", "")) == "Component"

    def get(self, field: str) -> Value:
        """The value of a field, whatever case it is written in."""
        key = self.fields.get(field.lower())
        return None if key is None else self.root[key]

    def line(self, field: str) -> int:
        """The line a field is written at."""
        key = self.fields.get(field.lower())
        return 1 if key is None else key_location(self.root, key).line

    def origin(self, field: str) -> Origin:
        """Where a field is written."""
        return origin_of(self.root, self.fields[field.lower()])

    def word(self, field: str) -> str:
        """A field that is a string. Raises BuildError for another type."""
        value = self.get(field)
        return string(value, field, self.path, self.line(field))

    def entries(self, *fields: str) -> list[Entry]:
        """The items of fields that are lists, in order. Raises BuildError for another type."""
        out: list[Entry] = []
        for field in fields:
            value = self.get(field)
            if value is None:
                continue
            if not isinstance(value, Seq):
                raise BuildError(f"`{field}` is no list", self.path, self.line(field))
            for index, item in enumerate(value):
                at = value.value_at[index]
                place = item_location(value, index)  # elsewhere, where the deploying tool has added to the list
                out.append(Entry(item, place.line, Origin(place.path or self.path, at, at)))
        return out

    def maps(self, *fields: str) -> list[tuple[Map, int]]:
        """The items of fields that are lists of maps, with their lines. Raises BuildError for another type."""
        out = []
        for value, line, _ in self.entries(*fields):
            if not isinstance(value, Map):
                raise BuildError(f"an entry of `{fields[0]}` is no map", self.path, line)
            out.append((value, line))
        return out


def string(value: Value, field: str, path: str = "", line: int = 0) -> str:
    """A value that Go must be able to decode into a string. Raises BuildError."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BuildError(f"`{field}` is no string: quote it", path, line)
    return value


def string_map(value: Value, field: str) -> Map:
    """A value that Go must be able to decode into a map of strings. Raises BuildError."""
    if value is None:
        return Map()
    if not isinstance(value, Map):
        raise BuildError(f"`{field}` is no map")
    for key, inner in value.items():
        if inner is not None and not isinstance(inner, str):
            place = key_location(value, key)
            raise BuildError(f"`{field}.{key}` is no string: quote it", place.path, place.line)
    return value


def find(files: Files, folder: str) -> list[str]:
    """The kustomization files of a folder: one, if all is well."""
    prefix = folder + "/" if folder else ""
    return [prefix + name for name in NAMES if prefix + name in files]


def load(files: Files, folder: str) -> Kustomization:
    """The kustomization of a folder. Raises BuildError: none, two, or one that kustomize refuses."""
    found = find(files, folder)
    if len(found) != 1:
        reason = "has more than one kustomization file" if found else "has no kustomization file"
        raise BuildError(f"`{folder or '.'}` {reason}", found[1] if found else "", 1)
    document = files.document(found[0])
    known = _known.setdefault(files.shared, {}).get(found[0])
    if known is None or known.document is not document:
        known = _known[files.shared][found[0]] = _decoded(document, folder)
    return known


_known: WeakKeyDictionary[Files, dict[str, Kustomization]] = WeakKeyDictionary()  # by path; everybody asks about a base


def _decoded(document: Document, folder: str) -> Kustomization:
    path = document.path
    if document.error is not None:
        raise BuildError(f"cannot be read: {document.error.message}", path, document.error.line)
    if document.templated:
        raise BuildError("holds placeholders that are filled in later", path, 1)
    root = document.roots[0].value if document.roots else None
    if root is not None and not isinstance(root, Map):
        raise BuildError("is no map", path, 1)
    if root is None or all(value in _UNSET or key.lower() in _TYPE for key, value in root.items()):
        raise BuildError("is empty", path, 1)
    return _checked(Kustomization(path, folder, root, {key.lower(): key for key in root}, document))


def _checked(made: Kustomization) -> Kustomization:
    for lower, key in made.fields.items():
        if lower not in _FIELDS:
            raise BuildError(f"has a field `{key}`, which kustomize does not know", made.path, key_location(made.root, key).line)
    kind = made.word("kind") or "Kustomization"
    version = made.word("apiVersion")
    wanted = {"Kustomization": "kustomize.config.k8s.io/v1beta1", "Component": "kustomize.config.k8s.io/v1alpha1"}.get(kind)
    if wanted is None:
        raise BuildError(f"is a {kind}, not a Kustomization", made.path, made.line("kind"))
    if version not in ("", wanted):
        raise BuildError(f"has `apiVersion: {version}` where {kind} needs `{wanted}`", made.path, made.line("apiVersion"))
    return made
