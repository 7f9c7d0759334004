"""Who is compared with whom: the sets of environments of an application in which everything but the stage is held fixed.

Environments with the same axis values are peers across stages. Where an axis value occurs in one stage only, that environment is compared
with the others of its stage; where no value occurs in two stages (clusters below a stage), all are compared with all. An environment
without an axis that others have is everyone's peer, but not of a release that is in one stage only, beside stages without releases.
Tenants are never each other's peers. What is an environment by weak evidence only is nobody's peer.
"""

from __future__ import annotations

from collections.abc import Sequence

from gitops_lint.model import Environment

_APART = frozenset({"tenant"})
Axes = tuple[tuple[str, str], ...]


def peers(environments: Sequence[Environment]) -> tuple[tuple[Environment, ...], ...]:
    """The sets of two and more environments that are compared within, in order, none of them twice."""
    out: list[tuple[Environment, ...]] = []
    said = [env for env in environments if not env.evidence.weak]
    for tenant in dict.fromkeys(_tenant(env) for env in said):
        out += _of_tenant([env for env in said if _tenant(env) == tenant])
    return tuple(dict.fromkeys(group for group in out if len(group) > 1))


def _tenant(env: Environment) -> Axes:
    return tuple(axis for axis in env.axes if axis[0] in _APART)


def _free(env: Environment) -> Axes:
    return tuple(axis for axis in env.axes if axis[0] not in _APART)


def _of_tenant(environments: list[Environment]) -> list[tuple[Environment, ...]]:
    by_axes: dict[Axes, list[Environment]] = {}
    for env in environments:
        by_axes.setdefault(_free(env), []).append(env)
    plain = by_axes.pop((), [])
    if not by_axes:
        return [tuple(plain)]
    shared = [axes for axes, group in by_axes.items() if len({env.stage for env in group}) > 1]
    if not shared:
        others = [env for env in environments if env in plain or not any(axis == "release" for axis, _ in env.axes)]
        return [tuple(others if len({env.stage for env in plain}) > 1 else environments)]
    out = [tuple(_ordered(environments, {id(e) for e in (*by_axes[axes], *plain)})) for axes in shared]
    for axes, group in by_axes.items():
        if axes not in shared:
            stages = {env.stage for env in group}
            out.append(tuple(env for env in environments if env.stage in stages and env not in plain))
    return out


def _ordered(environments: list[Environment], chosen: set[int]) -> list[Environment]:
    return [env for env in environments if id(env) in chosen]
