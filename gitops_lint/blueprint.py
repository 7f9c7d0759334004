"""What discovery says of an environment before anything is merged: which layers, in which order, read by which tool, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from gitops_lint.keypath import KeyPath
from gitops_lint.model import Evidence, Role, Unverified
from gitops_lint.node import Location, Map, Seq, Value


class Substitution(NamedTuple):
    """What fills in the `${VAR}` of objects once they are built: values by name; `complete` says that there can be no others."""

    variables: Map
    complete: bool
    at: Location  # in the object that asks for it


@dataclass(frozen=True, slots=True)
class Source:
    """Where a layer's values are: a file, or the block at `within` of one of its documents (`within` counts list items as `[0]`).

    `value` is set where discovery had to compute the block, by expanding an ApplicationSet for instance.
    """

    path: str
    role: Role
    within: KeyPath = ()
    document: int = 0
    optional: bool = False  # the deploying tool tolerates that it is absent
    value: Value = None
    named: Location | None = None  # where the path is written, if not where the environment is declared


@dataclass(frozen=True, slots=True)
class Blueprint:
    """An environment as it is declared or inferred.

    `system` names the tool that merges the layers: `helm`, `manifests` (each file's objects as they are), `kustomize` (`root` is the
    overlay's directory), … `root` is the chart's directory for `helm`, empty where there is none in the tree.
    `name` is as the repository writes it; `stage` the word in it that says which stage it is, empty where there is none.
    """

    application: str
    name: str
    stage: str
    system: str
    evidence: Evidence
    sources: tuple[Source, ...]
    axes: tuple[tuple[str, str], ...] = ()
    root: str = ""
    hazy: tuple[Unverified, ...] = ()
    noted: tuple[Unverified, ...] = ()  # what no file of the tree can tell, and nothing else is in doubt for
    tree: str = ""  # the label of another tree that it lives in
    options: tuple[tuple[str, str], ...] = ()  # what a system needs beyond this: a chart's release name, …
    beside: tuple[str, ...] = ()  # files of what is deployed along with it and compared with nothing
    substitution: Substitution | None = None  # where placeholders are filled in after the build

    def read(self) -> Iterator[str]:
        """The files from which discovery computed values of this environment."""
        waiting: list[Value] = [source.value for source in self.sources]
        waiting += [self.substitution.variables] if self.substitution is not None else []
        while waiting:
            node = waiting.pop()
            if isinstance(node, Map | Seq):
                yield node.path
                waiting += node.values() if isinstance(node, Map) else node
                waiting += (node.of or {}).values() if isinstance(node, Map) else [source for source, _ in node.of or ()]
