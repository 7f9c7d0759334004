"""What comes of merging an environment's layers, whichever tool merges them."""

from __future__ import annotations

from typing import NamedTuple

from gitops_lint.keypath import KeyPath
from gitops_lint.model import Absent, Layer, Undefined, Unverified
from gitops_lint.node import Map


class Evaluated(NamedTuple):
    """The effective values of one environment, and what is known of how they came about.

    `values` is Helm values as they are, or Kubernetes objects by subject; `layers` go from the lowest to the one that wins.
    `disabled` are the subtrees that count for nothing. `hazy` says what could not be evaluated, `noted` what only
    a cluster knows and leaves the rest certain, and `warnings` what the deploying tool would say and go on.
    """

    values: Map
    layers: tuple[Layer, ...] = ()
    disabled: tuple[KeyPath, ...] = ()
    hazy: tuple[Unverified, ...] = ()
    warnings: tuple[str, ...] = ()
    undefined: tuple[Undefined, ...] = ()
    absent: tuple[Absent, ...] = ()
    noted: tuple[Unverified, ...] = ()
