"""Remote URLs as kustomize, helmfile and go-getter take them: where they lead, and by which revision.

Sources: kustomize api/internal/git/repospec.go (v5.8.1) for repositories, with the revision in `?ref=`; and the forges' own addresses of
single files and archives, which carry it in the path.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qs, unquote

from gitops_lint.pointer import Motion
from gitops_lint.pointers import git_revision, version_range
from gitops_lint.pointers.placeholder import unknown
from gitops_lint.regex import regex

_FORCED = regex(r"(?:git|hg|s3|gcs|http|https|file)::", re.IGNORECASE)
_SCHEME = regex(r"(?:git\+)?([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_SCP = regex(r"(?:[A-Za-z][A-Za-z0-9-]*@[^/:\s]+:|github\.com[:/])", re.IGNORECASE)
_PATH = regex(r":(?!\d{1,5}/)")  # the path of `git@host:path` begins; a port is none
_SUFFIX = regex(r"\.(?:ya?ml|json|tgz|tar\.gz|zip|tar|tpl|txt|gotmpl|jsonnet|libsonnet)$", re.IGNORECASE)
_VERSION_WORD = regex(r"(?:^|[/_-])v?\d+\.\d+(?:\.\d+)?(?=$|[/_.+-])|/v?20\d{6}(?:[-_.][0-9A-Za-z]+)?(?=/)")
_LONGEST = 4096
_REF = r"(?:refs/(?:heads|tags)/)?(?:[^/]+/v\d+\.\d+\.\d+[^/]*|[^/]+)"  # a tag of a module in a folder has a slash

# The addresses of files, by the part of the path that is a revision: a bare name is a branch, a tag or a commit.
_FILES = tuple(
    regex(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<repo>raw\.githubusercontent\.com/[^/]+/[^/]+)/(?P<ref>{_REF})/.+",
        rf"(?P<repo>github\.com/[^/]+/[^/]+)/(?:raw|blob|tree)/(?P<ref>{_REF})(?:/.*)?",
        r"(?P<repo>github\.com/[^/]+/[^/]+)/releases/download/(?P<tag>[^/]+)/.+",
        r"(?P<repo>github\.com/[^/]+/[^/]+)/releases/(?P<newest>latest)/download/.+",
        rf"(?P<repo>github\.com/[^/]+/[^/]+)/archive/(?P<ref>{_REF}?)(?:\.tar\.gz|\.zip)",
        rf"(?P<repo>codeload\.github\.com/[^/]+/[^/]+)/(?:tar\.gz|zip)/(?P<ref>{_REF})",
        r"(?P<repo>gist\.githubusercontent\.com/[^/]+/[^/]+)/raw/(?P<ref>[0-9a-f]{40})/.+",
        r"(?P<repo>gist\.githubusercontent\.com/[^/]+/[^/]+)/raw(?P<newest>)(?:/.*)?",
        r"(?P<repo>[^/]+/.+?)/-/(?:raw|blob|tree|archive)/(?P<ref>[^/]+)(?:/.*)?",
        r"(?P<repo>[^/]+/.+?)/-/releases/(?P<newest>permalink/latest)/downloads/.+",
        r"(?P<repo>[^/]+/.+?)/-/releases/(?P<tag>[^/]+)/downloads/.+",
        r"(?P<repo>bitbucket\.org/[^/]+/[^/]+)/(?:raw|src)/(?P<ref>[^/]+)/.+",
        r"(?P<repo>cdn\.jsdelivr\.net/gh/[^/@]+/[^/@]+)(?:@(?P<ref>[^/]+))?/.+",
    )
)


class Remote(NamedTuple):
    """A remote place: `name` without its revision, the revision as written, and whether that moves."""

    name: str
    revision: str
    motion: Motion
    reason: str


def parse(text: str, *, directory: bool = True) -> Remote | None:
    """Where a URL leads; None for a local path. `directory` says that a URL without a file's ending is cloned, as kustomize does it."""
    forced = _FORCED.match(text)
    bare = text[forced.end() :] if forced else text
    scheme = _SCHEME.match(bare)
    protocol = scheme[1].lower() if scheme else ""
    if len(text) > _LONGEST or protocol == "file" or not (forced or scheme or _SCP.match(bare)):
        return None
    if scheme and protocol == "oci":
        return _artifact(bare[scheme.end() :])
    address, _, query = bare.partition("?")
    name = address[scheme.end() :] if scheme else address
    revision = _queried(query)
    if revision is not None:
        return Remote(_name(name), revision, *git_revision.judge(revision))
    if unknown(name):
        return Remote(_name(name), "", Motion.UNKNOWN, "a placeholder")
    return _file(_without_user(name)) or _plain(name, directory=directory or bool(forced))


def _queried(query: str) -> str | None:
    """The revision that a query names, `ref` before `version`; None for none."""
    values = parse_qs(query)
    found = values.get("ref") or values.get("version")
    return found[0] if found else None


def _file(name: str) -> Remote | None:
    for pattern in _FILES:
        match = pattern.fullmatch(name)
        if match is None:
            continue
        parts = match.groupdict()
        if parts.get("newest") is not None:
            return Remote(match["repo"], parts["newest"], Motion.MOVING, "the newest release" if parts["newest"] else "the newest revision")
        if parts.get("tag"):
            return Remote(match["repo"], parts["tag"], Motion.VERSION, "a release")
        revision = unquote(parts.get("ref") or "")
        return Remote(match["repo"], revision, *git_revision.judge(revision))
    return None


def _plain(name: str, *, directory: bool) -> Remote:
    if _SUFFIX.search(name) or not directory:
        word = _VERSION_WORD.search(name)
        if word:
            return Remote(name, word[0].strip("/_-"), Motion.VERSION, "its path names a version")
        return Remote(name, "", Motion.MOVING, "nothing in it names a version")
    return Remote(_name(name), "", *git_revision.judge(""))


def _artifact(name: str) -> Remote:
    head, at, digest = name.partition("@")
    place, slash, last = head.rpartition("/")
    last, _, tag = last.partition(":")
    if at:
        return Remote(f"oci://{place}{slash}{last}", digest, Motion.DIGEST, "pinned by its digest")
    motion, reason = version_range.judge(tag)
    if tag in ("latest", "main", "master"):
        motion, reason = Motion.MOVING, "a tag that moves"
    return Remote(f"oci://{place}{slash}{last}", tag, motion, reason)


def _name(name: str) -> str:
    """The repository's own name: without user, markers and a trailing slash; the path inside stays apart after `//`."""
    return _without_user(name).replace(".git//", "//").removesuffix("/").removesuffix(".git")


def _without_user(name: str) -> str:
    user, at, rest = name.partition("@")
    return rest if at and "/" not in user else name


def normal(url: str) -> str:
    """A repository's URL in the one form that can be compared: `host/path`, lower case, whatever the protocol (argo-cd util/git/git.go)."""
    forced = _FORCED.match(url)
    rest = url[forced.end() :] if forced else url
    scheme = _SCHEME.match(rest)
    rest = rest[scheme.end() :] if scheme else _PATH.sub("/", rest, count=1)
    return _without_user(rest.partition("?")[0]).lower().strip("/").removesuffix(".git")
