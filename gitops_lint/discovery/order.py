"""The order in which changes travel through stages, where a promotion tool is told it in the repository."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from gitops_lint.model import Document, Evidence
from gitops_lint.node import Map, Seq, Value, unpack

_NO_STAGE = frozenset(("dev", "preview"))  # Jenkins X calls the cluster that it runs in itself `dev`


class Order(NamedTuple):
    """Stages from the first to the last; those of one step are not ordered among themselves."""

    steps: tuple[tuple[str, ...], ...]
    evidence: Evidence

    @property
    def names(self) -> tuple[str, ...]:
        """All stages, in order."""
        return tuple(name for step in self.steps for name in step)


class _Stage(NamedTuple):
    after: tuple[str, ...]
    deploys: bool  # otherwise it only branches the way


def orders(documents: Iterable[Document]) -> tuple[Order, ...]:
    """The orders that documents declare: Kargo's Stages, GitOps Promoter, Codefresh, Jenkins X, and rolling ApplicationSets, by place.

    Sources: kargo api/v1alpha1/stage_types.go; gitops-promoter api/v1alpha1/promotionstrategy_types.go; Codefresh's promotions in YAML;
    jx-api pkg/apis/core/v4beta1/requirements.go; argo-cd pkg/apis/application/v1alpha1/applicationset_types.go. An order of fewer than
    two stages, or one that goes round in a circle, is none.
    """
    out: list[Order] = []
    stages: dict[str, dict[str, _Stage]] = defaultdict(dict)
    first: dict[str, Evidence] = {}
    for document in documents:
        for root in document.roots:
            value = root.value
            if not isinstance(value, Map):
                continue
            kind = (str(value.get("apiVersion")).partition("/")[0], str(value.get("kind")))
            if kind == ("kargo.akuity.io", "Stage"):
                project = _text(value.get("metadata"), "namespace")
                stages[project][_text(value.get("metadata"), "name")] = _stage(_map(value.get("spec")))
                first.setdefault(project, _evidence("Kargo's stages", value))
            elif kind in _READERS:
                reader, words = _READERS[kind]
                out.append(Order(tuple(reader(_map(value.get("spec")))), _evidence(words, value)))
    out += [Order(_levels(graph), first[project]) for project, graph in stages.items()]
    return tuple(sorted((order for order in out if len(order.names) > 1), key=lambda order: (order.evidence.path, order.evidence.line)))


def _stage(spec: Map) -> _Stage:
    requested = [_map(item.get("sources")) for item in _maps(spec.get("requestedFreight"))]
    after = [str(name) for sources in requested for name in _list(sources.get("stages"))]
    return _Stage(tuple(dict.fromkeys(after)), isinstance(spec.get("promotionTemplate"), Map))


def _levels(graph: Mapping[str, _Stage]) -> tuple[tuple[str, ...], ...]:
    """The stages of a graph by the longest way to them; nothing for a circle."""
    levels: dict[str, int] = {}
    for _ in range(len(graph) + 1):
        changed = False
        for name, stage in graph.items():
            level = max((levels.get(other, 0) + 1 for other in stage.after if other in graph), default=0)
            changed |= levels.get(name) != level
            levels[name] = level
        if not changed:
            steps = [tuple(sorted(name for name in graph if levels[name] == n and graph[name].deploys)) for n in range(len(graph))]
            return tuple(step for step in steps if step)
    return ()


def _promoter(spec: Map) -> Iterator[tuple[str, ...]]:
    for item in _maps(spec.get("environments")):
        yield (_text(item, "branch").rpartition("/")[2],)


def _codefresh(spec: Map) -> tuple[tuple[str, ...], ...]:
    start = _text(spec, "triggerEnvironment")
    graph = {start: _Stage((), deploys=True)} if start else {}
    named = {_text(item, "name") or _text(item, "environment"): _text(item, "environment") for item in _maps(spec.get("steps"))}
    for item in _maps(spec.get("steps")):
        after = tuple(named.get(str(name), str(name)) for name in _list(item.get("dependsOn"))) or ((start,) if start else ())
        graph[_text(item, "environment")] = _Stage(after, deploys=True)
    return _levels(graph)


def _jenkins_x(spec: Map) -> Iterator[tuple[str, ...]]:
    for item in _maps(spec.get("environments")):
        key = _text(item, "key")
        if key.lower() not in _NO_STAGE and _text(item, "promotionStrategy") != "Never":
            yield (key,)


def _rolling(spec: Map) -> Iterator[tuple[str, ...]]:
    """The labels that the steps of a `rollingSync` ask for, if they all ask for the same one."""
    steps = _maps(_map(_map(spec.get("strategy")).get("rollingSync")).get("steps"))
    asked = [item for step in steps for item in _maps(step.get("matchExpressions")) if item.get("operator") == "In"]
    if len({_text(item, "key") for item in asked}) == 1 and len(asked) == len(steps):
        for item in asked:
            yield tuple(str(value) for value in _list(item.get("values")))


_READERS = {
    ("promoter.argoproj.io", "PromotionStrategy"): (_promoter, "a PromotionStrategy"),
    ("codefresh.io", "PromotionFlow"): (_codefresh, "a PromotionFlow"),
    ("core.jenkins-x.io", "Requirements"): (_jenkins_x, "Jenkins X's requirements"),
    ("argoproj.io", "ApplicationSet"): (_rolling, "the steps of a rolling ApplicationSet"),
}


def _evidence(words: str, root: Map) -> Evidence:
    return Evidence(f"declared by {words}", declared=True, path=root.path, line=unpack(root.at)[0] + 1)


def _map(value: Value) -> Map:
    return value if isinstance(value, Map) else Map()


def _list(value: Value) -> Seq:
    return value if isinstance(value, Seq) else Seq()


def _maps(value: Value) -> list[Map]:
    return [item for item in value if isinstance(item, Map)] if isinstance(value, Seq) else []


def _text(node: Value, key: str) -> str:
    value = node.get(key) if isinstance(node, Map) else None
    return str(value) if isinstance(value, str | int | float) else ""
