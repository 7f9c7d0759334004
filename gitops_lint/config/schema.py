"""The configuration file as pydantic models: what may be written, and what the published JSON Schema says of it.

Imported by `config.load` and the generator alone, and only when a file has to be judged: pydantic is slow to import.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from gitops_lint.didyoumean import suggest


def kebab(name: str) -> str:
    """A field's name as it is written in YAML."""
    return name.replace("_", "-")


class Table(BaseModel):
    """A mapping whose keys are all known."""

    model_config = ConfigDict(strict=True, extra="forbid", alias_generator=kebab, populate_by_name=False, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, data: Any) -> Any:  # noqa: ANN401  anything may be written
        if isinstance(data, dict) and cls.model_config.get("extra") == "forbid":
            known = [field.alias or name for name, field in cls.model_fields.items()]
            for key in data:
                if key not in known:
                    ctx = {"key": key, "hint": suggest(str(key), known) or f"; known: {', '.join(sorted(known))}"}
                    raise PydanticCustomError("unknown_key", "no such key `{key}`{hint}", ctx)
        return data


_MOST_WILDCARDS = 6  # in one key pattern: each multiplies the ways in which a long key can match


def _date(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise PydanticCustomError("date", "not a date like 2027-06-30") from error
    return text


def _is_text(value: object) -> str:
    return "text" if isinstance(value, str) else "more"


def _is_word(value: object) -> str:
    return "word" if isinstance(value, str | bool) else "more"


def _is_flag(value: object) -> str:
    return "flag" if isinstance(value, bool) else "text" if isinstance(value, str) else "more"


def _order(text: str) -> str:
    if not re.fullmatch(r"\s*\S+\s*(>=|<=|>|<|=)\s*\S+\s*", text):
        raise PydanticCustomError("order", "not a comparison like `prod >= qa`")
    return text


def _short(patterns: str | list[str]) -> str | list[str]:
    for pattern in [patterns] if isinstance(patterns, str) else patterns:
        if len(re.findall(r"\*+", pattern)) > _MOST_WILDCARDS:
            raise PydanticCustomError("wildcards", "a pattern with more than {most} wildcards", {"most": _MOST_WILDCARDS})
    return patterns


Day = Annotated[str, AfterValidator(_date), Field(json_schema_extra={"format": "date"})]
Names = Annotated[Annotated[str, Tag("text")] | Annotated[list[str], Tag("more")], Discriminator(_is_text)]
Whose = Annotated[
    Annotated[Literal[True], Tag("flag")] | Annotated[str, Tag("text")] | Annotated[list[str], Tag("more")], Discriminator(_is_flag)
]
# YAML 1.1, which Kubernetes reads, takes `off` for false
Level = Literal["error", "warning", "info", "off", False]


class Environment(Table):
    """A stage; their order in the list is the order of promotion."""

    name: str = Field(min_length=1)
    aliases: list[str] = Field(default=[], description="other names that directories and files use for it")
    protected: bool | None = Field(default=None, description="judged more strictly; by default the last one is")
    rank: int | None = Field(default=None, description="its place in the order of promotion, when several share one")


def _distinct(entries: list[str | Environment]) -> list[str | Environment]:
    seen: set[str] = set()
    for entry in entries:
        for name in [entry] if isinstance(entry, str) else [entry.name, *entry.aliases]:
            if name.lower() in seen:
                raise PydanticCustomError("ambiguous", "`{name}` names two environments", {"name": name})
            seen.add(name.lower())
    return entries


EnvironmentEntry = Annotated[Annotated[str, Tag("text")] | Annotated[Environment, Tag("more")], Discriminator(_is_text)]


Stages = Annotated[list[EnvironmentEntry], AfterValidator(_distinct)]


class Tree(Table):
    """Another tree to compare with this one."""

    branch: str = Field(default="", description="a branch of this repository")
    path: str = Field(default="", description="a checkout elsewhere")

    @model_validator(mode="after")
    def _one(self) -> Tree:
        if bool(self.branch) == bool(self.path):
            raise PydanticCustomError("tree", "needs either `branch` or `path`")
        return self


class Application(Table):
    """An application that cannot be discovered."""

    name: str = Field(min_length=1)
    environments: dict[str, list[str]] = Field(min_length=1, description="for each environment its values files, lowest first")


class RuleTable(BaseModel):
    """A rule's severity and options."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)

    severity: Level | None = None
    locked: bool = Field(default=False, description="findings may not be suppressed")


RuleEntry = Annotated[Annotated[Level, Tag("word")] | Annotated[RuleTable, Tag("more")], Discriminator(_is_word)]


class Override(Table):
    """Rule settings for some paths only."""

    paths: list[str] = Field(min_length=1)
    rules: dict[str, RuleEntry] = Field(min_length=1, description="by rule or category")


KINDS = ("only", "optional", "required", "forbidden", "must_differ", "must_equal", "order")


class Clause(Table):
    """What holds for some keys, and why; exactly one of the kinds."""

    keys: Annotated[Names, AfterValidator(_short)] = Field(description="key patterns: `ingress.tls.**`, `env[*_URL].value`, `{a,b}.c`")
    applications: list[str] = Field(default=[], description="name patterns; all of them if it is left out")
    only: Names | None = Field(default=None, description="environments that may have the keys, and no others")
    optional: Whose | None = Field(default=None, description="environments that may leave the keys out; `true` for all")
    required: Whose | None = Field(default=None, description="environments that must have the keys; `true` for all")
    forbidden: Names | None = Field(default=None, description="environments that must not have the keys")
    must_differ: Whose | None = Field(default=None, description="no two of these environments share a value; `true` for all")
    must_equal: Whose | None = Field(default=None, description="all of these environments share one value; `true` for all")
    order: Annotated[str, AfterValidator(_order)] | None = Field(default=None, description="how values compare, like `prod >= qa`")
    reason: str = ""
    owner: str = ""
    until: Day | None = Field(default=None, description="the last day on which it holds")

    @model_validator(mode="after")
    def _one_kind(self) -> Clause:
        if sum(getattr(self, kind) is not None for kind in KINDS) != 1:
            raise PydanticCustomError("clause", "needs exactly one of " + ", ".join(f"`{kebab(kind)}`" for kind in KINDS))
        return self


class Config(Table):
    """The configuration of gitops-lint, `.gitops-lint.yaml`."""

    schema_: str = Field(default="", alias="$schema", description="for editors")
    environments: Stages = Field(default=[], description="the stages, in the order of promotion")
    ephemeral: list[str] | None = Field(default=None, description="environments made on the fly, which are left out")
    trees: dict[str, Tree] = Field(default={}, description="branches and checkouts to compare with")
    parity: Literal["strict", "together", "staged"] = Field(default="together", description="when a key must be everywhere")
    exclude: list[str] = Field(default=[], description="path patterns that are not read")
    applications: list[Application] = Field(default=[], description="what discovery cannot know")
    rules: dict[str, RuleEntry] = Field(default={}, description="severity and options, by rule or category")
    overrides: list[Override] = Field(default=[], description="rule settings for some paths only")
    contract: list[Clause] = Field(default=[], description="what is meant to differ, and what may not")
    plugins: list[str] = Field(default=[], description="installed distributions that bring rules")
    baseline: str = Field(default="", description="the file of accepted findings")
    reasons_required: bool = Field(default=False, description="a comment that suppresses must say why")
