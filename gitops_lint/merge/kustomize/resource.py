"""A Kubernetes object on its way through a kustomization, with the names it has had."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, TypeAlias

from gitops_lint.merge.kustomize.edit import copied
from gitops_lint.merge.kustomize.schema import CLUSTER_SCOPED
from gitops_lint.merge.kustomize.trouble import BuildError
from gitops_lint.merge.kustomize.tying import Tie, carried
from gitops_lint.node import Map

NO_NAMESPACE = "_non_namespaceable_"


Unique: TypeAlias = tuple[str, ...]


class Id(NamedTuple):
    """What an object is known by. Source: kustomize kyaml/resid/resid.go.

    `space` is the namespace for comparing: `default` where none is given, and one of its own for kinds that have none.
    """

    group: str
    version: str
    kind: str
    name: str
    namespace: str
    space: str

    @property
    def cluster_scoped(self) -> bool:
        """The kind is built in and known to have no namespace."""
        return self.space == NO_NAMESPACE

    @property
    def unique(self) -> Unique:
        """Equal for two ids that kustomize takes for the same."""
        return self[:4] + self[5:]

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}" + (f" in {self.namespace}" if self.namespace else "")


def make_id(api_version: str, kind: str, name: str, namespace: str) -> Id:
    """An id out of the fields of an object."""
    group, version = split_version(api_version)
    space = NO_NAMESPACE if (api_version, kind) in CLUSTER_SCOPED else namespace or "default"
    return Id(group, version, kind, name, namespace, space)


class Resource(NamedTuple):
    """An object and what kustomize remembers about it."""

    node: Map
    id: Id
    previous: tuple[Id, ...] = ()  # the ids it has had, the oldest first
    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    behavior: str = ""
    hashed: bool = False  # a hash of the content is to be added to the name
    generated: bool = False
    hollow: bool = False  # it may hold nulls that are written as nothing
    variables: tuple[str, ...] = ()  # the `vars` that read it
    ties: tuple[Tie, ...] = ()  # labels and annotations that change together
    configured: tuple[str, ...] = ()  # of a generated one: the file, the kind and the name of what generates it

    @property
    def original(self) -> Id:
        """The id it started with."""
        return self.previous[0] if self.previous else self.id

    def ids(self) -> tuple[Id, ...]:
        """All ids that it has or has had."""
        return (*self.previous, self.id)

    def known_as(self, wanted: Id) -> bool:
        """Whether it has, or has had, an id that kustomize takes for the same."""
        return any(id_.name == wanted.name and id_.unique == wanted.unique for id_ in self.ids())

    def with_node(self, node: Map) -> Resource:
        """The resource with another object in it. Raises BuildError for one without a kind or a name, which kustomize refuses."""
        if node is self.node:
            return self
        if self.ties:
            node = carried(self.ties, self.node, node)
        id_ = identify(node)
        if not id_.name or not id_.kind:
            raise BuildError(f"{self.id} is left without a {'kind' if id_.name else 'name'}")
        return self._replace(node=node, id=id_, previous=_regrouped(self, node))

    def remembering(self) -> Resource:
        """The resource with its id added to the ones that it has had."""
        id_ = self.id if self.id.namespace == self.id.space else self.id._replace(namespace=self.id.space)
        return self._replace(previous=(*self.previous, id_))

    def annotated(self) -> Map:
        """The object with annotations, even if none: kustomize keeps its own there while it builds, so that there is a place to add to."""
        node, meta = self.node, self.node["metadata"]
        if isinstance(meta.get("annotations"), Map) or not (self.previous or self.generated):
            return node
        out, held = copied(node), copied(meta)
        held["annotations"] = Map(meta.path, meta.at)
        out["metadata"] = held
        return out


@lru_cache(maxsize=4096)
def split_version(api_version: str) -> tuple[str, str]:
    """The group and the version in an `apiVersion`."""
    group, slash, version = api_version.partition("/")
    return (group, version) if slash else ("", group)


def identify(node: Map) -> Id:
    """The id of an object."""
    meta = node.get("metadata")
    meta = meta if isinstance(meta, Map) else {}
    return make_id(text(node.get("apiVersion")), text(node.get("kind")), text(meta.get("name")), text(meta.get("namespace")))


def text(value: object) -> str:
    """A scalar as kustomize reads it where it wants a string."""
    if value.__class__ is str:
        return value  # the common case, and not a subclass
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def strings(node: Map, field: str) -> dict[str, str]:
    """The labels or the annotations of an object."""
    meta = node.get("metadata")
    found = meta.get(field) if isinstance(meta, Map) else None
    return {key: text(value) for key, value in found.items()} if isinstance(found, Map) else {}


def _regrouped(resource: Resource, node: Map) -> tuple[Id, ...]:
    """Previous ids keep their kind and name, never their group: kustomize api/internal/utils/makeResIds.go."""
    if not resource.previous:
        return ()
    group, version = split_version(text(node.get("apiVersion")))
    if all(old.group == group and old.version == version for old in resource.previous):
        return resource.previous
    return tuple(old._replace(group=group, version=version) for old in resource.previous)
