"""Which files, beyond those that environments are made of, are worth reading: those with pointers in them, and Kubernetes' objects."""

from __future__ import annotations

import re
from functools import lru_cache

from gitops_lint.files import YAML, Files
from gitops_lint.trees.protocol import UnreadableError

_NAMES = re.compile(
    r"(?:^|/)(?:kustomization\.ya?ml|Kustomization|Chart\.(?:yaml|lock)|requirements\.(?:yaml|lock)|helmfile(?:\.d/.*)?\.ya?ml(?:\.gotmpl)?)$"
)
_ELSEWHERE = re.compile(
    r"(?:^|/)(?:[^/]*compose[^/]*\.ya?ml|mkdocs\.yml|(?:node_modules|updatecli|\.chainsaw-test|\.kyverno-test|tests|__tests__|__fixtures__"
    r"|fixtures|golden|e2e|integration-?tests|cypress|src/test|[_.-]*[tT]est[_-]?[dD]ata|[^/]*[._-][tT]ests)/.*)$"
)
_TEMPLATE = re.compile(r"^(?!(?:.*/)?\.kontinuous/)(?:.*/)?templates/")  # of a chart, and no YAML; kontinuous keeps objects there
_MARKS = re.compile(rb"""(?:^|[\s"'{,-])(?:tag|targetRevision|repoURL|newTag)["']?\s*:|^["']?kind["']?\s*:""", re.MULTILINE)
_IMAGE = re.compile(rb"""(?:[iI]mage(?:[tT]ag|_tag)?|_(?:IMAGE|TAG))["']?\s*:""")  # the end of a key, whose beginning is looked for
_BEGUN = re.compile(rb"""(?:\A|[\s"'{,-])[\w-]*\Z""")
_FARTHEST = 100  # bytes of a key before the word that tells
_TRIES = 1000
_KINDS = re.compile(rb"^kind:[ \t]*(\S+)", re.MULTILINE)

_PIPELINE = re.compile(
    r"(?:^|/)(?:\.gitlab-ci(?:\.[\w.-]*ya?ml|/.*\.ya?ml)|\.gitlab/ci/.*\.ya?ml|\.pre-commit-config[\w-]*\.yaml|\.circleci/.*\.ya?ml"
    r"|\.lighthouse/.*\.ya?ml|(?:azure|bitbucket)-pipelines[\w.-]*\.ya?ml|\.drone\.ya?ml|\.travis\.ya?ml|cloudbuild[\w.-]*\.ya?ml"
    r"|\.woodpecker(?:/.*)?\.ya?ml)$"
)
GITHUB = re.compile(r"(?:^|/)(?:\.(?:github|forgejo|gitea)/(?:workflows|actions)/.*|action)\.ya?ml$")


@lru_cache(maxsize=8192)  # asked of one file again and again
def is_pipeline(path: str) -> bool:
    """Whether a file is a pipeline's or a hook's by its place."""
    return _PIPELINE.search(path) is not None or GITHUB.search(path) is not None


def candidate(path: str) -> bool:
    """Whether a file may hold a pointer as far as its name tells."""
    if is_pipeline(path) or _NAMES.search(path):
        return True
    return path.removesuffix(".gotmpl").endswith(YAML) and not _ELSEWHERE.search(path) and not _TEMPLATE.search(path)


def worthwhile(path: str, files: Files) -> bool:
    """Whether a file that no environment is made of is to be read: it can be, and may hold pointers or objects."""
    try:
        return candidate(path) and relevant(path, files.data(path))
    except UnreadableError:
        return False


def relevant(path: str, data: bytes) -> bool:
    """Whether a file may hold a pointer or an object, by its name or by the keys in its bytes, without parsing it.

    Definitions of custom resources are long and generated, and nothing that is deployed.
    """
    if is_pipeline(path) or _NAMES.search(path):
        return True
    return (
        candidate(path) and (_MARKS.search(data) is not None or _named(data)) and set(_KINDS.findall(data)) != {b"CustomResourceDefinition"}
    )


def _named(data: bytes) -> bool:
    """Whether a key ends like one of an image. Of thousands that are none, nobody knows."""
    for number, found in enumerate(_IMAGE.finditer(data)):
        if number >= _TRIES or _BEGUN.search(data[max(0, found.start() - _FARTHEST) : found.start()]):
            return True
    return False
