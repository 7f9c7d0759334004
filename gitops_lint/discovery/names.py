"""Where a path names an environment: the tokens of its segments that are stages, and the words beside them that are regions or roles."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import NamedTuple

from gitops_lint.settings import Settings
from gitops_lint.stages import Stage, Stages

ENV, CLUSTER = "{env}", "{cluster}"
SHARED = ("common", "base", "shared", "default", "defaults", "global", "globals", "all", "_common", "_base", "_default", "_defaults")
CONTAINERS = frozenset(("envs", "env", "environments", "environment", "overlays", "overlay", "clusters", "stages"))
_REGION = re.compile(
    r"eu|us|uk|asia|apac|emea|latam|global|(?:eu|us|ap|sa|ca|me|af|il|cn)-?(?:north|south|east|west|central)+-?\d*[a-z]?"
    r"|(?:east|west|central|north|south)+-?(?:us|eu|uk|europe|asia)-?\d*|(?:europe|asia|us|australia)-(?:north|south|east|west|central)+\d*"
    r"|uk(?:south|west)|(?:north|west)europe|ireland|frankfurt|london|paris|tokyo|virginia|oregon|ohio|sydney|singapore|mumbai|euw\d|eun\d|use\d|usw\d"
)
_NEGATIONS = frozenset(("non", "not", "no"))
_AUTHORITIES = frozenset(("letsencrypt", "encrypt", "acme", "clusterissuer"))  # their staging servers are no environment
_SHORTEST = 2  # letters: shorter words are the end of too many others
_TOKEN = re.compile(r"[A-Za-z0-9]+")


class Mark(NamedTuple):
    """A stage's name inside a path segment: `segment[start:end]`."""

    start: int
    end: int
    word: str
    stage: Stage


class Names:
    """Finds environments' names in path segments; each segment is looked at once."""

    def __init__(self, stages: Stages, ephemeral: tuple[str, ...]) -> None:
        self._stages = stages
        self._ephemeral = ephemeral
        self._suffixes = tuple(word for word in stages.words() if len(word) > _SHORTEST and word.isalpha())
        self._marks: dict[str, tuple[Mark, ...]] = {}

    def marks(self, segment: str) -> tuple[Mark, ...]:
        """The stages that a segment names, each as a token of its own: none in `product` or `non-prod`."""
        known = self._marks.get(segment)
        if known is None:
            known = self._marks[segment] = () if self.short_lived(segment) else tuple(self._find(segment))
        return known

    def glued(self, word: str) -> Mark | None:
        """The stage at the end of a word, as in `idfprod`; `nonprod` is none."""
        for stage in () if self.marks(word) else self._suffixes:
            at = len(word) - len(stage)
            if at > 1 and word.lower().endswith(stage) and word[:at].isalpha() and word[:at].lower() not in ("non", "not"):
                found = self._stages.named(stage)
                return None if found is None else Mark(at, len(word), word[at:], found)
        return None

    def clusters(self, parent: str, children: AbstractSet[str]) -> set[str]:
        """Those of an environment's subfolders that are its clusters or regions.

        A subfolder that names the stage again (`production/stone-prod-p01`) makes clusters of all its neighbours that are no common base;
        not so below a name that ends in a stage (`shop-demo/api-demo-web`): that is a programme, and they are its services.
        """
        stages = {mark.stage.name for mark in self.marks(parent) if mark.start == 0}
        if any(mark.stage.name in stages and mark.word != child for child in children for mark in self.marks(child)):
            return {child for child in children if not any(word in SHARED for word in re.split(r"[-_.]", child))}
        return {child for child in children if is_region(child)}

    def short_lived(self, segment: str) -> bool:
        """Whether an environment of this name lives only as long as a merge request."""
        stem = segment.partition(".")[0].lower()
        return any(fnmatchcase(stem, glob) for glob in self._ephemeral)

    def _find(self, segment: str) -> list[Mark]:
        found: list[Mark] = []
        tokens = [(m.start(), m.end()) for m in _TOKEN.finditer(segment)]
        number = 0
        while number < len(tokens):
            start, end = tokens[number]
            stage = None
            if number + 1 < len(tokens):
                far = tokens[number + 1][1]
                stage = self._named(segment[start:far].replace("_", "-"))
                if stage is not None:
                    end, number = far, number + 1
            before = segment[slice(*tokens[number - 1])].lower() if number else ""
            after = segment[slice(*tokens[number + 1])].lower() if number + 1 < len(tokens) else ""
            nobodys = before in _NEGATIONS or before in _AUTHORITIES or after in _AUTHORITIES
            stage = stage or (None if nobodys else self._named(segment[start:end]))
            if stage is not None:
                found.append(Mark(start, end, segment[start:end], stage))
            number += 1
        return found

    def _named(self, word: str) -> Stage | None:
        """The stage of a word, with or without a number behind it; a developer's own machine is no environment."""
        stage = self._stages.named(word) or self._stages.named(word.rstrip("0123456789"))
        return None if stage is None or stage.rank < 0 else stage


@lru_cache(maxsize=4)
def _names(stages: tuple[Stage, ...], ephemeral: tuple[str, ...]) -> Names:
    return Names(Stages(stages), ephemeral)


def names_of(settings: Settings) -> Names:
    """The names that a configuration knows; one object for the whole run, since it remembers what it has seen."""
    return _names(settings.stages, settings.ephemeral)


def is_region(word: str) -> bool:
    """Whether a word is how people write a region: `eu`, `us-east-1`, `uksouth`."""
    return _REGION.fullmatch(word.lower()) is not None
