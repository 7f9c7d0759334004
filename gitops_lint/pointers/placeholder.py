"""Text that somebody fills in before deployment, so that nothing can be said about it."""

from __future__ import annotations

import re

from gitops_lint.node import Opaque
from gitops_lint.regex import regex

_FILLED = regex(
    r"\$\{|\$\(|\$\[|\{\{|\}\}|<%|%>|<<|>>|#\{"  # envsubst, make and Kubernetes, Azure, Go templates, ERB, Flux Operator, Octopus
    r"|<[A-Za-z][^<>]*>|%[A-Za-z_]{2,}%|@[A-Z_]{2,}@|__[A-Za-z]\w*__"  # <tag>, %TAG%, @TAG@, __TAG__
    r"|(?:^|[:/@])\$[A-Za-z_]\w*"  # $TAG
    r"|^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?:[/:]|$)"  # IMAGE_TAG, REGISTRY_HOST/shop, REPLACE_IMAGE:v1
    r"|\(\([^()]+\)\)"  # ((registry)), of Concourse
    r"|^\[\w+\(.*\)\]$"  # [parameters('image')], of an Azure template
    r"|^ENC\["  # encrypted by SOPS
)
_TO_DO = regex(
    r"(?:^|[^A-Za-z])(?:(?:change|replace|fill)[-_]?(?:me|this|in)|to[-_]?be[-_]?(?:replaced|set|filled|defined)|placeholder|tbd|(?:override|patch)[-_](?:me|this)"
    r"|(?:set|replaced|filled|overridden|injected|provided)[-_]by[-_][a-z]+|app[-_]?version)"
    r"(?:$|[^A-Za-z])",
    re.IGNORECASE,
)


def unknown(text: str) -> bool:
    """Whether a text is, or holds, something that a program fills in."""
    return isinstance(text, Opaque) or _FILLED.search(text) is not None


def to_do(version: str) -> bool:
    """Whether a tag or a revision is a placeholder, be it by its syntax or by its words (`set-by-chartpress`, `CHANGEME`)."""
    return unknown(version) or _TO_DO.search(version) is not None
