"""The orders that promotion tools are told, step by step, beside the ranks of the environments that they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from gitops_lint.discovery.order import Order, orders
from gitops_lint.files import Files
from gitops_lint.model import Environment, Repository
from gitops_lint.precedence import Precedence

_KINDS = ("Stage", "PromotionStrategy", "PromotionFlow", "Requirements", "ApplicationSet")


def declared_orders(files: Files) -> tuple[Order, ...]:
    """The orders that objects of a tree tell."""
    return orders(files.document(path) for path in files.with_kind(_KINDS))


def precedences(repository: Repository, declared: Sequence[Order]) -> Iterator[Precedence]:
    """Every two stages that follow one another, where environments of both names have a rank."""
    ranks = _ranks(env for app in repository.applications for env in app.environments) if declared else {}
    for order in declared:
        yield from _steps(order, ranks)


def _ranks(environments: Iterable[Environment]) -> dict[str, int]:
    """The rank of each name that environments have, if it is the same for all of them."""
    found: dict[str, set[int | None]] = {}
    for env in environments:
        for name in {env.name, env.name.rpartition("/")[2], env.stage}:
            found.setdefault(name.lower(), set()).add(env.rank)
    return {name: rank for name, ranks in found.items() if len(ranks) == 1 for rank in ranks if rank is not None}


def _steps(order: Order, ranks: dict[str, int]) -> Iterator[Precedence]:
    """The steps among the stages of which a rank is known; those between that nobody knows are passed over."""
    known = [[name for name in step if name.lower() in ranks] for step in order.steps]
    for before, after in pairwise([step for step in known if step]):
        for earlier in before:
            for later in after:
                yield Precedence(earlier, later, (ranks[earlier.lower()], ranks[later.lower()]), order.evidence)
