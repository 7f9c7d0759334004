"""Which environments there are: what the configuration and the repository declare, then what names suggest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from gitops_lint.blueprint import Blueprint
from gitops_lint.discovery import config, manifest_dirs, umbrella, values_names
from gitops_lint.files import Files
from gitops_lint.settings import Settings


class Adapter(Protocol):
    """One way of declaring environments. A module that has `find` is one."""

    def find(self, files: Files, settings: Settings, claimed: set[str]) -> Iterator[Blueprint]:
        """The environments that it knows of; the paths that are theirs alone are added to `claimed`, and claimed ones left alone."""


ADAPTERS: tuple[Adapter, ...] = (
    config,
    umbrella,
    values_names,
    manifest_dirs,
)


def discover(files: Files, settings: Settings) -> tuple[Blueprint, ...]:
    """Every environment of a tree, by application and name. What one adapter claims, those after it leave alone."""
    claimed: set[str] = set()
    out: list[Blueprint] = []
    for adapter in ADAPTERS:
        taken = {blueprint.application for blueprint in out}
        out += [_apart(blueprint, taken) for blueprint in adapter.find(files, settings, claimed)]
    return tuple(sorted(out, key=lambda b: (b.application, b.name, b.axes)))


def _apart(blueprint: Blueprint, taken: set[str]) -> Blueprint:
    """The blueprint under a name that no other adapter's application has."""
    name = blueprint.application
    while name in taken:
        name = f"{name}:{blueprint.system}"
    return blueprint if name == blueprint.application else replace(blueprint, application=name)
