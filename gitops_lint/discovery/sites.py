"""Environments that only their repetition tells: `values-summit.yaml` and `values-tucson.yaml`, the same few words in chart after chart.

A word that stands in the place of an environment in many charts' folders is one, whatever it means: a site, a cluster, a customer. Nobody
knows their ranks. Files that share few keys with their neighbours are a tool's, as among `neighbours`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from gitops_lint.blueprint import Blueprint, Source
from gitops_lint.discovery.charts import Charts
from gitops_lint.discovery.content import is_plain, top_keys
from gitops_lint.discovery.ignored import foreign
from gitops_lint.discovery.layering import shared_layers
from gitops_lint.discovery.names import ENV, names_of
from gitops_lint.discovery.naming import distinct, file_names
from gitops_lint.discovery.neighbours import ALIKE, no_environment
from gitops_lint.files import Files
from gitops_lint.model import Evidence, Role
from gitops_lint.settings import Settings

_MANY = 5  # charts that have a word
_NAME = re.compile(r"(?P<before>(?:values|vals)[-_.])(?P<word>[A-Za-z0-9][\w-]*)(?P<after>\.ya?ml)")
Families = dict[str, dict[str, str]]  # by pattern, the path of each word


def find(files: Files, settings: Settings, claimed: set[str]) -> Iterator[Blueprint]:
    """The environments of each chart whose values files have names that other charts' have, too."""
    families = {pattern: alike for pattern, words in _repeated(files, settings, claimed).items() if len(alike := _alike(words, files)) > 1}
    charts = Charts(files)
    roots = [charts.near(pattern.rpartition("/")[0], top_keys(files, next(iter(f.values()))), ()) for pattern, f in families.items()]
    applications = distinct([file_names(pattern, root) for pattern, root in zip(families, roots, strict=True)])
    for application, root, (pattern, words) in zip(applications, roots, families.items(), strict=True):
        below = [Source(path, Role.COMMON) for path in shared_layers(pattern, files, root) if path not in words.values()]
        for word, path in words.items():
            claimed.add(path)
            evidence = Evidence(f"named like `{pattern}`, as in other charts", path=path)
            yield Blueprint(application, word, "", "helm", evidence, (*below, Source(path, Role.OWN)), (), root)


def _repeated(files: Files, settings: Settings, claimed: set[str]) -> Families:
    """The values files whose word is that of many charts, by pattern."""
    names = names_of(settings)
    skip = foreign(names, files)
    families: Families = defaultdict(dict)
    folders: dict[str, set[str]] = defaultdict(set)
    for folder, inside in files.folders.items():
        if f"{folder}/Chart.yaml" not in files or not claimed.isdisjoint(inside):
            continue  # no chart, or one whose environments are known
        for path in inside:
            found = _NAME.fullmatch(path.rpartition("/")[2])
            if found is None or path in claimed or skip(path) or no_environment(found["word"]) or names.short_lived(found["word"]):
                continue
            families[f"{folder}/{found['before']}{ENV}{found['after']}"][found["word"]] = path
            folders[found["word"]].add(folder)
    many = {word for word, where in folders.items() if len(where) >= _MANY}
    kept = {pattern: {word: path for word, path in words.items() if word in many} for pattern, words in sorted(families.items())}
    return {pattern: words for pattern, words in kept.items() if len(words) > 1}


def _alike(words: dict[str, str], files: Files) -> dict[str, str]:
    """Those of a chart's files that share half of their keys with some other of them."""
    keys = {word: top_keys(files, path) for word, path in words.items() if is_plain(files, path)}
    return {
        word: words[word]
        for word, own in keys.items()
        if own and any(len(own & theirs) >= ALIKE * max(len(own), len(theirs)) for other, theirs in keys.items() if other != word)
    }
