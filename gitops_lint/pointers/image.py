"""Image references by the grammar of the distribution project.

Source: github.com/distribution/reference v0.6.0, `regexp.go`, `reference.go` (Parse) and `normalize.go` (splitDockerDomain,
ParseNormalizedNamed); the digest's form by github.com/opencontainers/go-digest v1.0.0.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_LABEL = r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)"
_HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])"
_DOMAIN = rf"{_HOST}(?::[0-9]+)?"
_PART = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_REMOTE = rf"{_PART}(?:/{_PART})*"
_TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
_DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"

_REFERENCE = re.compile(rf"((?:{_DOMAIN}/)?{_REMOTE})(?::({_TAG}))?(?:@({_DIGEST}))?")
_NAME = re.compile(rf"(?:({_DOMAIN})/)?({_REMOTE})")
_WHOLE_TAG = re.compile(_TAG)
_IDENTIFIER = re.compile(r"[a-f0-9]{64}")
_HEX_LENGTH = {"sha256": 64, "sha384": 96, "sha512": 128}
_LONGEST_NAME = 255
_LONGEST = 2048  # a name, a tag and a digest need less; what is longer is not tried against the grammar


class ImageError(ValueError):
    """A text that is no image reference; says what is wrong with it, without the text."""


class Image(NamedTuple):
    """An image reference in parts; `domain`, `tag` and `digest` are empty where they were not written."""

    domain: str
    path: str
    tag: str = ""
    digest: str = ""

    @property
    def name(self) -> str:
        """The reference without tag and digest."""
        return f"{self.domain}/{self.path}" if self.domain else self.path

    def __str__(self) -> str:
        return self.name + (f":{self.tag}" if self.tag else "") + (f"@{self.digest}" if self.digest else "")


def parse(text: str) -> Image:
    """The parts of a reference as they are written; raises ImageError."""
    found = _REFERENCE.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        raise ImageError(_complaint(text))
    name, tag, digest = found.groups(default="")
    parts = _NAME.fullmatch(name)
    domain, path = (parts.group(1) or "", parts.group(2)) if parts else ("", name)
    if len(path) > _LONGEST_NAME:
        raise ImageError("its name is longer than 255 characters")
    if digest:
        _check_digest(digest)
    return Image(domain, path, tag, digest)


def normalized(text: str) -> Image:
    """The reference as a container engine completes it (`nginx` is `docker.io/library/nginx`); raises ImageError."""
    if _IDENTIFIER.fullmatch(text):
        raise ImageError("64 hexadecimal digits alone are no name")
    domain, rest = _split(text)
    name = rest.partition(":")[0]
    if name != name.lower():
        raise ImageError("its name has upper-case letters")
    return parse(f"{domain}/{rest}")


def valid_tag(text: str) -> bool:
    """Whether a registry takes the text as a tag."""
    return _WHOLE_TAG.fullmatch(text) is not None


def valid_digest(text: str) -> bool:
    """Whether the text is a digest that a registry can answer: `sha256:` and 64 lower-case hexadecimal digits, or its longer sisters."""
    algorithm, _, value = text.partition(":")
    return len(value) == _HEX_LENGTH.get(algorithm, -1) and re.fullmatch(r"[a-f0-9]+", value) is not None


def _check_digest(digest: str) -> None:
    algorithm, _, value = digest.partition(":")
    length = _HEX_LENGTH.get(algorithm)
    if length is None:
        raise ImageError(f"digests by `{algorithm}` are not supported")
    if len(value) != length:
        raise ImageError(f"its digest has {len(value)} digits instead of {length}")
    if not valid_digest(digest):
        raise ImageError("its digest has upper-case digits")


def _complaint(text: str) -> str:
    if not text:
        return "it is empty"
    if len(text) <= _LONGEST and _REFERENCE.fullmatch(text.lower()):
        return "its name has upper-case letters"
    if "://" in text:
        return "it begins with a scheme"
    if any(mark.isspace() for mark in text):
        return "it holds white space"
    if text.endswith((":", "@")):
        return f"nothing follows its last `{text[-1]}`"
    return "it does not follow the grammar `[host[:port]/]path[:tag][@digest]`"


def _split(text: str) -> tuple[str, str]:
    first, slash, rest = text.partition("/")
    if not slash:
        return "docker.io", f"library/{text}"
    if first == "index.docker.io":
        domain = "docker.io"
    elif first == "localhost" or "." in first or ":" in first or first != first.lower():
        domain = first
    else:
        domain, rest = "docker.io", text
    return domain, f"library/{rest}" if domain == "docker.io" and "/" not in rest else rest
