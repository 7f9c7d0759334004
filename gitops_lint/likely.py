"""How environments by weak evidence are compared: that one of them alone lacks what several others have is told, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gitops_lint.compare import compare
from gitops_lint.model import Comparison, Difference, Environment
from gitops_lint.parity import explain

_SEVERAL = 2


def comparisons(environments: Sequence[Environment]) -> Iterator[Comparison]:
    """The comparison of all environments of an application, if some are of weak evidence, with what is to be said of those."""
    if any(env.evidence.weak for env in environments) and len(environments) > _SEVERAL:
        found = explain(compare(environments))
        yield found._replace(differences=tuple(filter(_telling, found.differences)), contrasts=(), untold=0, weak=True)


def _telling(difference: Difference) -> bool:
    alone = len(difference.lack) == 1 and difference.lack[0].environment.evidence.weak
    return alone and len(difference.have) >= _SEVERAL
