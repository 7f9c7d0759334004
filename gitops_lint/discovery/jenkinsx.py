"""Jenkins X 3: the environments that `jx-requirements.yml` lists, each with the releases of its namespace's Helmfile.

Source: jx-api pkg/apis/core/v4beta1/requirements.go: an environment's namespace is `jx-<key>` unless it is given, and `dev` is the
platform itself. `versionStream/` and `config-root/` hold vendored and rendered copies, which nobody reads here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gitops_lint.blueprint import Blueprint, Source
from gitops_lint.discovery.ignored import foreign
from gitops_lint.discovery.names import ENV, names_of
from gitops_lint.discovery.naming import folder_names
from gitops_lint.files import Files
from gitops_lint.model import Evidence, Role, Unverified
from gitops_lint.node import Location, Map, Seq, item_location
from gitops_lint.settings import Settings

NAME = "jx-requirements.yml"
_PLATFORM = "dev"
_HELMFILES = ("helmfile.yaml", "helmfile.yaml.gotmpl")


class Declared(NamedTuple):
    """An environment as it is listed; `remote` says that it is in a repository of its own."""

    key: str
    namespace: str
    remote: bool
    at: Location


def find(files: Files, settings: Settings, claimed: set[str]) -> Iterator[Blueprint]:
    """The environments of this repository that have a Helmfile, one application for each list of them."""
    names = names_of(settings)
    for folder, environments in _lists(files, settings):
        held = {env.key: (env, path) for env in environments for path in _helmfiles(files, folder, env) if not env.remote}
        held = {key: (env, path) for key, (env, path) in held.items() if path not in claimed and not names.short_lived(key)}
        if not held:
            continue
        patterns = {path.rpartition("/")[0].replace(key, ENV) for key, (_, path) in held.items()}
        application = folder_names(patterns.pop() if len(patterns) == 1 else f"{folder}/helmfiles".strip("/"))[0]
        for key, (env, path) in sorted(held.items()) if len(held) > 1 else ():
            claimed.add(path)
            mark = next(iter(names.marks(key)), None)
            evidence = Evidence(f"the Jenkins X environment `{key}`", declared=True, path=env.at.path, line=env.at.line)
            yield Blueprint(application, key, mark.word if mark else "", "manifests", evidence, (Source(path, Role.OWN),))


def declared(files: Files, settings: Settings) -> dict[str, Evidence]:
    """The folders of the environments' namespaces, and their values."""
    out = {}
    for folder, environments in _lists(files, settings):
        for env in environments:
            evidence = Evidence(f"the Jenkins X environment `{env.key}`", declared=True, path=env.at.path, line=env.at.line)
            below = f"{folder}/helmfiles/{env.namespace}" if folder else f"helmfiles/{env.namespace}"
            out.update(dict.fromkeys([below, *files.under(below)] if not env.remote else (), evidence))
    return out


def unverified(files: Files, settings: Settings) -> tuple[Unverified, ...]:
    """The environments that are in repositories of their own."""
    return tuple(
        Unverified(env.at.path, env.at.line, f"the Jenkins X environment `{env.key}` is in another repository", "info")
        for _, environments in _lists(files, settings)
        for env in environments
        if env.remote
    )


def _lists(files: Files, settings: Settings) -> Iterator[tuple[str, list[Declared]]]:
    """The folder of each list of environments, and what is on it, the platform left out."""
    skip = foreign(names_of(settings))
    for path in files.names:
        if path.rpartition("/")[2] == NAME and not skip(path):
            yield path.rpartition("/")[0], [env for env in _listed(files, path) if env.key != _PLATFORM]


def _listed(files: Files, path: str) -> Iterator[Declared]:
    roots = files.document(path).roots
    root = roots[0].value if roots else None
    spec = root.get("spec", root) if isinstance(root, Map) else None
    items = spec.get("environments") if isinstance(spec, Map) else None
    if not isinstance(items, Seq):
        return
    for index, item in enumerate(items):
        key = item.get("key") if isinstance(item, Map) else None
        if isinstance(item, Map) and isinstance(key, str) and key:
            namespace = item.get("namespace")
            remote = item.get("remoteCluster") is True or bool(item.get("gitUrl"))
            yield Declared(key, namespace if isinstance(namespace, str) and namespace else f"jx-{key}", remote, item_location(items, index))


def _helmfiles(files: Files, folder: str, env: Declared) -> list[str]:
    prefix = f"{folder}/" if folder else ""
    return [path for name in _HELMFILES if (path := f"{prefix}helmfiles/{env.namespace}/{name}") in files][:1]
