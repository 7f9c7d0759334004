"""Files that SOPS is told to encrypt: those that a creation rule of the nearest `.sops.yaml` names by its path.

SOPS looks for the configuration upwards from the file, and takes the first rule whose `path_regex` is found in the path relative to that
configuration, or that has none (config/config.go, v3.11). A rule without a path names nothing that ought to be encrypted, and one whose
path is that of any YAML file (`.*.yaml`, `clusters/.*.yaml`) says how to encrypt, not what, unless it speaks of secrets
(`secrets/.*.yaml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gitops_lint.files import YAML, Files
from gitops_lint.foreign_pattern import LONGEST, compiled
from gitops_lint.model import Document
from gitops_lint.node import Location, Map, Seq, key_location
from gitops_lint.regex import regex

CONFIG = ".sops.yaml"
_ANY = ("q.yaml", "a/q/z.yaml")  # paths that only a pattern for every file matches all
_OF_SECRETS = regex(r"secret|sops|cred|private|vault|passw|token|crypt|(?<![a-z])enc(?![a-z])", re.IGNORECASE)
_NO_DATA = regex(r"(?:^|/)templates/|\.(?:example|sample|dist)(?:\.|$)|(?:^|/)(?:example|kustomization)[^/]*$", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Guarded:
    """A file that has to be encrypted, and the rule that says so."""

    document: Document
    rule: Location


def guarded(files: Files) -> Iterator[Guarded]:
    """Every YAML or JSON file that a creation rule names; none where the tree has no `.sops.yaml`."""
    configs = {path.removesuffix(CONFIG).rstrip("/"): list(_rules(files.document(path))) for path in files.names if _is_config(path)}
    for path in files.names if configs else ():
        if path.endswith(YAML) and not _is_config(path) and not _NO_DATA.search(path) and len(path) < LONGEST:
            folder = _nearest(path, configs)
            inside = path[len(folder) + 1 :] if folder else path
            at, pattern = next((rule for rule in configs.get(folder or "", ()) if rule[1] is None or rule[1].search(inside)), (None, None))
            if folder is not None and at is not None and pattern is not None and not _whole_folder(pattern, inside):
                yield Guarded(files.document(path), at)


def _whole_folder(pattern: re.Pattern[str], path: str) -> bool:
    """Whether a pattern takes any file at a place, whatever its name is, and says nothing of secrets."""
    folder, slash, name = path.rpartition("/")
    ending = name.rpartition(".")[2]
    return _OF_SECRETS.search(pattern.pattern) is None and all(pattern.search(f"{folder}{slash}{any_}.{ending}") for any_ in ("q", "q/z"))


def _is_config(path: str) -> bool:
    return path.rpartition("/")[2] == CONFIG


def _nearest(path: str, configs: dict[str, list[tuple[Location | None, re.Pattern[str] | None]]]) -> str | None:
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        if folder in configs:
            return folder
    return None


def _rules(config: Document) -> Iterator[tuple[Location | None, re.Pattern[str] | None]]:
    """The rules of a configuration: where each names its files, and how; a rule for all other files has neither."""
    value = config.roots[0].value if config.error is None and config.roots else None
    rules = value.get("creation_rules") if isinstance(value, Map) else None
    for rule in rules if isinstance(rules, Seq) else ():
        expression = rule.get("path_regex") if isinstance(rule, Map) else None
        if expression is None:
            yield None, None
        elif isinstance(expression, str) and (pattern := compiled(expression)) is not None:
            anything = all(pattern.search(path) for path in _ANY)
            yield (None, None) if anything else (key_location(rule, "path_regex"), pattern)
