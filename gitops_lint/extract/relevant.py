"""Which files, beyond those that environments are made of, are worth reading for the pointers in them."""

from __future__ import annotations

import re

from gitops_lint.extract.pipelines import is_pipeline
from gitops_lint.files import YAML

_NAMES = re.compile(
    r"(?:^|/)(?:kustomization\.ya?ml|Kustomization|Chart\.(?:yaml|lock)|requirements\.(?:yaml|lock)|helmfile(?:\.d/.*)?\.ya?ml(?:\.gotmpl)?)$"
)
_ELSEWHERE = re.compile(
    r"(?:^|/)(?:[^/]*compose[^/]*\.ya?ml|skaffold\.ya?ml|mkdocs\.yml|(?:node_modules|testdata|updatecli|\.chainsaw-test)/.*)$"
)
_MARKS = re.compile(
    rb"""(?:^|[\s"'{,-])(?:[\w-]*[iI]mage(?:[tT]ag|_tag)?|[\w-]*_(?:IMAGE|TAG)|tag|targetRevision|repoURL|newTag)["']?\s*:"""
    rb"""|^\s*["']?kind["']?\s*:\s*["']?(?:GitRepository|OCIRepository|HelmRelease|HelmChart)\b""",
    re.MULTILINE,
)


def candidate(path: str) -> bool:
    """Whether a file may hold a pointer as far as its name tells."""
    if is_pipeline(path) or _NAMES.search(path):
        return True
    return path.removesuffix(".gotmpl").endswith(YAML) and not _ELSEWHERE.search(path)


def relevant(path: str, data: bytes) -> bool:
    """Whether a file may hold a pointer, by its name or by the keys in its bytes, without parsing it."""
    return candidate(path) and (is_pipeline(path) or _NAMES.search(path) is not None or _MARKS.search(data) is not None)
