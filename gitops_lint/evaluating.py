"""From the blueprints of an application to its environments: each one's layers merged, as the tool that deploys them does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from importlib import import_module

from gitops_lint import likely
from gitops_lint.blueprint import Blueprint
from gitops_lint.compare import compare
from gitops_lint.judging import LARGEST
from gitops_lint.merge import absent, flux_releases, flux_variables
from gitops_lint.merge.evaluated import Evaluated
from gitops_lint.model import Comparison, Environment, Unverified
from gitops_lint.node import Map
from gitops_lint.parity import explain
from gitops_lint.peers import peers
from gitops_lint.stages import Stages
from gitops_lint.watched import Watched

_ALL = 1_000_000  # values in all environments of an application that are looked at


def environments(blueprints: Iterable[Blueprint], view: Watched, stages: Stages) -> tuple[Environment, ...]:
    """The environments of sibling blueprints, in the order of their ranks."""
    made = [_environment(blueprint, _evaluate(blueprint, view), stages) for blueprint in blueprints]
    return tuple(_bounded(sorted(made, key=lambda env: (env.rank is None, env.rank or 0, env.name))))


def _bounded(environments: Iterable[Environment]) -> Iterator[Environment]:
    """The environments, but for those that are too large to be compared: nothing is known of them."""
    left = _ALL
    for env in environments:
        documents = {layer.path: layer.document for layer in env.layers}
        weight = sum(document.nodes for document in documents.values())
        if weight <= min(LARGEST, left):
            left -= weight
            yield env
            continue
        heaviest = max(documents.values(), key=lambda document: document.nodes)
        among = f"more than the {LARGEST:,}" if weight > LARGEST else f"which with those of other environments are more than the {_ALL:,}"
        said = "absent" if heaviest.nodes > LARGEST else "error"  # of a file that is too large by itself there is a finding
        why = Unverified(heaviest.path, 1, f"{env.name} has {weight:,} keys and values, {among} that are looked at", said)
        layers = tuple(replace(layer, value=None) for layer in env.layers)
        yield replace(env, values=Map(env.values.path, env.values.at), layers=layers, hazy=(*env.hazy, why))


def comparisons(environments: Sequence[Environment]) -> tuple[Comparison, ...]:
    """How they differ, one comparison for each set of peers, and what is lacking where only weak evidence makes an environment."""
    return (*(explain(compare(group)) for group in peers(environments)), *likely.comparisons(environments))


def _evaluate(blueprint: Blueprint, files: Watched) -> Evaluated:
    files.note(blueprint.read())  # what discovery computed from it has positions, which are the same while the file is
    module = import_module(f"gitops_lint.merge.{blueprint.system}")
    evaluated: Evaluated = module.evaluate(blueprint, files)
    evaluated = absent.marked(evaluated, blueprint, files)
    evaluated = evaluated if blueprint.substitution is None else flux_variables.apply(evaluated, blueprint.substitution)
    return flux_releases.applied(evaluated, blueprint, files)


def _environment(blueprint: Blueprint, evaluated: Evaluated, stages: Stages) -> Environment:
    stage = stages.named(blueprint.stage) or stages.within(blueprint.stage)
    named = (blueprint.stage, *blueprint.name.split("/"), *(value for _, value in blueprint.axes))
    words = {word.lower() for word in named} | ({stage.name, *stage.aliases} if stage is not None else set())
    return Environment(
        application=blueprint.application,
        name=blueprint.name,
        stage=stage.name if stage else blueprint.stage,
        rank=stage.rank if stage else None,
        system=blueprint.system,
        evidence=blueprint.evidence,
        layers=evaluated.layers,
        values=evaluated.values,
        axes=blueprint.axes,
        protected=stage.protected if stage else False,
        disabled=evaluated.disabled,
        hazy=(*blueprint.hazy, *evaluated.hazy),
        noted=(*blueprint.noted, *evaluated.noted),
        tree=blueprint.tree,
        warnings=evaluated.warnings,
        undefined=evaluated.undefined,
        absent=evaluated.absent,
        beside=blueprint.beside,
        chart=blueprint.root if blueprint.system == "helm" else "",
        words=frozenset(word for word in words if len(word) > 1),
    )
