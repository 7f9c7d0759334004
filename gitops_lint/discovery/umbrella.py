"""An umbrella chart for each environment: `envs/<env>/Chart.yaml` with its own values.yaml."""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.blueprint import Blueprint, Source
from gitops_lint.discovery.candidates import families, placed
from gitops_lint.discovery.layering import shared_layers
from gitops_lint.discovery.naming import distinct, folder_names
from gitops_lint.files import Files
from gitops_lint.model import Evidence, Role
from gitops_lint.node import Map
from gitops_lint.settings import Settings


def find(files: Files, settings: Settings, claimed: set[str]) -> Iterator[Blueprint]:
    """The environments that are charts of their own, siblings of each other by the folder they stand in."""
    charts = [place for place in placed(files, settings, claimed) if place.name == "Chart.yaml" and not place.by_file]
    groups = list(families(charts, lambda place: place.folder))
    names = distinct([folder_names(pattern) for pattern, _ in groups])
    for application, (pattern, environments) in zip(names, groups, strict=True):
        for name, (place, *_) in environments.items():
            root = place.path.rpartition("/")[0]
            shape = Source(place.path, Role.SHAPE, value=Map(place.path))  # it decides what is rendered, and gives no values
            own = [Source(path, Role.OWN) for path in (f"{root}/values.yaml", f"{root}/values.yml") if path in files]
            below = [Source(path, Role.COMMON) for path in shared_layers(f"{pattern}/values.yaml", files, root)]
            claimed.update((place.path, *(source.path for source in own)))
            evidence = Evidence(f"a chart of its own, placed like `{pattern}/Chart.yaml`", path=place.path)
            yield Blueprint(application, name, place.reading.word, "helm", evidence, (shape, *below, *own), place.reading.axes, root)
