"""The options of rules, which are dataclasses that know nothing of pydantic, judged by it."""

from __future__ import annotations

import dataclasses
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, create_model

from gitops_lint.config.schema import kebab
from gitops_lint.rule import NoOptions, Rule

OWN = ("severity", "locked")  # what every rule may be told


def option_names(rule: Rule[Any, Any]) -> tuple[str, ...]:
    """The names of a rule's options, as they are written in YAML."""
    if rule.options is NoOptions:
        return ()
    return tuple(kebab(field.name) for field in dataclasses.fields(cast("type[Any]", rule.options)))


def options_model(rule: Rule[Any, Any]) -> type[BaseModel]:
    """A model with one field, `options`; its configuration reaches the dataclasses inside: no unknown keys, names in kebab-case."""
    config = ConfigDict(extra="forbid", alias_generator=kebab)
    return create_model(rule.name, __config__=config, options=(cast("type[Any]", rule.options), ...))
