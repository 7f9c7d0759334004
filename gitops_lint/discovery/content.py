"""What a file holds, told from its bytes without parsing it."""

from __future__ import annotations

import re

from gitops_lint.files import Files
from gitops_lint.trees.protocol import UnreadableError

_OBJECT = re.compile(rb"""^(?:-[ ]|[ ]{0,4}(?="))?["']?apiVersion["']?[ ]*:""", re.MULTILINE | re.VERBOSE)
_KIND = re.compile(rb"""^(?:-[ ]|[ ]{0,4}(?="))?["']?kind["']?[ ]*:""", re.MULTILINE | re.VERBOSE)
_NAME = re.compile(rb"""^name:[ ]*["']?([\w.\-]+)""", re.MULTILINE)
_DEPENDENCY = re.compile(rb"""^(?:[ ]*-)?[ ]+(?:name|alias):[ ]*["']?([\w.\-]+)""", re.MULTILINE)
_KEY = re.compile(rb"""^["']?([A-Za-z_][\w.\-/]*)["']?[ ]*:(?:[ \t\r\n]|$)""", re.MULTILINE)
_LIST = re.compile(rb"""\s*(?:(?:\#[^\n]*|---[^\n]*|%[^\n]*)\n\s*)*(?:-\s|\[)""", re.VERBOSE)
_COMPOSE = frozenset((b"version", b"name", b"services", b"networks", b"volumes", b"secrets", b"configs", b"include"))
_CONTAINER = re.compile(rb"^[ ]+(?:build|depends_on|env_file|extends|container_name|restart)[ ]*:", re.MULTILINE)
KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")


def is_object(files: Files, path: str) -> bool:
    """Whether a file holds Kubernetes objects: `apiVersion` and `kind` at its left edge, or a kustomization's name."""
    if path.rpartition("/")[2] in KUSTOMIZATIONS:
        return True
    held = _bytes(files, path)
    return b"apiVersion" in held and _OBJECT.search(held) is not None and _KIND.search(held) is not None


def is_plain(files: Files, path: str) -> bool:
    """Whether a file is a mapping, or nothing at all: no Kubernetes object, no list such as a JSON patch, no `KEY=value` lines."""
    if is_object(files, path) or (path.endswith(".env") and not is_mapping(files, path)):
        return False
    return _LIST.match(_bytes(files, path)) is None


def is_compose(files: Files, path: str) -> bool:
    """Whether a file is one of Docker Compose, whatever its name: `services`, and nothing beside but what Compose knows."""
    held = _bytes(files, path)
    if b"services" not in held or not _CONTAINER.search(held):
        return False
    return b"services" in (keys := top_keys(files, path)) and keys <= _COMPOSE


def top_keys(files: Files, path: str) -> frozenset[bytes]:
    """The keys at the left edge of a file."""
    return frozenset(_KEY.findall(_bytes(files, path)))


def is_mapping(files: Files, path: str) -> bool:
    """Whether a file without a telling suffix looks like a YAML mapping."""
    held = _bytes(files, path)
    return b"\0" not in held and not held.startswith((b"#!", b"$ANSIBLE_VAULT")) and _KEY.search(held) is not None


def chart_words(files: Files, path: str) -> tuple[str, frozenset[bytes]]:
    """The `name` in a Chart.yaml, empty if there is none, and the names and aliases of its dependencies."""
    held = _bytes(files, path)
    found = _NAME.search(held)
    return found.group(1).decode() if found else "", frozenset(_DEPENDENCY.findall(held))


def _bytes(files: Files, path: str) -> bytes:
    try:
        return files.data(path)
    except UnreadableError:
        return b""
